package holt.kernel;

import holt.model.AfterStop;
import holt.model.AgentRequest;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Process;
import holt.model.ProcessState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How processes leave: out of service, asked to stop, ended by themselves, taken out of the table, each with what is
 * below it. What follows on an end that nobody asked for is the {@link Supervisor}'s. Each step changes the row, the
 * truth and the memory of the host together.
 */
final class Endings {
    private final State state;
    private final Rollout rollout;
    private final Supervisor supervisor;

    Endings(State state, Rollout rollout) {
        this.state = state;
        this.rollout = rollout;
        this.supervisor = new Supervisor(state, rollout, this);
    }

    void retire(Slot slot) {
        switch (slot.row().state()) {
            case WAITING, EXITED, LOST -> remove(slot);
            case STARTING, RUNNING -> {
                endBelow(slot);
                drain(slot);
                beginStop(slot, null);
            }
            case STOPPING -> beginStop(slot, null);
        }
    }

    /**
     * Ends all that goes with a process: every row of it is on its way out at once, so that nobody starts any of them
     * again; they are asked children first. A detached one gets the group's root for its parent.
     */
    void endBelow(Slot root) {
        if (root.children().isEmpty()) {
            return;
        }
        for (Slot slot : state.trees.below(root).reversed()) {
            if (Trees.outlives(slot)) {
                state.trees.reparent(slot, null);
            } else {
                endWithParent(slot);
            }
        }
    }

    private void endWithParent(Slot slot) {
        switch (slot.row().state()) {
            case WAITING, EXITED, LOST -> take(slot);
            case STARTING, RUNNING, STOPPING -> beginStop(slot, null);
        }
    }

    /** It is on its way out from now on; when it is asked to stop is found out by the plan or by the tree. */
    void beginStop(Slot slot, @Nullable AfterStop after) {
        Process row = slot.row();
        boolean fresh = row.state() != ProcessState.STOPPING;
        if (fresh || row.afterStop() != after) {
            state.put(slot, row.stopping(after, null, state.now));
        }
        if (fresh) {
            state.event(slot, Event.PROCESS_STOPPING, slot.label() + " is stopping", Map.of());
        }
    }

    /** A forked process is to end for good, with all below it. Where it has a parent, that one may wait for it. */
    void kill(Slot slot) {
        endBelow(slot);
        boolean awaited = slot.parent != null && !slot.parent.is(ProcessState.STOPPING);
        switch (slot.row().state()) {
            case EXITED -> {}
            case WAITING, LOST -> {
                if (awaited) {
                    disown(slot);
                    unblock(slot);
                    keepEnded(slot, slot.row().crashes(), new Exit(Exit.Reason.STOPPED, -1, "killed", List.of()));
                } else {
                    remove(slot);
                }
            }
            case STARTING, RUNNING -> beginStop(slot, awaited ? AfterStop.KEEP : null);
            case STOPPING -> {
                if (slot.row().afterStop() != null) {
                    beginStop(slot, awaited ? AfterStop.KEEP : null);
                }
            }
        }
    }

    /** A parent's children could not be kept: it ends, after the requests under way, and that is its failure. */
    void fail(Slot parent, String why, int crashesBefore) {
        endBelow(parent);
        drain(parent);
        Exit exit = new Exit(Exit.Reason.CHILDREN_FAILED, -1, why, List.of());
        state.put(parent, Rows.failing(parent.row(), crashesBefore, exit, state.now));
        state.event(parent, Event.PROCESS_STOPPING, parent.label() + " is stopping: " + why, Map.of());
    }

    /** Ends all forked processes of an app that is deleted: a child's pid is higher than its parent's. */
    void abandonForked(AppEntry app) {
        for (Slot slot : List.copyOf(app.forked.descendingMap().values())) {
            abandon(slot);
        }
    }

    /** Takes a process out of the table at once, and has it stopped. */
    void abandon(Slot slot) {
        if (slot.row().host() != null) {
            askToStop(slot);
        }
        remove(slot);
    }

    /** It has ended, and its row stays for whoever asks. */
    void keepEnded(Slot slot, int crashes, Exit exit) {
        slot.note(null);
        state.put(slot, Rows.ended(slot.row(), crashes, exit, state.now));
        if (slot.isForked()) {
            Collection<Slot> siblings = slot.parent == null ? slot.owner.detached.values() : slot.parent.children();
            forgetOldest(siblings);
        }
    }

    private void forgetOldest(Collection<Slot> siblings) {
        int ended = 0;
        Slot oldest = null;
        for (Slot slot : siblings) {
            if (slot.is(ProcessState.EXITED)) {
                ended++;
                boolean older = oldest == null
                        || slot.row().stateSince().isBefore(oldest.row().stateSince());
                oldest = older ? slot : oldest;
            }
        }
        if (oldest != null && ended > state.settings.trees().exitsKept()) {
            remove(oldest);
        }
    }

    /** Where requests may be under way, routers are waited for; where no router is known, the longest time. */
    private void drain(Slot slot) {
        boolean visited = !slot.isForked()
                && slot.is(ProcessState.RUNNING)
                && slot.endpoint() != null
                && !slot.owner.row.routes().isEmpty();
        Set<String> routers = state.routers.live(state.now);
        boolean known = !routers.isEmpty() || !state.now.isBefore(state.began.plus(state.settings.lease()));
        slot.awaitedRouters = visited ? (known ? routers : null) : Set.of();
        slot.othersHeardFrom = visited ? state.allRoutersHeardFrom() : Instant.MIN;
        slot.drainUntil = visited ? state.now.plus(state.settings.drainLimit()) : null;
        slot.note(visited ? "finishing requests under way" : null);
    }

