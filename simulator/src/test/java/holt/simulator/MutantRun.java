package holt.simulator;

import holt.kernel.ClusterSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The search for what is wrong in the classes of its own loader, over a fixed list of small histories. Called from
 * another loader, so that only types of the JDK go in and out.
 */
public final class MutantRun {
    private static final int HOSTS = 5;
    private static final int APPS = 5;
    private static final int INSTANCES = 4;
    private static final long BUSY_MILLIS = 420_000;
    private static final int ACTIONS_A_SECOND = 2;

    private MutantRun() {}

    /** So few actions a second that what ignores the limit is seen in a small cluster. */
    private static final class SlowParts extends Parts {
        @Override
        protected ClusterSettings settings(String domain) {
            ClusterSettings standard = super.settings(domain);
            return standard.withBounds(standard.bounds().withActions(ACTIONS_A_SECOND, ACTIONS_A_SECOND));
        }
    }

    /** Runs the n-th history; tells which rule it breaks and how, or nothing. */
    public static String run(int number) {
        Outcome outcome = new Simulator(new SlowParts(), 0).run(plan(number));
        return outcome.found()
                .map(found -> found.invariant() + ": " + found.detail())
                .orElse("");
    }

    /** What is done in the n-th history: in turn with a bad network, with a good one, and all kinds of things. */
    static Plan plan(int number) {
        long seed = 1 + number / 3;
        return switch (number % 3) {
            case 0 -> small(seed, true);
            case 1 -> small(seed, false);
            default ->
                Planner.plan(
                        new SimulationSettings(seed, HOSTS, 0.3, APPS, APPS * INSTANCES, Set.of(FaultKind.values())));
        };
    }

    private static Plan small(long seed, boolean stormy) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Plan.Entry> entries = new ArrayList<>();
        for (int app = 0; app < APPS; app++) {
            String program = app == 0 ? "crashy-0" : app == 1 || stormy ? "slow-0" : "web-0";
            entries.add(new Plan.Entry(1000 + app, new Action.Push("app-" + app, INSTANCES, "web-0", 256)));
            entries.add(new Plan.Entry(60_000 + app, new Action.Push("app-" + app, INSTANCES, program, 256)));
        }
        for (long at = 90_000; at < BUSY_MILLIS; at += random.nextLong(1000, stormy ? 4000 : 8000)) {
            entries.add(new Plan.Entry(at, work(random)));
        }
        if (stormy) {
            storm(random, entries);
        } else {
            outages(random, entries);
        }
        long settle = Planner.settleMillis(2 * INSTANCES);
        entries.add(new Plan.Entry(BUSY_MILLIS, new Action.Settle(settle)));
        return new Plan(seed, HOSTS, 2, 4096, BUSY_MILLIS + settle, entries);
    }

    private static Action work(SplittableRandom random) {
        String app = "app-" + random.nextInt(APPS);
        return switch (random.nextInt(10)) {
            case 0 -> new Action.Push(app, INSTANCES, "web-" + random.nextInt(100), 256);
            case 1, 2, 3, 4 -> new Action.Scale(app, 1 + random.nextInt(2 * INSTANCES));
            case 5 -> new Action.MapRoute(app, "extra-" + app);
            case 6 -> new Action.UnmapRoute(app, "extra-" + app);
            default -> new Action.Crash(app, random.nextInt(INSTANCES));
        };
    }

    /** Messages overtake each other, come twice or not at all, while agents and hosts come and go. */
    private static void storm(SplittableRandom random, List<Plan.Entry> entries) {
        long length = BUSY_MILLIS - 90_000;
        entries.add(fault(90_000, FaultKind.REORDERING, 0, length, 3000));
        entries.add(fault(90_000, FaultKind.DUPLICATION, 0, length, 0.3));
        entries.add(fault(90_000, FaultKind.LOSS, 0, length, 0.3));
        for (long at = 95_000; at < BUSY_MILLIS - 60_000; at += random.nextLong(5000, 20_000)) {
            FaultKind kind = FaultKind.values()[random.nextInt(FaultKind.values().length)];
            boolean harmless = kind.scope() != FaultKind.Scope.HOST;
            int host = random.nextInt(HOSTS);
            entries.add(fault(at, harmless ? FaultKind.AGENT_RESTART : kind, host, random.nextLong(1000, 40_000), 3));
        }
    }

    /** Hosts come and go, and the controller ends just when it has work. */
    private static void outages(SplittableRandom random, List<Plan.Entry> entries) {
        for (long at = 95_000; at < BUSY_MILLIS - 80_000; at += random.nextLong(40_000, 90_000)) {
            FaultKind kind = random.nextBoolean() ? FaultKind.HOST_CRASH : FaultKind.PARTITION;
            int host = random.nextInt(HOSTS);
            entries.add(fault(at, kind, host, random.nextLong(25_000, 80_000), 0));
            if (random.nextBoolean()) {
                long end = at + random.nextLong(15_500, 20_000);
                entries.add(fault(end, FaultKind.CONTROLLER_RESTART, 0, 500, random.nextInt(3)));
            } else {
                entries.add(fault(at + 35_000, FaultKind.CONTROLLER_RESTART, 0, 500, 2));
            }
        }
    }

    private static Plan.Entry fault(long at, FaultKind kind, int target, long forMillis, double strength) {
        return new Plan.Entry(at, new Action.Fault(kind, target, 1, forMillis, strength));
    }
}
