import holt.simulator.Outcome;
import holt.simulator.Planner;
import holt.simulator.SimulationSettings;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How many hours of a cluster of 20 hosts, with all faults, the simulator lives through in an hour of one core. */
final class SimulatedHours {
    private static final int HOSTS = 20;
    private static final double SECONDS_AN_HOUR = 3600;

    private SimulatedHours() {}

    public static void main(String[] arguments) {
        boolean quick = Bench.quick(arguments);
        double hours = quick ? 1 : 4;
        List<Double> speeds = new ArrayList<>();
        for (long seed = 1; seed <= (quick ? 5 : 9); seed++) {
            double speed = simulate(seed, hours);
            System.out.printf(Locale.ROOT, "seed %d: %.0f simulated hours an hour%n", seed, speed);
            if (seed > 1) {
                speeds.add(speed); // the first one is the virtual machine's, too
            }
        }
        Bench.figureAtLeast("simulator.hours", Bench.percentile(speeds, 0.5), "hours/hour", 1000);
    }

    /** Simulated hours an hour of this thread's processor: what others do on this machine does not count. */
    private static double simulate(long seed, double hours) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Outcome outcome =
                new holt.simulator.Simulator().run(Planner.plan(SimulationSettings.of(seed, HOSTS, hours)));
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        if (outcome.found().isPresent()) {
            throw new IllegalStateException("Seed " + seed + " breaks a rule: " + outcome.found().get());
        }
        return hours * SECONDS_AN_HOUR / (nanos / 1e9);
    }
}