    /** It is through with its requests: now what is below it is stopped, then it. */
    void stop(Slot slot) {
        slot.drainUntil = null;
        slot.ending = true;
        slot.note(null);
        state.touch(slot);
        if (slot.children().isEmpty()) {
            askToStopAtLast(slot);
        } else {
            state.trees.touchBelow(slot);
        }
    }

    /** Nothing that it is waited for is left below it. */
    void askToStopAtLast(Slot slot) {
        slot.stopAsked = true;
        slot.waitedForUntil =
                state.now.plus(state.grace(slot)).plus(state.settings.trees().stopMargin());
        askToStop(slot);
    }

    void askToStop(Slot slot) {
        state.health.stopAsked(slot.pid());
        askToStop(slot.row().host(), slot.pid(), slot.row().incarnation(), state.grace(slot));
    }

    /** Ends what is not in the table. */
    void askToStop(@Nullable String host, long pid, int incarnation) {
        askToStop(host, pid, incarnation, state.settings.stopGrace());
    }

    private void askToStop(@Nullable String host, long pid, int incarnation, Duration grace) {
        state.outbox.ask(host, new AgentRequest.Stop(pid, incarnation, grace.toMillis()));
    }

    void timeOut(Slot slot) {
        askToStop(slot);
        disown(slot);
        ended(
                slot,
                new Exit(
                        Exit.Reason.START_TIMEOUT,
                        -1,
                        "not ready within its start limit, and its host does not say why",
                        List.of()));
    }

    /**
     * The process is no more: asked to, or by itself. One that went along with another, of which the same report told,
     * is through with this place already.
     */
    void ended(Slot slot, Exit exit) {
        if (state.slots.get(slot.pid()) != slot || slot.row().host() == null) {
            return;
        }
        release(slot);
        if (slot.is(ProcessState.STOPPING)) {
            stopped(slot, exit);
        } else if (!slot.isForked() && rollout.isOnTrial(slot) && rollout.isToBlame(exit)) {
            failTrial(slot, exit);
        } else {
            supervisor.afterEnd(slot, exit);
        }
    }

    private void stopped(Slot slot, Exit exit) {
        AfterStop after = slot.row().afterStop();
        if (after == AfterStop.FAIL) {
            Exit why = slot.row().exit();
            supervisor.afterEnd(slot, why == null ? exit : why);
            return;
        }
        state.event(slot, Event.PROCESS_EXITED, slot.label() + " has stopped: " + exit.detail(), Sentences.data(exit));
        follow(slot, after, exit);
    }

    private void follow(Slot slot, @Nullable AfterStop after, Exit exit) {
        if (after == null) {
            remove(slot);
            return;
        }
        switch (after) {
            case KEEP -> keepEnded(slot, slot.row().crashes(), exit);
            case RESTART -> supervisor.startAgain(slot, exit);
            case FAIL -> supervisor.afterEnd(slot, exit);
        }
    }

    /** Its host is lost while it stops. What is meant to come up again is as lost as what was not stopped. */
    void lostWhileStopping(Slot slot) {
        AfterStop after = slot.row().afterStop();
        if (after == null) {
            remove(slot);
        } else if (after == AfterStop.KEEP) {
            disown(slot);
            keepEnded(slot, slot.row().crashes(), silent(slot));
        } else {
            state.put(slot, slot.row().withState(ProcessState.LOST, state.now));
        }
    }

    /** A forked process is not waited for any longer: what may still run is fenced off by its incarnation. */
    void lostForGood(Slot slot) {
        Exit exit = silent(slot);
        disown(slot);
        supervisor.afterEnd(slot, exit);
    }

    static Exit silent(Slot slot) {
        return new Exit(Exit.Reason.UNKNOWN, -1, "its host " + slot.row().host() + " is silent", List.of());
    }

    void failTrial(Slot slot, Exit exit) {
        remove(slot);
        rollout.fail(slot, exit);
    }

    /** Forgets past crashes, so that a process that is held back or was given up is started at once. */
    void forgive(Slot slot) {
        Process row = slot.row();
        boolean heldBack = row.state() == ProcessState.WAITING && row.notBefore() != null;
        if (row.state() == ProcessState.EXITED || heldBack) {
            state.put(slot, Rows.again(row, state.ids.next(), 0, null, row.exit(), state.now));
            slot.note(null);
        }
        slot.placeNotBefore = null;
        slot.forgetRefusals();
        state.touch(slot);
    }

    /** Takes a process out of the table. What may still run is found by its agent's next report and ended. */
    void remove(Slot slot) {
        endBelow(slot);
        take(slot);
    }

    /** Those below it that still stop go on below its parent, which is stopped after them. */
    private void take(Slot slot) {
        disown(slot);
        unblock(slot);
        for (Slot child : List.copyOf(slot.children())) {
            state.trees.reparent(child, slot.parent);
        }
        state.hosts.discount(slot);
        state.trees.unlink(slot);
        state.slots.remove(slot.pid());
        state.health.forget(slot.pid());
        state.actions.forget(slot.pid());
        state.outbox.deleteProcess(slot.pid());
    }

    /** Lets it look for a host again. */
    void unblock(Slot slot) {
        slot.waitsForRoom = false;
        if (state.waiting.remove(slot.pid())) {
            slot.placeNotBefore = null;
        }
        state.touch(slot);
    }

    private void release(Slot slot) {
        Hosts.Host host = state.hosts.find(slot.row().host());
        if (host != null) {
            host.release(slot);
            state.touch(host);
            state.hostsWithRoom.add(host.name);
        }
    }

    void disown(Slot slot) {
        Hosts.Host host = state.hosts.find(slot.row().host());
        if (host != null) {
            host.disown(slot);
            state.touch(host);
        }
    }
}
