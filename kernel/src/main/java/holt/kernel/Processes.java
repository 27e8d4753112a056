package holt.kernel;

import static holt.kernel.Sentences.seconds;

import holt.model.AgentRequest;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Process;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The steps of a process's life: each changes its row, the truth and the memory of its host together. */
final class Processes {
    private final State state;
    private final Rollout rollout;

    Processes(State state, Rollout rollout) {
        this.state = state;
        this.rollout = rollout;
    }

    /** Carries out one step of an app's plan. */
    void carryOut(AppEntry app, Decision decision) {
        switch (decision) {
            case Decision.Create create -> create(app, create.index(), create.version());
            case Decision.Place place -> place(slot(place.pid()));
            case Decision.Replace replace -> replace(slot(replace.pid()));
            case Decision.Retire retire -> retire(slot(retire.pid()));
            case Decision.Stop stop -> stop(slot(stop.pid()));
            case Decision.TimeOut timeOut -> timeOut(slot(timeOut.pid()));
            case Decision.GoLive live -> rollout.goLive(app, live.version());
        }
    }

    private Slot slot(long pid) {
        Slot slot = state.slots.get(pid);
        if (slot == null) {
            throw new IllegalStateException("Decided on pid " + pid + ", which is not in the process table");
        }
        return slot;
    }

    private void create(AppEntry app, int index, long version) {
        Process row = new Process(
                state.nextPid(),
                app.row.supervisorPid(),
                app.name(),
                index,
                version,
                1,
                state.ids.next(),
                ProcessState.WAITING,
                null,
                null,
                0,
                0,
                null,
                state.now,
                state.now,
                null);
        Slot slot = state.add(app, row);
        state.put(slot, row);
    }

    private void place(Slot slot) {
        Release release = slot.owner.releases.get(slot.version());
        if (release == null) {
            slot.waitsForRoom = true;
            slot.note("release " + slot.version() + " is not known");
            return;
        }
        switch (Scheduler.place(need(slot), state.hosts.bids(), state.now)) {
            case Scheduler.On on -> start(slot, release, state.hosts.known(on.host(), state.now));
            case Scheduler.NoRoom room -> waitForRoom(slot, room.reason());
            case Scheduler.AllRefused refused -> {
                slot.placeNotBefore = refused.retryAt();
                state.touch(slot.owner);
                if (slot.refusals >= state.settings.refusalLimit() && rollout.isOnTrial(slot)) {
                    failTrial(slot, refusedExit(slot));
                }
            }
        }
    }

    private static Scheduler.Need need(Slot slot) {
        return new Scheduler.Need(slot.memoryBytes, slot.owner.countByHost(), slot.refusedBy);
    }

    private static Exit refusedExit(Slot slot) {
        String why = slot.note == null ? "every host refused to start it" : slot.note;
        return new Exit(Exit.Reason.START_FAILED, -1, why, List.of());
    }

    private void waitForRoom(Slot slot, String reason) {
        slot.waitsForRoom = true;
        state.waiting.add(slot.pid());
        slot.note(reason);
        state.touch(slot.owner);
        if (!slot.waitingTold && slot.is(ProcessState.WAITING)) {
            slot.waitingTold = true;
            state.event(slot, Event.PROCESS_WAITING, slot.label() + " waits: " + reason, Map.of("reason", reason));
        }
    }

    private void start(Slot slot, Release release, Hosts.Host host) {
        slot.waitingTold = false;
        slot.placeNotBefore = null;
        slot.startingSince = state.now;
        slot.note(null);
        host.place(slot);
        state.touch(host);
        state.put(slot, Rows.placed(slot.row(), host.name, state.now));
        state.event(slot, Event.PROCESS_STARTING, slot.label() + " is starting on " + host.name, Map.of());
        askToStart(slot, release);
    }

    /** Asks once more, where the first request may have been lost. */
    void askToStart(Slot slot) {
        Release release = slot.owner.releases.get(slot.version());
        if (release != null) {
            askToStart(slot, release);
        }
    }

