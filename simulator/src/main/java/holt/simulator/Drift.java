package holt.simulator;

import holt.model.App;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.Release;
import holt.model.RestartPolicy;
import java.util.TreeSet;

/**
 * Intended state minus real state, counted in instances: those nobody serves, those served by another release than the
 * one wanted, and programs that run though nobody wants them. Apps whose program cannot stay up are left out.
 */
public record Drift(int missing, int wrong, int extra) {

    /** All that is not as it should be. */
    public int total() {
        return missing + wrong + extra;
    }

    static Drift of(World world) {
        Counter counter = new Counter();
        for (App app : world.store.apps().values()) {
            if (isHealthy(world, app)) {
                counter.add(world, app);
            }
        }
        for (String name : new TreeSet<>(world.reality.apps())) {
            if (world.store.app(name) == null) {
                counter.extra += world.reality.ofApp(name).size();
            }
        }
        return new Drift(counter.missing, counter.wrong, counter.extra);
    }

    /** Whether what the app is meant to run can run. */
    static boolean isHealthy(World world, App app) {
        Release target = world.store.release(app.name(), app.targetVersion());
        boolean healthy = target == null || Program.of(target.droplet()).isHealthy();
        return healthy && world.checks.table().ofApp(app.name()).stream().noneMatch(row -> disturbs(world, row));
    }

    /** What is forked may fail again and again, and its parents with it; and what has no host to go to waits. */
    private static boolean disturbs(World world, Process row) {
        if (!row.isForked() && row.state() != ProcessState.WAITING) {
            return false;
        }
        Program program = row.isForked() ? world.program(row) : Program.WEB;
        boolean endless = program == Program.JOB && row.restart() == RestartPolicy.ALWAYS;
        return switch (row.state()) {
            case EXITED -> false;
            case WAITING ->
                !program.isHealthy() || endless || !world.checks.placements().fitsSomewhere(row);
            case STARTING, RUNNING, STOPPING, LOST -> !program.isHealthy() || endless;
        };
    }

    /** Whether the table has just this start of it there. */
    static boolean isInTable(World world, Running running) {
        Process row = world.checks.table().find(running.spec.pid());
        return row != null
                && row.incarnation() == running.spec.incarnation()
                && world.hosts.get(running.host).name.equals(row.host());
    }

    static int wanted(App app) {
        return app.started() && app.targetVersion() > 0 ? app.instances() : 0;
    }

    private static final class Counter {
        private int missing;
        private int wrong;
        private int extra;

        void add(World world, App app) {
            int wanted = wanted(app);
            boolean[] served = new boolean[wanted];
            boolean[] old = new boolean[wanted];
            for (Running running : world.reality.ofApp(app.name())) {
                int index = running.spec.index();
                if (index == Process.NO_INDEX) {
                    extra += isInTable(world, running) ? 0 : 1;
                } else if (index >= wanted) {
                    extra++;
                } else if (running.spec.version() != app.targetVersion()) {
                    wrong++;
                    old[index] = true;
                } else if (running.ready && !served[index]) {
                    served[index] = true;
                } else if (running.ready) {
                    extra++;
                }
            }
            for (int index = 0; index < wanted; index++) {
                missing += served[index] || old[index] ? 0 : 1;
            }
        }
    }
}
