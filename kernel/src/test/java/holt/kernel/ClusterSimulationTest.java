package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.AppCommand;
import holt.model.Limits;
import holt.model.ProcessState;
import holt.model.RouteUpdate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Searches for histories that break the brain: random commands and faults from a seed, invariants after each step. */
class ClusterSimulationTest {
    private static final List<String> NAMES = List.of("blue", "green", "red", "white");
    private static final int STEPS = 60;
    /** Longer than the longest restart delay, lease and start limit together. */
    private static final int QUIET_MILLIS = 400_000;

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void convergesOnceFaultsStop(@ForAll long seed) {
        converges(new World(seed, 4, 2), seed);
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void convergesThoughOnlyFewActionsMayBeTakenASecond(@ForAll long seed) {
        ClusterSettings standard = ClusterSettings.standard("localhost");
        converges(new World(seed, 4, 2, standard.withBounds(Bounds.standard().withActions(1, 1))), seed);
    }

    private void converges(World world, long seed) {
        try {
            for (int step = 0; step < STEPS; step++) {
                world.faulty = world.chance(0.7);
                act(world);
                world.run(world.between(1, 6000));
            }
            world.faulty = false;
            world.agents.stream().filter(agent -> !agent.isUp()).forEach(FakeAgent::boot);
            if (world.chance(0.5)) {
                world.agents.getFirst().die();
            }
            world.run(QUIET_MILLIS);
            assertConverged(world);
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("seed " + seed + "\n" + String.join("\n", world.history), failure);
        }
    }

    private void act(World world) {
        String name = world.any(NAMES);
        switch (world.between(0, 16)) {
            case 0, 1, 2, 3 -> world.command(push(world, name, world.chance(0.2)));
            case 4 -> world.command(new AppCommand.ScaleApp(name, world.between(0, 4), false, "test"));
            case 5 -> world.command(new AppCommand.StopApp(name, "test"));
            case 6 -> world.command(new AppCommand.StartApp(name, "test"));
            case 7 -> world.command(new AppCommand.RestartApp(name, "test"));
            case 8 -> world.command(new AppCommand.DeleteApp(name, "test"));
            case 9 -> world.command(new AppCommand.MapRoute(name, "extra-" + name, "test"));
            case 10 -> world.command(new AppCommand.UnmapRoute(name, "extra-" + name, "test"));
            case 11, 12 -> killAny(world);
            case 13 -> {
                world.history.add(world.now() + " controller restarts");
                if (world.chance(0.5)) {
                    world.dying = true;
                } else {
                    world.bootCluster();
                }
            }
            case 14 -> silenceOrBoot(world);
            default -> world.run(world.between(1, 20_000));
        }
    }

    private AppCommand push(World world, String name, boolean bad) {
        AppCommand.ReleaseContent content = new AppCommand.ReleaseContent(
                bad ? World.BAD_DROPLET : "good-" + world.between(0, 3),
                "command",
                "run",
                null,
                new Limits(128L << 20, 0, 100),
                null);
        return new AppCommand.PutApp(name, true, world.between(0, 4), null, null, content, "test");
    }

    private void killAny(World world) {
        List<Long> running = new ArrayList<>();
        world.agents.forEach(agent -> running.addAll(agent.pids(ProcessState.RUNNING)));
        if (!running.isEmpty()) {
            world.kill(world.any(running));
        }
    }

    private void silenceOrBoot(World world) {
        FakeAgent agent = world.any(world.agents);
        if (!agent.isUp()) {
            world.history.add(world.now() + " agent boots on " + agent.name);
            agent.boot();
        } else if (world.chance(0.5)) {
            world.history.add(world.now() + " host dies: " + agent.name);
            agent.die();
        } else {
            world.history.add(world.now() + " agent falls silent on " + agent.name);
            agent.fallSilent();
        }
    }

    /** With no instance wanted any release goes live, and shows only later that it cannot run. */
    private static boolean isLiveThoughBad(AppStatus status) {
        return status.target() != null && status.target().droplet().equals(World.BAD_DROPLET);
    }

    private void assertConverged(World world) {
        ClusterView view = world.cluster.snapshot();
        TreeSet<Long> wanted = new TreeSet<>();
        TreeSet<Long> hopeless = new TreeSet<>();
        view.apps().values().forEach(status -> {
            if (isLiveThoughBad(status)) {
                status.processes().forEach(each -> hopeless.add(each.process().pid()));
                return;
            }
            assertThat(status.app().isRolling() && status.app().started())
                    .as("%s still rolls: %s", status.app(), status.processes())
                    .isFalse();
            int instances = status.app().started() && status.app().targetVersion() > 0
                    ? status.app().instances()
                    : 0;
            assertThat(status.processes())
                    .as("%s", status.app())
                    .hasSize(instances)
                    .allMatch(each -> each.process().state() == ProcessState.RUNNING)
                    .allMatch(each -> each.process().version() == status.app().targetVersion());
            status.processes().forEach(each -> wanted.add(each.process().pid()));
            assertThat(status.endpoints()).hasSize(instances);
        });
        TreeSet<Long> real = new TreeSet<>();
        world.agents.forEach(agent -> {
            real.addAll(agent.pids(ProcessState.RUNNING));
            real.addAll(agent.pids(ProcessState.STARTING));
        });
        real.removeAll(hopeless);
        assertThat(real).isEqualTo(wanted);
        List<RouteUpdate.Route> routes = view.routes().stream()
                .sorted(Comparator.comparing(RouteUpdate.Route::host))
                .toList();
        world.routers.forEach(router -> assertThat(router.routes()).isEqualTo(routes));
    }
}
