package holt.kernel;

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

/** How processes come up: made, placed, started, ready. Each step changes the row, the truth and the memory of the host together. */
final class Processes {
    /** How often a process looks again that is kept out by its neighbours: they may go where no host gains room. */
    private static final Duration NEIGHBOURS_INTERVAL = Duration.ofSeconds(10);

    private final State state;
    private final Rollout rollout;
    private final Endings endings;
    private final Needs needs;

    Processes(State state, Rollout rollout, Endings endings) {
        this.state = state;
        this.rollout = rollout;
        this.endings = endings;
        this.needs = new Needs(state);
    }

    /** Carries out one step of an app's plan. */
    void carryOut(AppEntry app, Decision decision) {
        switch (decision) {
            case Decision.Create create -> create(app, create.index(), create.version());
            case Decision.Place place -> place(slot(place.pid()));
            case Decision.Replace replace -> replace(slot(replace.pid()));
            case Decision.Retire retire -> endings.retire(slot(retire.pid()));
            case Decision.Stop stop -> endings.stop(slot(stop.pid()));
            case Decision.TimeOut timeOut -> endings.timeOut(slot(timeOut.pid()));
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
        Need need = needs.of(slot);
        switch (state.hosts.place(need, state.now)) {
            case Scheduler.On on -> {
                slot.chosen = on.choice().packed();
                start(slot, release, on.host());
            }
            case Scheduler.NoRoom room -> waitForRoom(slot, need.shape(), room.brief());
            case Scheduler.AllRefused refused -> {
                slot.placeNotBefore = refused.retryAt();
                state.touch(slot.owner);
                if (slot.refusals >= state.settings.refusalLimit() && rollout.isOnTrial(slot)) {
                    endings.failTrial(slot, refusedExit(slot));
                }
            }
        }
    }

    private static Exit refusedExit(Slot slot) {
        String why = slot.note == null ? "every host refused to start it" : slot.note;
        return new Exit(Exit.Reason.START_FAILED, -1, why, List.of());
    }

    private void waitForRoom(Slot slot, Need.Shape shape, String reason) {
        if (shape.app().isEmpty()) {
            slot.waitsForRoom = true;
        } else {
            slot.placeNotBefore = state.now.plus(NEIGHBOURS_INTERVAL);
        }
        state.waiting.add(slot.pid(), shape);
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
        state.waiting.remove(slot.pid());
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
        Need need = needs.of(lost);
        switch (state.hosts.place(need, state.now)) {
            case Scheduler.On on -> {
                create(lost.owner, lost.index(), lost.version());
                lost.note("host " + lost.row().host() + " is silent; a replacement is on its way");
            }
            case Scheduler.NoRoom room ->
                waitForRoom(lost, need.shape(), "host " + lost.row().host() + " is silent, and " + room.brief());
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
        slot.forgetRefusals();
        slot.note(null);
        endings.unblock(slot);
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
        endings.unblock(slot);
        state.put(slot, slot.row().withState(ProcessState.STARTING, state.now));
    }

    void lost(Slot slot) {
        if (slot.is(ProcessState.STOPPING)) {
            endings.remove(slot);
            return;
        }
        slot.note("host " + slot.row().host() + " is silent");
        state.put(slot, slot.row().withState(ProcessState.LOST, state.now));
    }

    /** An agent would not start it: another host is asked, or the same one after a while. */
    void refused(Slot slot, String reason) {
        String host = String.valueOf(slot.row().host());
        Duration delay = state.settings.refusalDelay().multipliedBy(1L << Math.min(slot.refusals, 20));
        Duration limit = state.settings.refusalMaxDelay();
        slot.refusals++;
        Instant until = state.now.plus(delay.compareTo(limit) < 0 ? delay : limit);
        slot.refuse(host, new Need.Refusal(until, Sentences.brief(reason)));
        endings.askToStop(slot);
        endings.disown(slot);
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
}
