package holt.kernel;

import holt.model.ProblemException;
import holt.model.ProcessState;
import holt.model.RouteUpdate;
import holt.model.Truth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The brain of the cluster: takes one input and the time, changes its own state, and returns what has to be done, in
 * order. No I/O, no clock, no randomness: the same inputs lead to the same effects.
 *
 * <p>One thread owns it. {@link #snapshot} gives that thread a value that it may hand to others. An exception out of
 * {@link #handle} or a {@link Effect.Persist} that failed leaves the brain with beliefs that are not in the truth: make
 * a new one from the store.
 */
public final class Cluster implements Brain {
    /** Far more rounds than any app needs: what does not settle then is a fault in the rules. */
    private static final int MAX_ROUNDS = 1000;

    private static final Duration SMALL_STEP = Duration.ofSeconds(5);
    /** A clock that says more is wrong, and sums with it must not overflow. */
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private final State state;
    private final String epoch;
    private final Endings endings;
    private final Processes processes;
    private final RouteTable routes;
    private final Timers timers = new Timers();
    private final HealthManager health;
    private final Repairs repairs;
    private final Commands commands;
    private final ProcessCommands processCommands;
    private final Descendants descendants;
    private final Rebalancing rebalancing;
    private final Draining draining;

    private @Nullable Instant wakeAsked;
    /** What has to be added to the caller's time so that time never goes back. */
    private Duration skew = Duration.ZERO;

    private final Snapshots snapshots;

    /**
     * A brain that begins with the truth.
     *
     * @param epoch differs for each brain made; routers tell by it that versions count anew
     * @param ids gives the instance ids
     */
    public Cluster(Truth truth, String epoch, ClusterSettings settings, IdSource ids) {
        this.state = new State(truth, settings, ids);
        this.epoch = epoch;
        this.health = state.health;
        Rollout rollout = new Rollout(state);
        this.endings = new Endings(state, rollout);
        this.processes = new Processes(state, rollout, endings);
        this.routes = new RouteTable(epoch);
        this.repairs = new Repairs(state, processes, endings, timers);
        this.snapshots = new Snapshots(state);
        this.rebalancing = new Rebalancing(state, this::snapshot);
        this.draining = new Draining(state, endings);
        this.commands = new Commands(state, rollout, endings, routes, rebalancing, draining);
        this.processCommands = new ProcessCommands(state, endings, commands);
        this.descendants = new Descendants(state, processes, endings, timers);
    }

    /** What has to be done once, before the first input: among it, routers are told and hosts are asked everything. */
    @Override
    public List<Effect> start(Instant now) {
        state.now = now;
        state.began = now;
        health.begin(now, epoch);
        state.replaceNotBefore = health.knowsAllFrom();
        state.slots.values().forEach(this::begin);
        state.hosts.all().forEach(this::rememberLost);
        state.hosts.all().forEach(host -> timers.put(new Timers.OfHost(host.name), health.lookAgainAt(host.name)));
        state.apps.values().forEach(state::touch);
        settleAll();
        publish(routes.begin());
        state.outbox.reply(new Effect.CallHosts(epoch));
        return finish();
    }

    /** What the truth says of a process is believed until its host was heard, or was silent for a lease. */
    private void begin(Slot slot) {
        slot.startingSince = state.now;
        state.trees.touch(slot);
        String hostName = slot.row().host();
        if (hostName == null) {
            return;
        }
        Hosts.Host host = state.hosts.known(hostName, state.now);
        host.place(slot);
        health.intend(slot.row(), slot);
        state.touch(host);
        if (slot.is(ProcessState.STOPPING)) {
            Instant since = slot.row().stateSince();
            Instant counted = since.isBefore(state.now) ? since : state.now; // the clock may have been set back
            slot.drainUntil = counted.plus(state.settings.drainLimit());
        }
    }

    /** A host was lost when all was that stood there; where something came up again, it has spoken since. */
    private void rememberLost(Hosts.Host host) {
        boolean lost = host.slots.values().stream().anyMatch(slot -> slot.is(ProcessState.LOST));
        boolean spoke = host.slots.values().stream()
                .anyMatch(slot -> slot.is(ProcessState.RUNNING) || slot.is(ProcessState.STARTING));
        if (lost && !spoke) {
            host.lose();
            health.rememberLost(host.name);
        }
    }

    /** Takes one input. */
    @Override
    public List<Effect> handle(Input input, Instant at) {
        state.now = forward(at);
        health.at(state.now);
        switch (input) {
            case Input.Command command -> handle(command);
            case Input.ProcessCommand command -> handle(command);
            case Input.HostReported reported -> repairs.act(health.report(reported.report()));
            case Input.ProcessReported reported -> repairs.act(health.report(reported.report()));
            case Input.StartRefused refused -> repairs.refused(refused);
            case Input.RouterReported reported -> state.routers.hear(reported.report(), state);
            case Input.RoutesWanted wanted -> {
                state.outbox.reply(new Effect.AnswerSync(wanted.request(), routes.complete()));
            }
            case Input.Woken woken -> wake();
        }
        state.replaceNotBefore = health.knowsAllFrom();
        rebalancing.goOn();
        draining.goOn();
        settleAll();
        rebalancing.goOn();
        draining.goOn();
        settleAll();
        timers.put(new Timers.OfDrains(), state.hosts.anyDrained() ? draining.lookAgainAt() : null);
        routes.takeUpdate().ifPresent(this::publish);
        return finish();
    }

    /**
     * Time never goes back: a small step back is time that stands still for a moment, a clock that was set back goes on
     * from where it was, so that no delay gets longer.
     */
    private Instant forward(Instant at) {
        Instant shifted = (at.isAfter(LATEST) ? LATEST : at.isBefore(Instant.EPOCH) ? Instant.EPOCH : at).plus(skew);
        if (shifted.plus(SMALL_STEP).isBefore(state.now)) {
            skew = skew.plus(Duration.between(shifted, state.now));
            wakeAsked = null;
        }
        return shifted.isBefore(state.now) ? state.now : shifted;
    }

    private void handle(Input.Command input) {
        long before = state.outbox.lastEventId();
        Effect.Reply reply;
        try {
            Commands.Outcome outcome = commands.handle(input.command());
            reply = new Effect.Reply(input.request(), null, outcome.created(), outcome.version(), before);
        } catch (ProblemException refusal) {
            reply = new Effect.Reply(input.request(), refusal.problem(), false, 0, before);
        }
        state.outbox.reply(reply);
    }

    private void handle(Input.ProcessCommand input) {
        long before = state.outbox.lastEventId();
        Effect.Reply reply;
        try {
            ProcessCommands.Outcome outcome = processCommands.handle(input.command());
            reply = new Effect.Reply(
                    input.request(), null, outcome.created(), 0, before, outcome.pids(), outcome.exit());
        } catch (ProblemException refusal) {
            reply = new Effect.Reply(input.request(), refusal.problem(), false, 0, before);
        }
        state.outbox.reply(reply);
    }

    private void wake() {
        wakeAsked = null;
        for (Timers.Key key : timers.takeDue(state.now)) {
            switch (key) {
                case Timers.OfApp app -> lookAtAll(app.name());
                case Timers.OfProcess process -> state.trees.wake(process.pid());
                case Timers.OfHost host -> {
                    repairs.act(health.silence(host.name()));
                    timers.put(host, health.lookAgainAt(host.name()));
                }
                case Timers.OfActions some -> {}
                case Timers.OfDrains all -> {}
                case Timers.OfRoutes all -> publish(routes.emptyUpdate());
            }
        }
    }

    private void lookAtAll(String name) {
        AppEntry app = state.app(name);
        if (app != null) {
            app.stirAll();
            state.unsettled.add(name);
        }
    }

    private void settleAll() {
        do {
            do {
                while (!state.unsettled.isEmpty()) {
                    settle(state.unsettled.iterator().next());
                }
                descendants.settleAll();
                takeTurns();
            } while (!isSettled());
            List<String> hosts = List.copyOf(state.hostsWithRoom);
            state.hostsWithRoom.clear();
            hosts.forEach(this::offerRoom);
        } while (!isSettled());
        state.actions.explain();
        timers.put(new Timers.OfActions(), state.actions.wakeAt());
    }

    private boolean isSettled() {
        return state.unsettled.isEmpty() && state.trees.isSettled();
    }

    /** Carries out what may be done now; where that changed what is wanted of an app, its plan comes first. */
    private void takeTurns() {
        boolean same = true;
        for (Decision.@Nullable Paced next = state.actions.next();
                next != null;
                next = same ? state.actions.next() : null) {
            same = processes.carryOutTurn(next);
        }
    }

    private void settle(String name) {
        AppEntry app = state.app(name);
        if (app == null) {
            timers.put(new Timers.OfApp(name), null);
            state.unsettled.remove(name);
            return;
        }
        for (int round = 0; round < MAX_ROUNDS; round++) {
            AppSupervisor.Plan plan = AppSupervisor.plan(app, state.settings, state.replaceNotBefore, state.now);
            app.planned(plan.isMixed());
            if (plan.isWhole()) {
                timers.put(new Timers.OfApp(name), plan.wakeAt());
            } else {
                timers.putEarlier(new Timers.OfApp(name), plan.wakeAt());
            }
            if (!carryOut(app, plan)) {
                routes.refresh(app);
                state.unsettled.remove(name);
                return;
            }
        }
        throw new IllegalStateException("The plan of app " + name + " does not come to rest");
    }

    /**
     * What a look at everything would do, though all that happened was planned for: a plan for part of an app that
     * differs from the plan for the whole. Empty as long as this brain is right; it costs a look at all processes.
     */
    List<String> overlooked() {
        List<String> overlooked = new ArrayList<>();
        for (AppEntry app : state.apps.values()) {
            AppSupervisor.Plan plan = AppSupervisor.wholePlan(app, state.settings, state.replaceNotBefore, state.now);
            Instant wakeAt = plan.wakeAt();
            Instant alarm = timers.of(new Timers.OfApp(app.name()));
            plan.decisions().forEach(decision -> overlooked.add(app.name() + ": " + decision));
            if (wakeAt != null && (alarm == null || alarm.isAfter(wakeAt))) {
                overlooked.add(app.name() + ": to be looked at again at " + wakeAt + ", and not at " + alarm);
            }
        }
        return overlooked;
    }

    /**
     * Takes the steps of a plan; one that changes what is wanted makes the rest void. Tells whether any was taken: those
     * that wait for their turn change nothing yet.
     */
    private boolean carryOut(AppEntry app, AppSupervisor.Plan plan) {
        Object wanted = app.row;
        boolean taken = false;
        for (Decision decision : plan.decisions()) {
            taken |= processes.carryOut(app, decision);
            if (app.row != wanted) {
                return true;
            }
        }
        return taken;
    }

    /** Lets processes that wait for room look again, oldest first, as far as the host's room goes. */
    private void offerRoom(String name) {
        Hosts.Host host = state.hosts.find(name);
        if (host == null || !host.isBidding() || !host.takeGain()) {
            return;
        }
        for (long pid : state.waiting.fitting(host)) {
            Slot slot = state.slots.get(pid);
            if (slot != null) {
                endings.unblock(slot);
            }
        }
    }

    /** Where nothing changes for a while, an empty update follows: by its version a router sees what it has missed. */
    private void publish(RouteUpdate update) {
        state.outbox.publish(update);
        timers.put(new Timers.OfRoutes(), state.now.plus(state.settings.routesInterval()));
    }

    private List<Effect> finish() {
        Optional<Instant> earliest = timers.earliest();
        if (earliest.isPresent() && !earliest.get().equals(wakeAsked)) {
            wakeAsked = earliest.get();
            state.outbox.reply(new Effect.WakeAt(wakeAsked.minus(skew)));
        }
        return state.outbox.take();
    }

    /**
     * The present state, for readers on other threads. Only what has changed since the last snapshot is made anew; when
     * nothing has, it is the same one.
     */
    @Override
    public ClusterView snapshot() {
        return snapshots.take();
    }
}
