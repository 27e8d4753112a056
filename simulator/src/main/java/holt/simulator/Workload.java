package holt.simulator;

import holt.model.Keeping;
import holt.model.Placement;
import holt.model.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What people and programs do, drawn from a seed: pushes of releases good and bad, scaling, settings, stops and starts,
 * routes, programs that are killed, hosts that are drained. The apps are drawn so that all of them fit into the cluster at
 * their largest: what does not come to rest then has no excuse.
 * Programs fork in storms, and trees of them are killed.
 */
final class Workload {
    private static final double ACTIONS_PER_APP_AND_HOUR = 1.5;
    private static final double HOUR_MILLIS = 3_600_000;
    private static final double FILL = 0.75;
    private static final double STORMS_PER_APP_AND_HOUR = 1.5;
    private static final int STRONGEST_STORM = 12;
    /** Room for so many; where more are forked they may have to wait. */
    private static final int FORKED_OF_AN_APP = 6;

    private static final List<Program> CHILDREN = List.of(
            Program.WEB,
            Program.WEB,
            Program.WEB,
            Program.JOB,
            Program.JOB,
            Program.SLOW,
            Program.STUBBORN,
            Program.CRASHY,
            Program.BROKEN);
    private static final int SMALLEST_HOST_MEGABYTES = 2048;
    private static final long FIRST_PUSH_MILLIS = 1000;
    private static final long PAUSE_MILLIS = 100;
    private static final int LAST_ACTIONS = 5;
    private static final long LAST_MILLIS = 60_000;
    private static final List<Integer> MEGABYTES = List.of(64, 128, 128, 256, 512);
    private static final List<Program> PROGRAMS = List.of(
            Program.WEB,
            Program.WEB,
            Program.WEB,
            Program.WEB,
            Program.WEB,
            Program.SLOW,
            Program.STUBBORN,
            Program.CRASHY,
            Program.BROKEN,
            Program.DEAF);

    private final SimulationSettings settings;
    private final Dice dice;
    private final List<Subject> apps = new ArrayList<>();
    private final int smallest;
    private final int largest;
    private final int zones;
    private int releases;

    /** What is known of an app while planning: commands may be lost, so this is a guess. */
    private static final class Subject {
        final String name;
        final int megabytes;
        int instances;
        boolean there = true;

        Subject(String name, int megabytes, int instances) {
            this.name = name;
            this.megabytes = megabytes;
            this.instances = instances;
        }
    }

    Workload(SimulationSettings settings, Dice dice) {
        this.settings = settings;
        this.dice = dice;
        int usual = Math.max(1, settings.processes() / settings.apps());
        this.zones = settings.hosts() > 1 && dice.chance(0.7) ? 1 + dice.below(3) : 0;
        this.smallest = usual - usual / 2;
        this.largest = usual + (usual + 1) / 2;
        for (int number = 0; number < settings.apps(); number++) {
            int more = number < settings.processes() % settings.apps() ? 1 : 0;
            apps.add(new Subject("app-" + number, dice.pick(MEGABYTES), usual + more));
        }
    }

    int largestApp() {
        return largest;
    }

    /** So that every app at its largest, with one instance more while it rolls, leaves a quarter free. */
    long hostMegabytes() {
        long all = 0;
        for (Subject app : apps) {
            all += app.megabytes * (largest + 1L + FORKED_OF_AN_APP);
        }
        return Math.max(SMALLEST_HOST_MEGABYTES, (long) (all / FILL / settings.hosts()) + 1);
    }

    /** All apps are pushed, one after the other; tells when that is over. */
    long begin(List<Plan.Entry> entries, long withinMillis) {
        double pause = Math.min(PAUSE_MILLIS, (double) withinMillis / 2 / apps.size());
        double at = FIRST_PUSH_MILLIS;
        for (Subject app : apps) {
            entries.add(new Plan.Entry(
                    (long) at, new Action.Push(app.name, app.instances, Program.WEB.word() + "-0", app.megabytes)));
            at += pause;
        }
        return (long) at;
    }

    void fill(List<Plan.Entry> entries, long begin, long end) {
        double mean = HOUR_MILLIS / ACTIONS_PER_APP_AND_HOUR / apps.size();
        for (double at = begin + dice.exponential(mean); at < end; at += dice.exponential(mean)) {
            entries.add(new Plan.Entry((long) at, action(end - (long) at)));
        }
    }

