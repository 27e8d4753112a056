package holt.kernel;

import holt.model.Process;
import holt.model.ProcessState;
import holt.model.Readiness;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Brings forked processes forward, one at a time, as far as their states and the time allow: placed, given up as too
 * slow, stopped when what is below them is gone, forgotten. Of app's instances it does only the stopping: the rest is
 * the app's plan. Owned by the brain's thread.
 */
final class Descendants {
    private final State state;
    private final Processes processes;
    private final Endings endings;
    private final Timers timers;

    Descendants(State state, Processes processes, Endings endings, Timers timers) {
        this.state = state;
        this.processes = processes;
        this.endings = endings;
        this.timers = timers;
    }

    /** Takes all steps that can be taken now. */
    void settleAll() {
        for (Long pid = state.trees.next(); pid != null; pid = state.trees.next()) {
            timers.put(new Timers.OfProcess(pid), null);
            Slot slot = state.slots.get(pid);
            if (slot != null) {
                settle(slot);
            }
        }
    }

    private void settle(Slot slot) {
        if (slot.is(ProcessState.STOPPING)) {
            stopWhenDue(slot);
        } else if (slot.isForked()) {
            switch (slot.row().state()) {
                case WAITING -> placeWhenDue(slot);
                case STARTING -> {
                    if (hasCome(slot, startDeadline(slot))) {
                        endings.timeOut(slot);
                    }
                }
                case LOST -> replaceWhenDue(slot);
                case EXITED -> {
                    Instant end =
                            slot.row().stateSince().plus(state.settings.trees().exitRetention());
                    if (hasCome(slot, end)) {
                        endings.remove(slot);
                    }
                }
                case RUNNING, STOPPING -> {}
            }
        }
    }

    /** Whether the moment has come; if not, the process is looked at again then. */
    private boolean hasCome(Slot slot, @Nullable Instant moment) {
        if (moment == null || !state.now.isBefore(moment)) {
            return true;
        }
        timers.put(new Timers.OfProcess(slot.pid()), moment);
        return false;
    }

    private Instant startDeadline(Slot slot) {
        return slot.startingSince.plusSeconds(Readiness.DEFAULT_LIMIT_SECONDS).plus(state.settings.startMargin());
    }

    private void placeWhenDue(Slot slot) {
        boolean due = !slot.isHeldBack() && hasCome(slot, slot.row().notBefore()) && hasCome(slot, slot.placeNotBefore);
        if (due && mayStart(slot)) {
            processes.placeInTurn(slot);
        }
    }

    /** No child comes up while its parent is away, nor before its turn. */
    static boolean mayStart(Slot slot) {
        Slot parent = slot.parent;
        if (parent == null) {
            return true;
        }
        boolean there = parent.is(ProcessState.RUNNING) || parent.is(ProcessState.STARTING);
        return there
                && (!parent.keeping().concernsSiblings()
                        || Objects.equals(Supervision.nextToStart(Trees.siblings(parent)), slot.pid()));
    }

    /** While no host is heard it is we who are deaf, and a child follows its parent. */
    private void replaceWhenDue(Slot slot) {
        Slot parent = slot.parent;
        if (parent != null && parent.is(ProcessState.LOST)) {
            return;
        }
        Instant due = state.hosts.anyBidding() ? state.replaceNotBefore : state.now.plus(state.settings.lease());
        if (hasCome(slot, due)) {
            endings.lostForGood(slot);
        }
    }

    private void stopWhenDue(Slot slot) {
        if (slot.stopAsked) {
            Slot parent = slot.parent;
            if (hasCome(slot, slot.waitedForUntil) && parent != null) {
                state.trees.touchAround(parent);
            }
        } else if (mayStop(slot)) {
            endings.askToStopAtLast(slot);
            hasCome(slot, slot.waitedForUntil);
        }
    }

    private boolean mayStop(Slot slot) {
        if (slot.isDraining() || isWaitedForBelow(slot) || Trees.drainsAbove(slot)) {
            return false;
        }
        Process row = slot.row();
        Slot parent = slot.parent;
        return row.afterStop() == null
                || parent == null
                || !parent.keeping().concernsSiblings()
                || Objects.equals(Supervision.nextToStop(Trees.waitedFor(parent, state)), slot.pid());
    }

    private boolean isWaitedForBelow(Slot slot) {
        for (Slot child : slot.children()) {
            if (child.is(ProcessState.STOPPING) && !child.isOverdue(state.now)) {
                return true;
            }
        }
        return false;
    }
}
