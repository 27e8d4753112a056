package holt.simulator;

import holt.agent.AgentEffect;
import holt.agent.AgentEvent;
import holt.agent.AgentSupervisor;
import holt.agent.EndFacts;
import holt.agent.InstanceKey;
import holt.agent.InstanceStatus;
import holt.kernel.Input;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A host: the shell around the real brain of an agent, on a simulated {@link Machine}. It does what the real shell does,
 * with the same order and the same repeats. Owned by the simulation's thread.
 */
final class SimulatedHost implements Machine.Listener {
    static final Duration KEEP_EXITED = Duration.ofMinutes(2);
    static final long REPORT_MILLIS = 5000;
    private static final long REPORT_WORK_MILLIS = 200;

    private final World world;
    final int number;
    final String name;
    final long memoryBytes;
    final String zone;
    final List<String> tags;
    final Machine machine;
    private final Dice dice;

    /** The present agent; null while there is none. */
    private @Nullable AgentSupervisor brain;

    private AgentReports reports;
    private final Set<InstanceKey> awaited = new HashSet<>();
    private final Map<Long, Consumer<AgentReply>> callers = new HashMap<>();
    private int starts;
    private long requests;
    private Instant startedAt = World.START;
    private @Nullable Instant wakeAt;
    private boolean poweredOff;
    /** Whether it leaves as soon as nothing runs here any more. */
    private boolean draining;

    /** Which power cut or departure keeps it away; a later one replaces an earlier one. */
    private int absences;

    SimulatedHost(World world, int number, long memoryBytes) {
        this.world = world;
        this.number = number;
        this.name = "host-" + number;
        this.memoryBytes = memoryBytes;
        this.zone = Landscape.zone(world.plan, number);
        this.tags = Landscape.tags(world.plan, number);
        this.dice = world.dice(1_000_000L + number);
        this.machine = new Machine(world, number, dice, this);
        this.reports = new AgentReports(name, "none");
    }

    /** The agent starts, and adopts what is here. */
    void boot() {
        starts++;
        poweredOff = false;
        draining = false;
        startedAt = world.now();
        reports = new AgentReports(name, name + "-" + starts);
        AgentSupervisor fresh = world.parts.agent(Resources.ofMemory(memoryBytes), KEEP_EXITED);
        brain = fresh;
        awaited.clear();
        callers.clear();
        wakeAt = null;
        machine.endStrays();
        handle(new AgentEvent.Past(machine.past()));
        for (InstanceStatus status : machine.kept()) {
            handle(new AgentEvent.Found(restored(status), machine.running().containsKey(status.key())));
        }
        reportHost();
        int mine = starts;
        world.agenda.after(dice.between(0, REPORT_MILLIS), () -> beat(mine));
    }

    /** Its place is on the disk as soon as the program runs, even where the agent ended before it kept the status. */
    private InstanceStatus restored(InstanceStatus status) {
        Running running = machine.running().get(status.key());
        return status.place() == null && running != null ? status.at(running.place) : status;
    }

    boolean hasAgent() {
        return brain != null;
    }

    /** Whether its agent has heard of this start. */
    boolean knows(InstanceKey key) {
        return brain != null
                && brain.instances().stream().anyMatch(status -> status.key().equals(key));
    }

    boolean isOn() {
        return !poweredOff;
    }

    /** The agent ends; what runs here goes on. */
    void endAgent() {
        brain = null;
    }

    void restartAgent(long afterMillis, boolean withState) {
        if (poweredOff) {
            return;
        }
        endAgent();
        if (!withState) {
            machine.wipe();
        }
        returnAfter(afterMillis);
    }

    void crash(long forMillis) {
        endAgent();
        poweredOff = true;
        machine.crash();
        returnAfter(forMillis);
    }

    /** Its processes are ended, then the agent leaves. */
    void drain(long forMillis) {
        if (brain == null) {
            return;
        }
        draining = true;
        handle(new AgentEvent.StopAllAsked(world.settings.stopGrace().toMillis()));
        returnAfter(forMillis);
    }

    private void returnAfter(long millis) {
        int mine = ++absences;
        world.agenda.after(millis, () -> {
            if (mine == absences) {
                boot();
            }
        });
    }

    private void beat(int start) {
        if (start == starts && brain != null) {
            reportHost();
            world.agenda.after(REPORT_MILLIS + machine.slowed(REPORT_WORK_MILLIS), () -> beat(start));
        }
    }

    /** Somebody asks all to report. */
    void announce(String word) {
        if (brain != null) {
            reports.answers = word;
            reportHost();
        }
    }

    private void reportHost() {
        AgentSupervisor present = brain;
        if (present != null) {
            send(new Input.HostReported(reports.host(present, startedAt, this)));
        }
    }