    /** Some last wishes just before the end. */
    void hurry(List<Plan.Entry> entries, long end) {
        List<Long> moments = new ArrayList<>();
        for (int count = 0; count < LAST_ACTIONS; count++) {
            moments.add(dice.between(Math.max(0, end - LAST_MILLIS), end));
        }
        moments.sort(null);
        moments.forEach(at -> entries.add(new Plan.Entry(at, action(end - at))));
    }

    /** Programs fork, and trees are killed: a storm begins at one moment and lasts some seconds. */
    void storms(List<Plan.Entry> entries, long begin, long end) {
        double mean = HOUR_MILLIS / STORMS_PER_APP_AND_HOUR / apps.size();
        for (double at = begin + dice.exponential(mean); at < end; at += dice.exponential(mean)) {
            storm(entries, (long) at, end);
        }
    }

    private void storm(List<Plan.Entry> entries, long begin, long end) {
        String app = dice.pick(apps).name;
        long length = dice.chance(0.5) ? 2000 : 40_000;
        int strength = 1 + dice.below(STRONGEST_STORM);
        for (int count = 0; count < strength; count++) {
            long at = Math.min(end, begin + dice.between(0, length));
            Action action = inStorm(app);
            entries.add(new Plan.Entry(at, action));
            if (dice.chance(0.1)) {
                entries.add(new Plan.Entry(Math.min(end, at + dice.between(0, 3000)), action)); // a program asks again
            }
        }
    }

    private Action inStorm(String app) {
        int kind = dice.below(100);
        int rank = dice.below(100);
        if (kind < 60) {
            return new Action.Fork(
                    app,
                    rank,
                    1 + dice.below(3),
                    dice.pick(List.of(RestartPolicy.values())),
                    dice.chance(0.4) ? keeping() : null,
                    dice.chance(0.2),
                    dice.pick(CHILDREN).word() + "-" + ++releases);
        } else if (kind < 85) {
            return new Action.Kill(app, rank);
        }
        return kind < 92 ? new Action.Detach(app, rank) : new Action.Reap(app, rank);
    }

    private Keeping keeping() {
        return new Keeping(
                dice.pick(List.of(Keeping.Strategy.values())), dice.below(5), Duration.ofSeconds(dice.between(5, 120)));
    }

    private Action action(long left) {
        Subject app = dice.pick(apps);
        if (!app.there) {
            app.there = true;
            return push(app);
        }
        int kind = dice.below(100);
        if (kind < 28) {
            return push(app);
        } else if (kind < 48) {
            app.instances = smallest + dice.below(largest - smallest + 1);
            return new Action.Scale(app.name, dice.chance(0.05) ? 0 : app.instances);
        } else if (kind < 53) {
            return new Action.Resize(app.name, dice.chance(0.5) ? app.megabytes : app.megabytes / 2);
        } else if (kind < 60) {
            return new Action.Restart(app.name);
        } else if (kind < 66) {
            return new Action.Stop(app.name);
        } else if (kind < 74) {
            return new Action.Start(app.name);
        } else if (kind < 78) {
            app.there = false;
            return new Action.Delete(app.name);
        } else if (kind < 82) {
            return new Action.MapRoute(app.name, "extra-" + app.name);
        } else if (kind < 85) {
            return new Action.UnmapRoute(app.name, "extra-" + app.name);
        } else if (kind < 87) {
            return new Action.Rebalance();
        } else if (kind < 97) {
            return new Action.Crash(app.name, dice.below(app.instances));
        }
        return new Action.Drain(dice.below(settings.hosts()), Math.min(left, dice.between(30_000, 300_000)));
    }

    /** Number of zones of the cluster; 0 where all hosts are alike. */
    int zones() {
        return zones;
    }

    /** Most releases may run anywhere. */
    private Placement placement(Subject app) {
        int kind = dice.below(20);
        if (kind == 0 && zones > 0) {
            return new Placement(List.of(Landscape.TAG), false, List.of());
        } else if (kind == 1 && largest <= settings.hosts()) {
            return new Placement(List.of(), true, List.of());
        } else if (kind == 2 && apps.size() > 1) {
            Subject other = dice.pick(apps);
            return new Placement(List.of(), false, other == app ? List.of() : List.of(other.name));
        }
        return Placement.ANYWHERE;
    }

    private Action.Push push(Subject app) {
        app.instances = smallest + dice.below(largest - smallest + 1);
        Program program = dice.pick(PROGRAMS);
        return new Action.Push(
                app.name, app.instances, program.word() + "-" + ++releases, app.megabytes, placement(app));
    }
}
