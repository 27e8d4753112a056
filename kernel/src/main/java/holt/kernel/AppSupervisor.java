package holt.kernel;

import holt.model.ProcessState;
import holt.model.Readiness;
import holt.model.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares what an app is wanted to be with what it is and says the next steps: a pure function of the app, its
 * processes and the time. Taking the steps and asking again leads, without faults, to an empty plan.
 *
 * <p>A release replaces another one index by index: the new process first, the old one out of service when the new one
 * is ready, then the next index. An index nobody serves is brought up at once. The same walk leads back when a release
 * failed: then the target is the release that served before.
 */
final class AppSupervisor {

    /**
     * What to do now, and when to ask again though nothing has happened.
     *
     * @param isWhole whether it looked at all indexes; else at those to which something happened
     */
    record Plan(List<Decision> decisions, @Nullable Instant wakeAt, boolean isWhole) {
        Plan {
            decisions = List.copyOf(decisions);
        }
    }

    private final AppEntry app;
    private final ClusterSettings settings;
    private final Instant replaceNotBefore;
    private final Instant now;
    private final List<Decision> decisions = new ArrayList<>();
    private @Nullable Instant wakeAt;

    private AppSupervisor(AppEntry app, ClusterSettings settings, Instant replaceNotBefore, Instant now) {
        this.app = app;
        this.settings = settings;
        this.replaceNotBefore = replaceNotBefore;
        this.now = now;
    }

    /**
     * Plans for one app.
     *
     * @param replaceNotBefore before this moment lost processes are not replaced: too little is known of the hosts
     */
    static Plan plan(AppEntry app, ClusterSettings settings, Instant replaceNotBefore, Instant now) {
        AppSupervisor supervisor = new AppSupervisor(app, settings, replaceNotBefore, now);
        boolean whole = !app.isAtRest() || !supervisor.runWhereStirred();
        if (whole) {
            supervisor.run();
        }
        return new Plan(supervisor.decisions, supervisor.wakeAt, whole);
    }

    /**
     * Of an app at rest only those indexes are looked at to which something happened, so that one event costs the same
     * however many instances there are. False where another release is still there: then indexes wait for one another.
     */
    private boolean runWhereStirred() {
        BitSet stirred = app.stirred();
        for (int index = stirred.nextSetBit(0); index >= 0; index = stirred.nextSetBit(index + 1)) {
            Instance instance = new Instance(index);
            for (Slot slot : app.at(index)) {
                if (slot.isActive()) {
                    instance.add(slot);
                } else if (slot.isDraining()) {
                    endWhenDrained(slot);
                }
            }
            if (!instance.old.isEmpty()) {
                decisions.clear();
                wakeAt = null;
                return false;
            }
            if (index >= app.row.instances()) {
                instance.retireAll();
            } else {
                bringUp(instance, false);
            }
        }
        if (app.row.isRolling() && isComplete()) {
            decisions.add(new Decision.GoLive(app.row.targetVersion()));
        }
        return true;
    }

    private boolean isComplete() {
        for (int index = 0; index < app.row.instances(); index++) {
            if (!isOnTarget(app.at(index))) {
                return false;
            }
        }
        return true;
    }

    private boolean isOnTarget(Slot[] slots) {
        for (Slot slot : slots) {
            if (slot.is(ProcessState.RUNNING) && slot.version() == app.row.targetVersion()) {
                return true;
            }
        }
        return false;
    }

