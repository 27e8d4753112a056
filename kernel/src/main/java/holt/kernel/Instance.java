package holt.kernel;

import holt.model.ProcessState;
import holt.model.Readiness;
import holt.model.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The processes that stand for one index: of the target release, and of others. A part of {@link AppSupervisor}'s plan. */
final class Instance {
    /** The better one stands before the worse: ready, lost while it served, starting, lost, waiting, given up. */
    private static final Comparator<Slot> WORTH =
            Comparator.<Slot>comparingInt(Instance::rank).thenComparingLong(Slot::pid);

    private final AppSupervisor supervisor;
    private final AppEntry app;
    private final int index;
    private final List<Slot> target = new ArrayList<>();
    private final List<Slot> old = new ArrayList<>();

    Instance(AppSupervisor supervisor, AppEntry app, int index) {
        this.supervisor = supervisor;
        this.app = app;
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

    int index() {
        return index;
    }

    /** Whether a process of another release than the target stands here. */
    boolean hasOld() {
        return !old.isEmpty();
    }

    void add(Slot slot) {
        (slot.version() == app.row.targetVersion() ? target : old).add(slot);
    }

    /** Whether the next index has to wait for this one. One that was given up is not waited for. */
    boolean isInTransition() {
        return !target.isEmpty() && target.stream().noneMatch(slot -> slot.isServing() || slot.is(ProcessState.EXITED));
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
        boolean ready =
                others.getFirst().is(ProcessState.RUNNING) && others.getFirst().unready() == null;
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
        gone.forEach(slot -> supervisor.decide(new Decision.Retire(slot.pid())));
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
                if (!slot.isHeldBack()
                        && supervisor.hasCome(slot.row().notBefore())
                        && supervisor.hasCome(slot.placeNotBefore)) {
                    supervisor.decide(new Decision.Place(slot.pid()));
                }
            }
            case STARTING -> {
                if (supervisor.mayReplace() && supervisor.hasCome(startDeadline(slot))) {
                    supervisor.decide(new Decision.TimeOut(slot.pid()));
                }
            }
            case LOST -> {
                if (target.equals(List.of(slot))
                        && !slot.isHeldBack()
                        && supervisor.mayReplace()
                        && supervisor.hasCome(slot.placeNotBefore)) {
                    supervisor.decide(new Decision.Replace(slot.pid()));
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
        return slot.startingSince.plusSeconds(Math.max(0, limit)).plus(supervisor.startMargin());
    }
}
