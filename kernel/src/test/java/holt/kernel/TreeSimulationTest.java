package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.AppCommand;
import holt.model.Keeping;
import holt.model.Limits;
import holt.model.Process;
import holt.model.ProcessCommand;
import holt.model.ProcessState;
import holt.model.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Searches for histories that break the trees: random forks, ends, kills and host losses, invariants after each step. */
class TreeSimulationTest {
    private static final List<String> NAMES = List.of("blue", "red");
    private static final int STEPS = 80;
    private static final int QUIET_MILLIS = 400_000;

    @Property(tries = 30, shrinking = ShrinkingMode.OFF)
    void treesStayWholeAndComeToRest(@ForAll long seed) {
        World world = new World(seed, 4, 1);
        try {
            NAMES.forEach(name ->
                    assertThat(world.command(push(world, name)).problem()).isNull());
            world.run(20_000);
            for (int step = 0; step < STEPS; step++) {
                world.faulty = world.chance(0.5);
                act(world);
                world.run(world.between(1, 4000));
            }
            world.faulty = false;
            world.agents.stream().filter(agent -> !agent.isUp()).forEach(FakeAgent::boot);
            world.run(QUIET_MILLIS);
            assertAtRest(world);
            killTheRoots(world);
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("seed " + seed + "\n" + String.join("\n", world.history), failure);
        }
    }

    /** A host came back without a parent and its child, both lost: the child had gone with its parent already. */
    @Example
    void aChildThatWentWithItsParentDoesNotEndTwice() {
        treesStayWholeAndComeToRest(7_919_013);
    }

    /** A child that ended while requests above it were finished left those below it, who waited for them, untold. */
    @Example
    void thoseBelowAChildThatEndedInADrainAreStopped() {
        treesStayWholeAndComeToRest(-8_844_825_429_832_248_967L);
    }

    private void act(World world) {
        switch (world.between(0, 24)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> fork(world);
            case 8, 9, 10 -> endAny(world, world.chance(0.5) ? 0 : 1);
            case 11 -> killFromOutside(world);
            case 12, 13 -> onAny(world, pid -> new ProcessCommand.Kill(null, pid, "test"));
            case 14 -> onAny(world, pid -> new ProcessCommand.Detach(null, pid, "test"));
            case 15, 16 -> reap(world);
            case 17 -> world.command(new AppCommand.ScaleApp(world.any(NAMES), world.between(0, 3), false, "test"));
            case 18 -> world.command(push(world, world.any(NAMES)));
            case 19 -> stopOrDelete(world);
            case 20 -> world.command(new AppCommand.RestartApp(world.any(NAMES), "test"));
            case 21 -> restartController(world);
            case 22 -> silenceOrBoot(world);
            default -> world.run(world.between(1, 30_000));
        }
    }

    private AppCommand push(World world, String name) {
        AppCommand.ReleaseContent content = new AppCommand.ReleaseContent(
                "good-" + world.between(0, 3), "command", "run", null, new Limits(32L << 20, 0, 100), null);
        return new AppCommand.PutApp(name, true, world.between(1, 3), null, null, content, "test");
    }

    private static List<Process> rows(World world) {
        return List.copyOf(world.store.processes.values());
    }

    private void fork(World world) {
        List<Process> running = rows(world).stream()
                .filter(row -> row.state() == ProcessState.RUNNING)
                .toList();
        if (!running.isEmpty()) {
            Keeping keeping = world.chance(0.5)
                    ? null
                    : new Keeping(
                            world.any(List.of(Keeping.Strategy.values())),
                            world.between(0, 4),
                            Duration.ofSeconds(world.between(1, 60)));
            world.command(new ProcessCommand.Fork(
                    null,
                    world.any(running).pid(),
                    world.between(1, 4),
                    List.of(),
                    world.any(List.of(RestartPolicy.values())),
                    keeping,
                    world.chance(0.2),
                    world.chance(0.5) ? "key" : "",
                    "test"));
        }
    }

    private void onAny(World world, java.util.function.LongFunction<ProcessCommand> command) {
        List<Process> rows = rows(world);
        if (!rows.isEmpty()) {
            world.command(command.apply(world.any(rows).pid()));
        }
    }

    private void reap(World world) {
        rows(world).stream()
                .filter(row -> row.state() == ProcessState.EXITED && row.isForked())
                .findFirst()
                .ifPresent(row -> {
                    Effect.Reply reply = world.command(new ProcessCommand.Reap(row.app(), row.ppid(), row.pid()));
                    assertThat(reply.exit()).isNotNull();
                });
    }

    private List<Long> alive(World world) {
        List<Long> running = new ArrayList<>();
        world.agents.forEach(agent -> running.addAll(agent.pids(ProcessState.RUNNING)));
        return running;
    }

    private void endAny(World world, int code) {
        List<Long> running = alive(world);
        if (!running.isEmpty()) {
            world.end(world.any(running), code);
        }
    }

    private void killFromOutside(World world) {
        List<Long> running = alive(world);
        if (!running.isEmpty()) {
            world.kill(world.any(running));
        }
    }

    private void stopOrDelete(World world) {
        String name = world.any(NAMES);
        if (world.chance(0.3)) {
            world.command(new AppCommand.DeleteApp(name, "test"));
            world.command(push(world, name));
        } else {
            world.command(new AppCommand.StopApp(name, "test"));
            world.run(world.between(1, 3000));
            world.command(new AppCommand.StartApp(name, "test"));
        }
    }

    private void restartController(World world) {
        world.history.add(world.now() + " controller restarts");
        if (world.chance(0.5)) {
            world.dying = true;
        } else {
            world.bootCluster();
        }
    }

    private void silenceOrBoot(World world) {
        FakeAgent agent = world.any(world.agents);
        world.history.add(world.now() + " " + agent.name + " goes or returns");
        if (!agent.isUp()) {
            agent.boot();
        } else if (world.chance(0.5)) {
            agent.die();
        } else {
            agent.fallSilent();
        }
    }

    private void assertAtRest(World world) {
        TreeSet<Long> wanted = new TreeSet<>();
        for (Process row : rows(world)) {
            assertThat(row.state()).as("%s", row).isIn(ProcessState.RUNNING, ProcessState.EXITED);
            if (row.state() == ProcessState.RUNNING) {
                wanted.add(row.pid());
            }
        }
        assertThat(real(world)).isEqualTo(wanted);
    }

    private TreeSet<Long> real(World world) {
        TreeSet<Long> real = new TreeSet<>();
        world.agents.forEach(agent -> {
            real.addAll(agent.pids(ProcessState.STARTING));
            real.addAll(agent.pids(ProcessState.RUNNING));
            real.addAll(agent.pids(ProcessState.STOPPING));
        });
        return real;
    }

    private void killTheRoots(World world) {
        for (String name : NAMES) {
            long root = world.app(name).app().supervisorPid();
            world.command(new ProcessCommand.Kill(name, root, "test"));
        }
        world.run(120_000);
        assertThat(rows(world)).isEmpty();
        assertThat(real(world)).isEmpty();
    }
}
