package holt.simulator;

import holt.kernel.Brain;
import holt.kernel.ClusterView;
import holt.kernel.Effect;
import holt.kernel.Input;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.AppCommand;
import holt.model.Change;
import holt.model.ProcessCommand;
import holt.model.RouteUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The shell around the cluster's brain, as the controller's ControlLoop is one: what has come together makes a round, its
 * changes are one commit, and only then are other effects carried out. After a commit that failed the brain is made anew
 * from the store. Unlike the real one it can be made to end at the worst moments. Owned by the simulation's thread.
 */
final class SimulatedController {
    private static final int MAX_ROUND = 256;
    private static final long RELOAD_PAUSE_MILLIS = 1000;
    private static final long PATIENCE_MILLIS = 10_000;
    /** The real loop looks at its clock at least so often. */
    private static final long LONGEST_WAIT_MILLIS = 1000;

    /** Where in a round the controller ends. */
    enum End {
        AT_ONCE,
        BEFORE_COMMIT,
        AFTER_COMMIT
    }

    private final World world;
    private final Dice dice;
    private final Clock clock;
    private final ArrayDeque<Input> inputs = new ArrayDeque<>();
    private final Map<Long, AppCommand> asked = new HashMap<>();
    private final Map<Long, ProcessCommand> askedOfProcesses = new HashMap<>();
    private final Map<Long, Consumer<RouteUpdate>> syncs = new HashMap<>();
    private @Nullable Brain brain;
    private @Nullable Instant wakeAt;
    private @Nullable End end;
    private long awayMillis;
    private int lives;
    private int epochs;
    private long requests;
    private long ids;
    private long busyUntil;
    private boolean roundPlanned;
    private boolean reloading;
    /** Whether anything was committed since the brain was made: if not, making it anew at once helps nobody. */
    private boolean committedSinceReload;

    SimulatedController(World world) {
        this.world = world;
        this.dice = world.dice(1);
        this.clock = new Clock(world.agenda);
    }

    Clock clock() {
        return clock;
    }

    /** Whether commands can be given at present. */
    boolean decides() {
        return brain != null && !reloading;
    }

    @Nullable
    Brain brain() {
        return brain;
    }

    @Nullable
    ClusterView view() {
        return brain == null ? null : brain.snapshot();
    }

    void start() {
        lives++;
        end = null;
        reloading = true;
        reload(lives);
    }

    private void reload(int life) {
        if (life != lives) {
            return;
        }
        try {
            Brain fresh =
                    world.parts.brain(world.store.truth(), "epoch-" + ++epochs, world.settings, () -> "id-" + ++ids);
            brain = fresh;
            world.pace.began();
            world.vigil.began();
            wakeAt = null;
            committedSinceReload = false;
            carryOut(guarded(() -> fresh.start(clock.now())));
            reloading = false;
            world.checks.restarted();
            planRound(0);
        } catch (StoreRefused refusal) {
            world.say("the controller cannot load: %s", refusal.getMessage());
            world.agenda.after(RELOAD_PAUSE_MILLIS, () -> reload(life));
        }
    }

    /** The controller ends at once or in its next round that commits something, and is back after a while. */
    void end(End where, long forMillis) {
        awayMillis = forMillis;
        if (where == End.AT_ONCE || !decides()) {
            die();
        } else {
            end = where;
        }
    }

    private void die() {
        world.say("the controller ends");
        lives++;
        brain = null;
        end = null;
        reloading = false;
        inputs.clear();
        syncs.clear();
        giveUpCommands();
        world.agenda.after(awayMillis, new Runnable() {
            private final int life = lives;

            @Override
            public void run() {
                if (life == lives) {
                    world.say("the controller is back");
                    start();
                }
            }
        });
    }

    /** Nobody was told what these came to. */
    private void giveUpCommands() {
        asked.values().forEach(command -> world.expectations.uncertain(command.app()));
        asked.clear();
        askedOfProcesses.clear();
    }

    void receive(Input input) {
        if (brain != null) {
            inputs.add(input);
            world.pace.told(input);
            world.vigil.told(input);
            planRound(0);
        }
    }

    void command(AppCommand command) {
        if (decides()) {
            long id = ++requests;
            asked.put(id, command);
            receive(new Input.Command(id, command));
        }
    }

    void command(ProcessCommand command) {
        if (decides()) {
            long id = ++requests;
            askedOfProcesses.put(id, command);
            receive(new Input.ProcessCommand(id, command));
        }
    }

    void routesWanted(Consumer<RouteUpdate> caller) {
        if (brain != null) {
            long id = ++requests;
            syncs.put(id, caller);
            receive(new Input.RoutesWanted(id));
        }
    }

    private void planRound(long delay) {
        if (!roundPlanned && !reloading) {
            roundPlanned = true;
            world.agenda.at(Math.max(busyUntil, world.agenda.now() + delay), this::round);
        }
    }

    private void round() {
        roundPlanned = false;
        Brain present = brain;
        if (present == null || reloading) {
            return;
        }
        Instant now = clock.now();
        List<Effect> effects = new ArrayList<>();
        int count = 0;
        for (Input next = inputs.poll(); next != null; next = count < MAX_ROUND ? inputs.poll() : null) {
            count++;
            world.trace.input(next);
            effects.addAll(handle(present, next, now));
        }
        if (wakeAt != null && !now.isBefore(wakeAt)) {
            wakeAt = null;
            effects.addAll(handle(present, new Input.Woken(), now));
        }
        try {
            finish(effects);
        } catch (StoreRefused refusal) {
            recover(refusal);
        }
        if (!inputs.isEmpty()) {
            planRound(0);
        }
    }