    private void run() {
        app.slots.values().stream().filter(Slot::isDraining).forEach(this::endWhenDrained);
        NavigableMap<Integer, Instance> instances = instances();
        int wanted = app.row.started() && app.row.targetVersion() > 0 ? app.row.instances() : 0;
        instances.tailMap(wanted, true).descendingMap().values().forEach(Instance::retireAll);
        if (!app.row.started()) {
            app.detached.values().stream()
                    .filter(slot -> !slot.is(ProcessState.STOPPING))
                    .forEach(slot -> decisions.add(new Decision.Retire(slot.pid())));
        }
        if (wanted == 0) {
            goLiveWithoutInstances();
            return;
        }
        boolean complete = true;
        boolean busy = instances.headMap(wanted).values().stream().anyMatch(Instance::isInTransition);
        for (int index = 0; index < wanted; index++) {
            Instance instance = instances.computeIfAbsent(index, Instance::new);
            busy |= bringUp(instance, busy);
            complete &= instance.isOnTarget();
        }
        if (complete && app.row.isRolling()) {
            decisions.add(new Decision.GoLive(app.row.targetVersion()));
        }
    }

    /** What one index needs. Tells whether a second process is made for it, for which the next index waits. */
    private boolean bringUp(Instance instance, boolean busy) {
        instance.settleOld();
        instance.settleTarget();
        boolean replaces = !instance.old.isEmpty();
        boolean makes = instance.lacksTarget() && (!replaces || !busy);
        if (makes) {
            decisions.add(new Decision.Create(instance.index, app.row.targetVersion()));
        }
        instance.advance();
        return makes && replaces;
    }

    /** With no instance wanted there is nothing that could show whether the release comes up. */
    private void goLiveWithoutInstances() {
        if (app.row.started() && app.row.isRolling() && app.row.targetVersion() > 0) {
            decisions.add(new Decision.GoLive(app.row.targetVersion()));
        }
    }

    private NavigableMap<Integer, Instance> instances() {
        NavigableMap<Integer, Instance> instances = new TreeMap<>();
        for (Slot slot : app.slots.values()) {
            if (slot.isActive()) {
                instances.computeIfAbsent(slot.index(), Instance::new).add(slot);
            }
        }
        return instances;
    }

    private void endWhenDrained(Slot slot) {
        Instant until = slot.drainUntil;
        boolean drained = slot.awaitedRouters != null && slot.awaitedRouters.isEmpty();
        if (slot.awaitsStop) {
            return;
        }
        if (until == null || drained || !now.isBefore(until)) {
            decisions.add(new Decision.Stop(slot.pid()));
        } else {
            wakeBy(until);
        }
    }

    private void wakeBy(Instant moment) {
        if (wakeAt == null || moment.isBefore(wakeAt)) {
            wakeAt = moment;
        }
    }

    /** Whether the moment has come; if not, the plan asks to be made again then. */
    private boolean hasCome(@Nullable Instant moment) {
        if (moment == null || !now.isBefore(moment)) {
            return true;
        }
        wakeBy(moment);
        return false;
    }

    /** The processes that stand for one index: of the target release, and of others. */
    private final class Instance {
        /** The better one stands before the worse: ready, lost while it served, starting, lost, waiting, given up. */
        private static final Comparator<Slot> WORTH =
                Comparator.<Slot>comparingInt(Instance::rank).thenComparingLong(Slot::pid);

        private final int index;
        private final List<Slot> target = new ArrayList<>();
        private final List<Slot> old = new ArrayList<>();

        Instance(int index) {
            this.index = index;
        }

        private static int rank(Slot slot) {
            return switch (slot.row().state()) {
                case RUNNING -> 0;
                case STARTING -> 2;
                case LOST -> slot.ran ? 1 : 3;
                case WAITING -> 4;
                case EXITED, STOPPING -> 5;
            };
        }

        void add(Slot slot) {
            (slot.version() == app.row.targetVersion() ? target : old).add(slot);
        }

        /** Whether the next index has to wait for this one. One that was given up is not waited for. */
        boolean isInTransition() {
            return !target.isEmpty()
                    && target.stream().noneMatch(slot -> slot.isServing() || slot.is(ProcessState.EXITED));
        }

        /** Whether a process of the target has to be made; for one that moves to a better host, a second one. */
        boolean lacksTarget() {
            return target.isEmpty() || (target.size() == 1 && isLeaving(target.getFirst()));
        }

        private boolean isLeaving(Slot slot) {
            RebalancePlan.Move move = app.move;
            return move != null && move.pid() == slot.pid() && slot.is(ProcessState.RUNNING);
        }

