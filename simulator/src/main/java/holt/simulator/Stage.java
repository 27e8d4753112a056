package holt.simulator;

import holt.agent.InstanceKey;
import holt.model.AppCommand;
import holt.model.Limits;
import holt.model.Process;
import holt.model.ProcessCommand;
import holt.model.ProcessState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Does to the cluster what a plan says: commands as people give them, and faults. Each kind of action has its one method
 * here; a new kind begins as a record in {@link Action}. Owned by the simulation's thread.
 */
final class Stage {
    private static final String ACTOR = "simulator";
    private static final long UNDRAIN_AGAIN_MILLIS = 1000;
    private static final long MEGABYTE = 1L << 20;

    private final World world;

    Stage(World world) {
        this.world = world;
    }

    void perform(Action action) {
        world.say("--- %s", HistoryText.words(action));
        switch (action) {
            case Action.Push push -> push(push);
            case Action.Scale scale -> command(new AppCommand.ScaleApp(scale.app(), scale.instances(), false, ACTOR));
            case Action.Resize resize -> resize(resize);
            case Action.Start start -> command(new AppCommand.StartApp(start.app(), ACTOR));
            case Action.Stop stop -> command(new AppCommand.StopApp(stop.app(), ACTOR));
            case Action.Restart restart -> command(new AppCommand.RestartApp(restart.app(), ACTOR));
            case Action.Delete delete -> command(new AppCommand.DeleteApp(delete.app(), ACTOR));
            case Action.MapRoute map -> command(new AppCommand.MapRoute(map.app(), map.route(), ACTOR));
            case Action.UnmapRoute unmap -> command(new AppCommand.UnmapRoute(unmap.app(), unmap.route(), ACTOR));
            case Action.Crash crash -> crash(crash);
            case Action.Fork fork -> fork(fork);
            case Action.Kill kill -> kill(kill);
            case Action.Detach detach -> detach(detach);
            case Action.Reap reap -> reap(reap);
            case Action.Rebalance _ -> command(new AppCommand.Rebalance(ACTOR));
            case Action.Drain drain -> drain(drain);
            case Action.Fault fault -> begin(fault);
            case Action.Settle _ -> {}
        }
    }

    private void command(AppCommand command) {
        world.controller.command(command);
    }

    private void push(Action.Push push) {
        AppCommand.ReleaseContent content = new AppCommand.ReleaseContent(
                push.droplet(),
                "simulated",
                "run",
                null,
                new Limits(push.megabytes() * MEGABYTE, 0, Limits.DEFAULT_PIDS),
                null,
                push.placement());
        command(new AppCommand.PutApp(push.app(), true, push.instances(), null, null, content, ACTOR));
    }

    /** People look at the app first: what they change is the release they saw. */
    private void resize(Action.Resize resize) {
        var row = world.store.app(resize.app());
        if (row != null) {
            Limits limits = new Limits(resize.megabytes() * MEGABYTE, 0, Limits.DEFAULT_PIDS);
            command(new AppCommand.ChangeRelease(
                    resize.app(), row.targetVersion(), AppCommand.Settings.of(limits, null), ACTOR));
        }
    }

    private void crash(Action.Crash crash) {
        List<InstanceKey> keys = world.reality.ofApp(crash.app()).stream()
                .filter(running -> running.spec.index() == crash.index())
                .map(running -> running.key)
                .toList();
        for (InstanceKey key : keys) {
            Running running = world.reality.find(key);
            if (running != null) {
                world.hosts.get(running.host).machine.kill(key);
            }
        }
    }

    private void fork(Action.Fork fork) {
        pick(fork.app(), fork.parent(), row -> row.state() == ProcessState.RUNNING)
                .ifPresent(parent -> world.controller.command(new ProcessCommand.Fork(
                        fork.app(),
                        parent.pid(),
                        fork.count(),
                        List.of(),
                        fork.restart(),
                        fork.keeping(),
                        fork.detached(),
                        fork.key(),
                        ACTOR)));
    }

    private void kill(Action.Kill kill) {
        pick(kill.app(), kill.process(), row -> true)
                .ifPresent(row -> world.controller.command(new ProcessCommand.Kill(kill.app(), row.pid(), ACTOR)));
    }

    private void detach(Action.Detach detach) {
        pick(detach.app(), detach.process(), Process::isForked)
                .ifPresent(row -> world.controller.command(new ProcessCommand.Detach(detach.app(), row.pid(), ACTOR)));
    }

    private void reap(Action.Reap reap) {
        pick(reap.app(), reap.process(), row -> row.isForked() && row.state() == ProcessState.EXITED)
                .ifPresent(row -> world.controller.command(new ProcessCommand.Reap(reap.app(), row.ppid(), row.pid())));
    }