    private void send(Input input) {
        world.network.up(number, () -> world.controller.receive(input));
    }

    /** A request has come; the answer goes to {@code caller}. */
    void receive(AgentRequest request, Consumer<AgentReply> caller) {
        int mine = starts;
        world.agenda.after(machine.slowed(dice.between(1, 20)), () -> {
            if (mine == starts && brain != null) {
                long id = ++requests;
                callers.put(id, caller);
                handle(event(id, request));
            }
        });
    }

    private static AgentEvent event(long id, AgentRequest request) {
        return switch (request) {
            case AgentRequest.Start start -> new AgentEvent.StartAsked(id, start.spec());
            case AgentRequest.Stop stop ->
                new AgentEvent.StopAsked(id, new InstanceKey(stop.pid(), stop.incarnation()), stop.graceMillis());
            case AgentRequest.Files _ -> throw new IllegalArgumentException("The brain asks for no files");
            case AgentRequest.Enter _ -> throw new IllegalArgumentException("The brain enters no instance");
        };
    }

    private void handle(AgentEvent event) {
        AgentSupervisor present = brain;
        if (present == null) {
            return;
        }
        wakeAt = null;
        for (AgentEffect effect : present.handle(event, world.now())) {
            carryOut(effect);
        }
        if (draining && present.reserved().memoryBytes() == 0) {
            endAgent();
        }
    }

    private void carryOut(AgentEffect effect) {
        switch (effect) {
            case AgentEffect.Answer answer -> {
                Consumer<AgentReply> caller = callers.remove(answer.request());
                if (caller != null) {
                    world.network.up(number, () -> caller.accept(answer.reply()));
                }
            }
            case AgentEffect.Changed changed -> {
                machine.keep(changed.status());
                world.trace.process(number, changed.status());
                send(new Input.ProcessReported(reports.process(changed.status())));
            }
            case AgentEffect.Launch launch -> {
                int mine = starts;
                machine.launch(launch.spec(), () -> mine == starts && brain != null);
            }
            case AgentEffect.AwaitReady await -> awaitReady(await);
            case AgentEffect.Watch _ -> {} // programs here stay as healthy as they are
            case AgentEffect.RunBeforeStop before ->
                soon(() -> handle(new AgentEvent.BeforeStopDone(before.status().key())));
            case AgentEffect.Terminate terminate -> {
                awaited.remove(terminate.key());
                machine.terminate(terminate.key());
            }
            case AgentEffect.Kill kill -> {
                awaited.remove(kill.key());
                machine.kill(kill.key());
            }
            case AgentEffect.Examine examine -> examine(examine.key());
            case AgentEffect.Remember remember -> machine.remember(remember.key());
            case AgentEffect.Forget forget -> machine.forget(forget.key());
            case AgentEffect.WakeAt wake -> wakeAt(wake.moment());
        }
    }

    private void awaitReady(AgentEffect.AwaitReady await) {
        InstanceKey key = await.status().key();
        awaited.add(key);
        Running running = machine.running().get(key);
        if (running != null && running.ready) {
            soon(() -> ready(running));
        }
        int mine = starts;
        long patience = Duration.between(world.now(), await.limit()).toMillis();
        world.agenda.after(patience, () -> {
            if (mine == starts && awaited.remove(key)) {
                handle(new AgentEvent.NotReady(key, "did not accept connections within its limit"));
            }
        });
    }

    private void examine(InstanceKey key) {
        awaited.remove(key);
        soon(() -> handle(new AgentEvent.Ended(key, machine.facts(key))));
    }

    /** What the present agent sees after a moment; its successor does not. */
    private void soon(Runnable action) {
        int mine = starts;
        world.agenda.after(machine.slowed(dice.between(1, 10)), () -> {
            if (mine == starts && brain != null) {
                action.run();
            }
        });
    }

    private void wakeAt(Instant moment) {
        wakeAt = moment;
        int mine = starts;
        world.agenda.after(Duration.between(world.now(), moment).toMillis(), () -> {
            if (mine == starts && moment.equals(wakeAt)) {
                handle(new AgentEvent.Woken());
            }
        });
    }

    @Override
    public void launched(Running running) {
        soon(() -> handle(new AgentEvent.Launched(running.key, running.place)));
    }

    @Override
    public void failed(InstanceKey key, EndFacts facts) {
        soon(() -> handle(new AgentEvent.Ended(key, facts)));
    }

    @Override
    public void ready(Running running) {
        if (awaited.remove(running.key)) {
            handle(new AgentEvent.Ready(running.key));
        }
    }

    @Override
    public void ended(Running running) {
        if (brain != null) {
            examine(running.key);
        }
    }
}