    private List<Effect> handle(Brain present, Input input, Instant now) {
        return guarded(() -> present.handle(input, now));
    }

    /** In the real loop a brain that fails is made anew; here it is a finding. */
    private static List<Effect> guarded(java.util.function.Supplier<List<Effect>> decision) {
        try {
            return decision.get();
        } catch (Violation violation) {
            throw violation;
        } catch (RuntimeException fault) {
            throw new Violation("brain-does-not-fail", "the brain failed: " + fault, fault);
        }
    }

    private void finish(List<Effect> effects) {
        boolean commits = effects.stream().anyMatch(Effect.Persist.class::isInstance);
        if (commits && end == End.BEFORE_COMMIT) {
            die();
            return;
        }
        if (commits && end == End.AFTER_COMMIT) {
            commit(effects);
            die();
            return;
        }
        carryOut(effects);
    }

    private void recover(StoreRefused refusal) {
        world.say("a commit fails (%s): the brain is made anew", refusal.getMessage());
        giveUpCommands();
        syncs.clear();
        reloading = true;
        int life = lives;
        world.agenda.after(committedSinceReload ? 0 : RELOAD_PAUSE_MILLIS, () -> reload(life));
    }

    private void commit(List<Effect> effects) {
        List<Change> changes = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                changes.addAll(persist.changes());
            }
        }
        if (!changes.isEmpty()) {
            world.store.commit(changes);
            committedSinceReload = true;
            busyUntil = world.agenda.now() + dice.between(1, 4);
        }
    }

    private void carryOut(List<Effect> effects) {
        commit(effects);
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Persist _ -> {}
                case Effect.Reply reply -> reply(reply);
                case Effect.Ask ask -> ask(ask);
                case Effect.PublishRoutes routes -> {
                    world.checks.published(routes.update());
                    world.service.published(routes.update());
                    world.routers.forEach(
                            router -> world.network.down(router.node, () -> router.hear(routes.update())));
                }
                case Effect.AnswerSync answer -> {
                    Consumer<RouteUpdate> caller = syncs.remove(answer.request());
                    if (caller != null) {
                        caller.accept(answer.update());
                    }
                }
                case Effect.CallHosts call ->
                    world.hosts.forEach(host -> world.network.down(host.number, () -> host.announce(call.word())));
                case Effect.WakeAt wake -> wakeAt(wake.moment());
            }
        }
        world.checks.acted(brain);
    }

    private void reply(Effect.Reply reply) {
        AppCommand command = asked.remove(reply.request());
        ProcessCommand ofProcess = askedOfProcesses.remove(reply.request());
        if (command == null && ofProcess == null) {
            return;
        }
        world.commands(reply.problem() == null);
        if (reply.problem() != null) {
            world.say("refused: %s", reply.problem().detail());
        } else if (command != null) {
            world.expectations.acknowledged(command, reply);
        } else if (ofProcess != null) {
            world.checks.acknowledged(ofProcess, reply);
        }
    }

    private void ask(Effect.Ask ask) {
        world.service.asked(ask);
        SimulatedHost host = world.host(ask.host());
        int life = lives;
        boolean[] answered = new boolean[1];
        Consumer<String> refused = reason -> {
            if (!answered[0] && life == lives && ask.request() instanceof AgentRequest.Start start) {
                receive(new Input.StartRefused(
                        ask.host(), start.spec().pid(), start.spec().incarnation(), reason));
            }
            answered[0] = true;
        };
        if (host == null || (host.isOn() && !host.hasAgent() && world.network.connects(host.number))) {
            world.agenda.after(1, () -> refused.accept("its agent is not connected"));
            return;
        }
        world.network.down(
                host.number,
                () -> host.receive(ask.request(), reply -> {
                    if (reply instanceof AgentReply.Refused refusal) {
                        refused.accept(refusal.reason());
                    }
                    answered[0] = true;
                }));
        if (ask.request() instanceof AgentRequest.Start) {
            world.agenda.after(PATIENCE_MILLIS, () -> refused.accept("its agent did not answer in 10 s"));
        }
    }

    private void wakeAt(Instant moment) {
        wakeAt = moment;
        int life = lives;
        world.agenda.after(clock.millisUntil(moment), () -> {
            if (life != lives || !Objects.equals(moment, wakeAt)) {
                return;
            }
            if (clock.now().isBefore(moment)) {
                wakeAt(moment);
            } else {
                planRound(0);
            }
        });
    }

    /** The clock shows another time now: the loop notices when it looks next. */
    void clockChanged() {
        world.pace.clockWasSet();
        int life = lives;
        world.agenda.after(dice.between(0, LONGEST_WAIT_MILLIS), () -> {
            Instant moment = wakeAt;
            if (life == lives && moment != null) {
                wakeAt(moment);
            }
        });
    }

    /** The controller's clock: the true time, set wrong by a jump, running wrong by a drift. */
    static final class Clock {
        private final Agenda agenda;
        private double offsetMillis;
        private double rate;
        private long rateSince;

        Clock(Agenda agenda) {
            this.agenda = agenda;
        }

        Instant now() {
            return World.START.plusMillis(agenda.now() + (long) offset());
        }

        private double offset() {
            return offsetMillis + (agenda.now() - rateSince) * rate;
        }

        long millisUntil(Instant moment) {
            long shown = Duration.between(now(), moment).toMillis();
            return shown <= 0 ? 0 : (long) Math.ceil(shown / (1 + rate)) + 1;
        }

        void jump(double millis) {
            offsetMillis += millis;
        }

        void drift(double change) {
            offsetMillis = offset();
            rateSince = agenda.now();
            rate += change;
        }
    }
}
