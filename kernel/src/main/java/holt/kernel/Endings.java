package holt.kernel;

import static holt.kernel.Sentences.seconds;

import holt.model.AgentRequest;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Process;
import holt.model.ProcessState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How processes leave: out of service, asked to stop, ended by themselves, taken out of the table. What follows on an end
 * that nobody asked for is decided by the restart rule. Each step changes the row, the truth and the memory of the host
 * together.
 */
final class Endings {
    private final State state;
    private final Rollout rollout;

    Endings(State state, Rollout rollout) {
        this.state = state;
        this.rollout = rollout;
    }

    void retire(Slot slot) {
        switch (slot.row().state()) {
            case WAITING, EXITED, LOST -> remove(slot);
            case STARTING, RUNNING -> {
                drain(slot);
                state.put(slot, slot.row().withState(ProcessState.STOPPING, state.now));
                state.event(slot, Event.PROCESS_STOPPING, slot.label() + " is stopping", Map.of());
            }
            case STOPPING -> {}
        }
    }

    /** Where requests may be under way, routers are waited for; where no router is known, the longest time. */
    private void drain(Slot slot) {
        boolean visited = slot.is(ProcessState.RUNNING)
                && slot.endpoint() != null
                && !slot.owner.row.routes().isEmpty();
        Set<String> routers = state.routers.live(state.now);
        boolean sure = !routers.isEmpty() || !state.now.isBefore(state.began.plus(state.settings.lease()));
        slot.awaitedRouters = visited ? (sure ? routers : null) : Set.of();
        slot.drainUntil = visited ? state.now.plus(state.settings.drainLimit()) : null;
        slot.note(visited ? "finishing requests under way" : null);
    }

    void stop(Slot slot) {
        slot.drainUntil = null;
        slot.stopAsked = true;
        slot.note(null);
        state.touch(slot.owner);
        askToStop(slot);
    }

    void askToStop(Slot slot) {
        slot.askedAt = state.now;
        askToStop(slot.row().host(), slot.pid(), slot.row().incarnation());
    }

    void askToStop(@Nullable String host, long pid, int incarnation) {
        state.outbox.ask(
                host,
                new AgentRequest.Stop(
                        pid, incarnation, state.settings.stopGrace().toMillis()));
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

    /** The process is no more: asked to, or by itself. */
    void ended(Slot slot, Exit exit) {
        release(slot);
        if (slot.is(ProcessState.STOPPING)) {
            state.event(
                    slot, Event.PROCESS_EXITED, slot.label() + " has stopped: " + exit.detail(), Sentences.data(exit));
            remove(slot);
        } else if (rollout.isOnTrial(slot) && rollout.isToBlame(exit)) {
            failTrial(slot, exit);
        } else {
            crashed(slot, exit);
        }
    }

    void failTrial(Slot slot, Exit exit) {
        remove(slot);
        rollout.fail(slot, exit);
    }

    private void crashed(Slot slot, Exit exit) {
        RestartRule rule = state.settings.restart();
        Process row = slot.row();
        Duration ran =
                row.state() == ProcessState.RUNNING ? Duration.between(row.stateSince(), state.now) : Duration.ZERO;
        int crashes = rule.count(row.crashes(), ran);
        RestartRule.Verdict verdict = rule.after(crashes);
        Map<String, String> data = Sentences.data(exit);
        state.event(
                slot,
                Event.PROCESS_CRASHED,
                slot.label() + " crashed: " + exit.detail() + "; " + Sentences.next(verdict),
                data);
        if (rule.isFlapping(crashes)) {
            flaps(slot, exit, crashes, verdict);
        }
        if (state.slots.containsKey(slot.pid())) {
            follow(slot, exit, crashes, verdict);
        }
    }

    private void flaps(Slot slot, Exit exit, int crashes, RestartRule.Verdict verdict) {
        state.event(
                slot,
                Event.PROCESS_FLAPPING,
                slot.label() + " has crashed " + crashes + " times in a row; " + Sentences.next(verdict),
                Map.of("crashes", Integer.toString(crashes)));
        if (rollout.isBeingTried(slot)) {
            failTrial(slot, exit);
        }
    }

    private void follow(Slot slot, Exit exit, int crashes, RestartRule.Verdict verdict) {
        Process row = slot.row();
        switch (verdict) {
            case RestartRule.Restart restart -> {
                Instant notBefore = restart.delay().isZero() ? null : state.now.plus(restart.delay());
                state.put(slot, Rows.again(row, state.ids.next(), crashes, notBefore, exit, state.now));
                slot.note(
                        (restart.flapping() ? "flapping" : "crashed") + ": next start in " + seconds(restart.delay()));
            }
            case RestartRule.GiveUp up -> {
                state.put(slot, Rows.givenUp(row, crashes, exit, state.now));
                slot.note("given up after " + crashes + " crashes in a row; restart the app to try again");
            }
        }
        slot.askedAt = null;
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
        state.touch(slot.owner);
    }

    /** Takes a process out of the table. What may still run is found by its agent's next report and ended. */
    void remove(Slot slot) {
        disown(slot);
        unblock(slot);
        state.hosts.discount(slot);
        slot.owner.slots.remove(slot.pid());
        state.slots.remove(slot.pid());
        state.outbox.deleteProcess(slot.pid());
        state.touch(slot.owner);
    }

    /** Lets it look for a host again. */
    void unblock(Slot slot) {
        slot.waitsForRoom = false;
        if (state.waiting.remove(slot.pid())) {
            slot.placeNotBefore = null;
        }
        state.touch(slot.owner);
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