    /** Of the app's processes in the truth that are like this, the one of this rank by pid, counted round. */
    private Optional<Process> pick(String app, int rank, Predicate<Process> like) {
        List<Process> found = world.checks.table().ofApp(app).stream()
                .filter(like)
                .sorted(Comparator.comparingLong(Process::pid))
                .toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(rank % found.size()));
    }

    private void drain(Action.Drain drain) {
        if (drain.host() < world.hosts.size()) {
            SimulatedHost host = world.hosts.get(drain.host());
            long moving = drain.forMillis() / 2;
            world.disturbances.change(drain.host(), 1);
            command(new AppCommand.DrainHost(host.name, false, ACTOR));
            after(moving, () -> host.drain(drain.forMillis() - moving));
            after(drain.forMillis(), () -> {
                world.disturbances.change(drain.host(), -1);
                undrain(host);
            });
        }
    }

    /** The command may be lost; it is given until it is in the truth. */
    private void undrain(SimulatedHost host) {
        command(new AppCommand.UndrainHost(host.name, ACTOR));
        after(UNDRAIN_AGAIN_MILLIS, () -> {
            if (world.store.isDrained(host.name)) {
                undrain(host);
            }
        });
    }

    private void after(long millis, Runnable action) {
        world.agenda.after(millis, action);
    }

    private void begin(Action.Fault fault) {
        switch (fault.kind().scope()) {
            case NETWORK -> network(fault);
            case NODES -> nodes(fault);
            case HOST -> {
                if (fault.target() < world.hosts.size()) {
                    host(fault, world.hosts.get(fault.target()));
                }
            }
            case CONTROLLER -> controller(fault);
        }
    }

    /** Does the one now and the other at the fault's end, and keeps account of what is disturbed. */
    private void spans(Action.Fault fault, int host, Runnable first, Runnable last) {
        world.disturbances.change(host, 1);
        first.run();
        after(fault.forMillis(), () -> {
            world.disturbances.change(host, -1);
            last.run();
            world.say("--- %s is over", fault.kind().word());
        });
    }

    private void network(Action.Fault fault) {
        if (fault.kind() == FaultKind.BUS_RESTART) {
            spans(fault, -1, world.network::busAway, world.network::busBack);
        } else {
            spans(fault, -1, () -> world.network.disturb(fault), () -> world.network.calm(fault));
        }
    }

    /** A cut in one way: up where the strength is below 1, which leaves a node that hears and is not heard. */
    private void nodes(Action.Fault fault) {
        boolean both = fault.kind() == FaultKind.PARTITION;
        boolean up = both || fault.strength() < 1;
        boolean down = both || !up;
        for (int step = 0; step < fault.count(); step++) {
            int node = fault.target() + step;
            int host = node < world.hosts.size() ? node : -1;
            spans(fault, host, () -> world.network.cut(node, up, down, 1), () -> world.network.cut(node, up, down, -1));
        }
    }

    private void host(Action.Fault fault, SimulatedHost host) {
        Runnable begin = switch (fault.kind()) {
            case HOST_CRASH -> () -> host.crash(fault.forMillis());
            case AGENT_RESTART -> () -> host.restartAgent(fault.forMillis(), true);
            case AGENT_AMNESIA -> () -> host.restartAgent(fault.forMillis(), false);
            case SLOW_HOST -> () -> host.machine.slowness(fault.strength());
            case DISK_FULL -> () -> host.machine.fillDisk(1);
            default -> throw new IllegalArgumentException(fault + " is no fault of a host");
        };
        Runnable end = switch (fault.kind()) {
            case SLOW_HOST -> () -> host.machine.slowness(1);
            case DISK_FULL -> () -> host.machine.fillDisk(-1);
            default -> () -> {};
        };
        spans(fault, host.number, begin, end);
    }

    private void controller(Action.Fault fault) {
        SimulatedController controller = world.controller;
        switch (fault.kind()) {
            case CONTROLLER_RESTART -> {
                int moment = (int) Math.clamp(fault.strength(), 0, SimulatedController.End.values().length - 1);
                SimulatedController.End where = SimulatedController.End.values()[moment];
                spans(fault, -1, () -> controller.end(where, fault.forMillis()), () -> {});
            }
            case CLOCK_JUMP ->
                spans(
                        fault,
                        -1,
                        () -> {
                            controller.clock().jump(fault.strength());
                            controller.clockChanged();
                        },
                        () -> {});
            case CLOCK_DRIFT ->
                spans(
                        fault,
                        -1,
                        () -> controller.clock().drift(fault.strength()),
                        () -> controller.clock().drift(-fault.strength()));
            case STORE_FAILOVER -> spans(fault, -1, () -> world.store.failOver(1), () -> world.store.failOver(-1));
            case STORE_FULL -> spans(fault, -1, () -> world.store.fill(1), () -> world.store.fill(-1));
            default -> throw new IllegalArgumentException(fault + " is no fault of the controller");
        }
    }
}