    private void askToStart(Slot slot, Release release) {
        Process row = slot.row();
        slot.askedAt = state.now;
        ProcessSpec spec = new ProcessSpec(
                row.pid(),
                row.ppid(),
                row.incarnation(),
                row.instanceId(),
                row.app(),
                row.index(),
                row.version(),
                release.droplet(),
                release.command(),
                release.environment(),
                release.limits(),
                release.readiness(),
                slot.owner.row.routes());
        state.outbox.ask(row.host(), new AgentRequest.Start(spec));
    }

    /** Starts a second process for an instance whose host is lost, if there is another host for it. */
    private void replace(Slot lost) {
        switch (Scheduler.place(need(lost), state.hosts.bids(), state.now)) {
            case Scheduler.On on -> {
                create(lost.owner, lost.index(), lost.version());
                lost.note("host " + lost.row().host() + " is silent; a replacement is on its way");
            }
            case Scheduler.NoRoom room ->
                waitForRoom(lost, "host " + lost.row().host() + " is silent, and " + room.reason());
            case Scheduler.AllRefused refused -> lost.placeNotBefore = refused.retryAt();
        }
    }

    /** The process is ready; for one that was ready before, perhaps at another address. */
    void ready(Slot slot, ProcessReport report) {
        Process row = slot.row();
        boolean known = row.state() == ProcessState.RUNNING
                && Objects.equals(row.address(), report.address())
                && row.port() == report.port();
        if (known) {
            return;
        }
        boolean first = row.state() == ProcessState.STARTING;
        slot.ran = true;
        slot.refusals = 0;
        slot.refusedBy.clear();
        slot.note(null);
        unblock(slot);
        state.put(slot, Rows.ready(row, report.address(), report.port(), state.now));
        if (first) {
            state.event(
                    slot,
                    Event.PROCESS_RUNNING,
                    slot.label() + " is running on " + row.host(),
                    Map.of("address", report.address() + ":" + report.port()));
        }
    }

    /** Its host is back, and it is still on its way up. */
    void startsAgain(Slot slot) {
        slot.startingSince = state.now;
        slot.note(null);
        unblock(slot);
        state.put(slot, slot.row().withState(ProcessState.STARTING, state.now));
    }

    void lost(Slot slot) {
        if (slot.is(ProcessState.STOPPING)) {
            remove(slot);
            return;
        }
        slot.note("host " + slot.row().host() + " is silent");
        state.put(slot, slot.row().withState(ProcessState.LOST, state.now));
    }

    private void retire(Slot slot) {
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

    private void stop(Slot slot) {
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

    private void timeOut(Slot slot) {
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

    /** An agent would not start it: another host is asked, or the same one after a while. */
    void refused(Slot slot, String reason) {
        String host = String.valueOf(slot.row().host());
        Duration delay = state.settings.refusalDelay().multipliedBy(1L << Math.min(slot.refusals, 20));
        Duration limit = state.settings.refusalMaxDelay();
        slot.refusals++;
        slot.refusedBy.put(host, state.now.plus(delay.compareTo(limit) < 0 ? delay : limit));
        askToStop(slot);
        disown(slot);
        state.put(
                slot,
                Rows.again(
                        slot.row(),
                        state.ids.next(),
                        slot.row().crashes(),
                        null,
                        slot.row().exit(),
                        state.now));
        slot.askedAt = null;
        slot.note(host + " would not start it: " + Sentences.brief(reason));
        if (!slot.waitingTold) {
            slot.waitingTold = true;
            state.event(slot, Event.PROCESS_WAITING, slot.label() + " waits: " + slot.note, Map.of("reason", reason));
        }
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

    private void failTrial(Slot slot, Exit exit) {
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
        slot.refusedBy.clear();
        state.touch(slot.owner);
    }

    /** Takes a process out of the table. What may still run is found by its agent's next report and ended. */
    void remove(Slot slot) {
        disown(slot);
        unblock(slot);
        slot.owner.slots.remove(slot.pid());
        state.slots.remove(slot.pid());
        state.outbox.deleteProcess(slot.pid());
        state.touch(slot.owner);
    }

    /** Lets it look for a host again. */
    void unblock(Slot slot) {
        slot.waitsForRoom = false;
        state.waiting.remove(slot.pid());
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

    private void disown(Slot slot) {
        Hosts.Host host = state.hosts.find(slot.row().host());
        if (host != null) {
            host.disown(slot);
            state.touch(host);
        }
    }
}
