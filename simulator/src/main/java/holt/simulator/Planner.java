package holt.simulator;

import holt.kernel.ClusterSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Draws a plan from a seed: cycles of about an hour in each of which people work and things go wrong, until all of that
 * stops and the cluster gets the time it may need at most to come to rest. Faults and work come at random moments, each
 * at its own rate. Pure.
 */
public final class Planner {
    private static final long CYCLE_MILLIS = 3_600_000;
    private static final double HOUR_MILLIS = 3_600_000;
    private static final int ROUTERS = 2;
    private static final double LAST_FAULT_CHANCE = 0.25;
    /** How much of the work and the faults there is at least in a short run. */
    private static final double LEAST_BUSY = 0.4;
    /** The longest that one index of a rolling update takes: a slow start, the requests under way, the way back. */
    private static final long INDEX_MILLIS = 35_000;

    private final SimulationSettings settings;
    private final Dice dice;
    private final Workload workload;
    private final List<Plan.Entry> entries = new ArrayList<>();

    private Planner(SimulationSettings settings) {
        this.settings = settings;
        this.dice = Dice.of(settings.seed(), 3);
        this.workload = new Workload(settings, Dice.of(settings.seed(), 4));
    }

    /** The history that belongs to these settings. */
    public static Plan plan(SimulationSettings settings) {
        return new Planner(settings).plan();
    }

    private Plan plan() {
        long settle = settleMillis(workload.largestApp());
        long total = (long) (settings.hours() * HOUR_MILLIS);
        long cycles = Math.max(1, total / Math.max(CYCLE_MILLIS, 2 * settle));
        long busy = Math.max(total / cycles - settle, (long) (total / cycles * LEAST_BUSY));
        long at = 0;
        for (int cycle = 0; cycle < cycles; cycle++) {
            long begin = cycle == 0 ? workload.begin(entries, busy) : at;
            workload.fill(entries, begin, at + busy);
            workload.storms(entries, begin, at + busy);
            workload.hurry(entries, at + busy);
            for (FaultKind kind : FaultKind.values()) {
                if (settings.faults().contains(kind)) {
                    faults(kind, at, at + busy);
                    lastFault(kind, at + busy);
                }
            }
            entries.add(new Plan.Entry(at + busy, new Action.Settle(settle)));
            at += busy + settle;
        }
        entries.sort(Comparator.comparingLong(Plan.Entry::atMillis));
        return new Plan(
                settings.seed(), settings.hosts(), ROUTERS, workload.hostMegabytes(), workload.zones(), at, entries);
    }

    /**
     * The longest a cluster may take to come to rest: hosts are found lost and return, a start runs into its limit, the
     * longest delays of restarts and refusals pass, and then the largest app is rolled index by index, perhaps back too.
     */
    static long settleMillis(int largestApp) {
        ClusterSettings kernel = ClusterSettings.standard(World.DOMAIN);
        Duration start =
                Duration.ofSeconds(holt.model.Readiness.DEFAULT_LIMIT_SECONDS).plus(kernel.startMargin());
        Duration fixed = kernel.lease()
                .multipliedBy(2)
                .plus(start)
                .plus(kernel.restart().maxDelay())
                .plus(kernel.refusalMaxDelay())
                .plus(kernel.drainLimit())
                .plus(kernel.stopGrace());
        return fixed.toMillis() + largestApp * INDEX_MILLIS;
    }

    private void faults(FaultKind kind, long begin, long end) {
        double mean = HOUR_MILLIS / kind.perHour(settings.hosts());
        for (double at = begin + dice.exponential(mean); at < end; at += dice.exponential(mean)) {
            long moment = (long) at;
            long length = Math.min(kind.duration(dice), end - moment);
            entries.add(new Plan.Entry(moment, fault(kind, length)));
        }
    }

    /** Just before the cluster is left in peace, much is wrong at once: from there it has the longest way back. */
    private void lastFault(FaultKind kind, long end) {
        if (dice.chance(LAST_FAULT_CHANCE)) {
            long length = Math.min(kind.duration(dice), end);
            entries.add(new Plan.Entry(end - length, fault(kind, length)));
        }
    }

    private Action.Fault fault(FaultKind kind, long length) {
        int target = switch (kind.scope()) {
            case HOST -> dice.below(settings.hosts());
            case NODES -> dice.below(settings.hosts() + ROUTERS);
            case NETWORK, CONTROLLER -> 0;
        };
        int most = Math.max(1, settings.hosts() / 4);
        int count = kind.scope() == FaultKind.Scope.NODES ? 1 + dice.below(most) : 1;
        double strength = Math.round(kind.strength(dice) * 1000) / 1000.0;
        return new Action.Fault(kind, target, count, length, strength);
    }
}
