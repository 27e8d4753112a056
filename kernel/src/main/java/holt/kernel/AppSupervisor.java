package holt.kernel;

import holt.model.ProcessState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
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
     * @param isMixed whether processes of another release stand somewhere, so that indexes wait for one another
     */
    record Plan(List<Decision> decisions, @Nullable Instant wakeAt, boolean isWhole, boolean isMixed) {
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
    private boolean mixed;

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
        return new Plan(supervisor.decisions, supervisor.wakeAt, whole, supervisor.mixed);
    }

    /** Plans for one app by a look at all of it, whatever has happened since the last plan. */
    static Plan wholePlan(AppEntry app, ClusterSettings settings, Instant replaceNotBefore, Instant now) {
        AppSupervisor supervisor = new AppSupervisor(app, settings, replaceNotBefore, now);
        supervisor.run();
        return new Plan(supervisor.decisions, supervisor.wakeAt, true, supervisor.mixed);
    }

    /**
     * Of an app at rest only those indexes are looked at to which something happened, so that one event costs the same
     * however many instances there are. False where another release is still there: then indexes wait for one another.
     */
    private boolean runWhereStirred() {
        BitSet stirred = app.stirred();
        for (int index = stirred.nextSetBit(0); index >= 0; index = stirred.nextSetBit(index + 1)) {
            Instance instance = new Instance(this, app, index);
            for (Slot slot : app.at(index)) {
                if (slot.isActive()) {
                    instance.add(slot);
                }
                if (slot.isDraining()) {
                    endWhenDrained(slot);
                }
            }
            if (instance.hasOld()) {
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
        mixed = instances.values().stream().anyMatch(Instance::hasOld);
        boolean complete = true;
        boolean busy = instances.headMap(wanted).values().stream().anyMatch(Instance::isInTransition);
        for (int index = 0; index < wanted; index++) {
            Instance instance = instances.computeIfAbsent(index, this::instance);
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
        boolean replaces = instance.hasOld();
        boolean makes = instance.lacksTarget() && (!replaces || !busy);
        if (makes) {
            decisions.add(new Decision.Create(instance.index(), app.row.targetVersion()));
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
                instances.computeIfAbsent(slot.index(), this::instance).add(slot);
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
        if (until == null || (drained && hasCome(slot.othersHeardFrom)) || !now.isBefore(until)) {
            decisions.add(new Decision.Stop(slot.pid()));
        } else {
            wakeBy(until);
        }
    }

    private Instance instance(int index) {
        return new Instance(this, app, index);
    }

    void decide(Decision decision) {
        decisions.add(decision);
    }

    Duration startMargin() {
        return settings.startMargin();
    }

    /** Whether enough is known of the hosts to do without what was there; if not, the plan is made again then. */
    boolean mayReplace() {
        return hasCome(replaceNotBefore);
    }

    private void wakeBy(Instant moment) {
        if (wakeAt == null || moment.isBefore(wakeAt)) {
            wakeAt = moment;
        }
    }

    /** Whether the moment has come; if not, the plan asks to be made again then. */
    boolean hasCome(@Nullable Instant moment) {
        if (moment == null || !now.isBefore(moment)) {
            return true;
        }
        wakeBy(moment);
        return false;
    }
}
