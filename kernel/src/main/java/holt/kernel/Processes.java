package holt.kernel;

import holt.model.AgentRequest;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Process;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Readiness;
import holt.model.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    /** Carries out one step of an app's plan; false where it has to wait for its turn. */
    boolean carryOut(AppEntry app, Decision decision) {
        return switch (decision) {
            case Decision.Place place -> placeInTurn(slot(place.pid()));
            case Decision.Replace replace -> {
                Slot slot = slot(replace.pid());
                state.actions.awaitStart(slot, replace, urgency(slot));
                yield false;
            }
            case Decision.Stop stop -> {
                state.actions.awaitStop(slot(stop.pid()), stop);
                yield false;
            }
            case Decision.Create create -> {
                create(app, create.index(), create.version());
                yield true;
            }
            case Decision.Retire retire -> {
                endings.retire(slot(retire.pid()));
                yield true;
            }
            case Decision.TimeOut timeOut -> {
                endings.timeOut(slot(timeOut.pid()));
                yield true;
            }
            case Decision.GoLive live -> {
                rollout.goLive(app, live.version());
                yield true;
            }
        };
    }

    /** Places it when it is its turn, which is now where it had it already; false where it waits. */
    boolean placeInTurn(Slot slot) {
        boolean now = slot.hadItsTurn;
        slot.hadItsTurn = false;
        if (now) {
            place(slot);
        } else {
            state.actions.awaitStart(slot, new Decision.Place(slot.pid()), urgency(slot));
        }
        return now;
    }

    /** Carries out a step whose turn it is; false where it changed what is wanted of the app. */
    boolean carryOutTurn(Decision.Paced decision) {
        return switch (decision) {
            case Decision.Place place -> leavesAppAsItIs(slot(place.pid()), this::place);
            case Decision.Replace replace -> leavesAppAsItIs(slot(replace.pid()), this::replace);
            case Decision.Stop stop -> leavesAppAsItIs(slot(stop.pid()), endings::stop);
        };
    }

    private static boolean leavesAppAsItIs(Slot slot, Consumer<Slot> step) {
        Object wanted = slot.owner.row;
        step.accept(slot);
        return slot.owner.row == wanted;
    }

    private static Turns.Urgency urgency(Slot slot) {
        if (!slot.isForked() && !slot.owner.isCovered()) {
            return Turns.Urgency.NOBODY_SERVES;
        }
        if (slot.owner.move != null) {
            return Turns.Urgency.REBALANCE;
        }
        boolean repair =
                slot.is(ProcessState.LOST) || slot.refusals > 0 || slot.row().incarnation() > 1;
        return repair ? Turns.Urgency.REPAIR : Turns.Urgency.GROWTH;
    }

    private Slot slot(long pid) {
        Slot slot = state.slots.get(pid);
        if (slot == null) {
            throw new IllegalStateException("Decided on pid " + pid + ", which is not in the process table");
        }
        return slot;
    }

    private Slot create(AppEntry app, int index, long version) {
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
        return slot;
    }

    /** Looks for a host and starts it there, or notes why not. */
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
                state.actions.startCameToNothing();
                slot.placeNotBefore = refused.retryAt();
                state.touch(slot);
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
        state.actions.startCameToNothing();
        if (shape.app().isEmpty()) {
            slot.waitsForRoom = true;
        } else {
            slot.placeNotBefore = state.now.plus(NEIGHBOURS_INTERVAL);
        }
        state.waiting.add(slot.pid(), shape);
        slot.note(reason);
        state.touch(slot);
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
        state.health.startAsked(row.pid());
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
                slot.isForked() ? Readiness.none() : release.readiness(),
                slot.isForked() ? List.of() : slot.owner.row.routes(),
                slot.owner.row.supervisorPid(),
                row.fork() == null ? List.of() : row.fork().arguments(),
                release.lifecycle(),
                release.stack());
        state.outbox.ask(row.host(), new AgentRequest.Start(spec));
    }

    /** Starts a second process for an instance whose host is lost, if there is another host for it. */
    private void replace(Slot lost) {
        Need need = needs.of(lost);
        switch (state.hosts.place(need, state.now)) {
            case Scheduler.On on -> {
                create(lost.owner, lost.index(), lost.version()).hadItsTurn = true;
                lost.note("host " + lost.row().host() + " is silent; a replacement is on its way");
            }
            case Scheduler.NoRoom room ->
                waitForRoom(lost, need.shape(), "host " + lost.row().host() + " is silent, and " + room.brief());
            case Scheduler.AllRefused refused -> {
                state.actions.startCameToNothing();
                lost.placeNotBefore = refused.retryAt();
                state.touch(lost);
            }
        }
    }

    /** A process that runs takes requests no longer, or again: routers are told. */
    void readinessChanged(Slot slot, @Nullable String unready) {
        boolean was = slot.unready() == null;
        slot.unready(unready == null ? null : Sentences.brief(unready));
        state.touch(slot);
        if (was == (unready == null)) {
            return;
        }
        String why = unready == null ? " takes requests again" : " takes no requests: " + slot.unready();
        state.event(
                slot,
                unready == null ? Event.PROCESS_READY : Event.PROCESS_UNREADY,
                slot.label() + why,
                unready == null ? Map.of() : Map.of("reason", String.valueOf(slot.unready())));
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
        if (row.state() == ProcessState.LOST) {
            state.trees.touchChildren(slot);
        }
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
        state.trees.touchChildren(slot);
        slot.startingSince = state.now;
        slot.note(null);
        endings.unblock(slot);
        state.put(slot, slot.row().withState(ProcessState.STARTING, state.now));
    }

    void lost(Slot slot) {
        if (slot.is(ProcessState.STOPPING)) {
            endings.lostWhileStopping(slot);
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
        endings.endBelow(slot);
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
        slot.note(host + " would not start it: " + Sentences.brief(reason));
        if (!slot.waitingTold) {
            slot.waitingTold = true;
            state.event(slot, Event.PROCESS_WAITING, slot.label() + " waits: " + slot.note, Map.of("reason", reason));
        }
    }
}