        /** The one that leaves stays until another is ready. */
        private void settleMove(Slot leaving) {
            List<Slot> others = new ArrayList<>(target);
            others.remove(leaving);
            boolean ready = others.getFirst().is(ProcessState.RUNNING);
            List<Slot> surplus = new ArrayList<>(others.subList(1, others.size()));
            if (ready) {
                surplus.add(leaving);
            }
            retire(surplus);
        }

        boolean isOnTarget() {
            return old.isEmpty() && target.stream().anyMatch(slot -> slot.is(ProcessState.RUNNING));
        }

        void retireAll() {
            retire(target);
            retire(old);
        }

        /** Of other releases at most one process stays, and only until one of the target is ready. */
        void settleOld() {
            if (old.isEmpty()) {
                return;
            }
            old.sort(Comparator.<Slot>comparingInt(slot -> slot.isServing() ? 0 : 1)
                    .thenComparingInt(slot -> slot.version() == app.row.liveVersion() ? 0 : 1)
                    .thenComparing(WORTH));
            boolean served = target.stream().anyMatch(slot -> slot.is(ProcessState.RUNNING));
            retire(old.subList(served || !isOfUse(old.getFirst()) ? 0 : 1, old.size()));
        }

        private boolean isOfUse(Slot slot) {
            return app.releases.containsKey(slot.version())
                    && (slot.isServing() || slot.version() == app.row.liveVersion());
        }

        /** Two may stand for one index only while the one's host is lost and the other is not ready yet. */
        void settleTarget() {
            if (target.size() < 2) {
                return;
            }
            target.sort(WORTH);
            Slot leaving = target.stream().filter(this::isLeaving).findFirst().orElse(null);
            if (leaving != null) {
                settleMove(leaving);
                return;
            }
            boolean ready = target.getFirst().is(ProcessState.RUNNING);
            List<Slot> lost = target.stream()
                    .filter(slot -> slot.is(ProcessState.LOST))
                    .limit(1)
                    .toList();
            List<Slot> others = target.stream()
                    .filter(slot -> !slot.is(ProcessState.LOST))
                    .limit(1)
                    .toList();
            List<Slot> surplus = new ArrayList<>(target);
            surplus.removeAll(others);
            if (!ready) {
                surplus.removeAll(lost);
            }
            retire(surplus);
        }

        private void retire(List<Slot> slots) {
            List<Slot> gone = List.copyOf(slots);
            gone.forEach(slot -> decisions.add(new Decision.Retire(slot.pid())));
            old.removeAll(gone);
            target.removeAll(gone);
        }

        /** What the processes that stay need to become ready. */
        void advance() {
            target.forEach(this::advance);
            old.forEach(this::advance);
        }

        private void advance(Slot slot) {
            switch (slot.row().state()) {
                case WAITING -> {
                    if (!slot.isHeldBack() && hasCome(slot.row().notBefore()) && hasCome(slot.placeNotBefore)) {
                        decisions.add(new Decision.Place(slot.pid()));
                    }
                }
                case STARTING -> {
                    if (hasCome(replaceNotBefore) && hasCome(startDeadline(slot))) {
                        decisions.add(new Decision.TimeOut(slot.pid()));
                    }
                }
                case LOST -> {
                    if (target.equals(List.of(slot))
                            && !slot.isHeldBack()
                            && hasCome(replaceNotBefore)
                            && hasCome(slot.placeNotBefore)) {
                        decisions.add(new Decision.Replace(slot.pid()));
                    }
                }
                case RUNNING, STOPPING, EXITED -> {}
            }
        }

        private Instant startDeadline(Slot slot) {
            Release release = app.releases.get(slot.version());
            int limit = release == null
                    ? Readiness.DEFAULT_LIMIT_SECONDS
                    : release.readiness().limitSeconds();
            return slot.startingSince.plusSeconds(Math.max(0, limit)).plus(settings.startMargin());
        }
    }
}
