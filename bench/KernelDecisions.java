import holt.kernel.Bounds;
import holt.kernel.ClusterSettings;
import holt.kernel.ClusterView;
import holt.kernel.Input;
import holt.model.AppCommand;
import holt.model.Limits;
import holt.model.ProcessState;
import holt.model.Readiness;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * How fast the cluster's brain decides, on one thread: placements, a whole health pass, memory a process, and what it
 * costs to heal the loss of a tenth of the hosts, at four sizes. The hosts are a {@link Fleet}: they do at once what they
 * are asked.
 */
final class KernelDecisions {
    private static final int PROCESSES_A_HOST = 250;
    private static final int INSTANCES_AN_APP = 250;
    private static final int UNBOUNDED = 1_000_000_000;
    private static final double BYTES_PER_KIBIBYTE = 1024;

    private KernelDecisions() {}

    public static void main(String[] arguments) throws IOException {
        boolean quick = Bench.quick(arguments);
        warmUp();
        placementsAndPasses(quick ? 3 : 5);
        int largest = quick ? 2_000 : 10_000;
        List<Healing> healings = new ArrayList<>();
        for (int hosts : List.of(largest / 8, largest / 4, largest / 2, largest)) {
            healings.add(median(hosts, Math.clamp(largest / hosts, 1, 3)));
        }
        tellHealing(healings, quick);
    }

    private static void warmUp() {
        Fleet fleet = filled(100, 100 * 100);
        for (int pass = 0; pass < 20; pass++) {
            fleet.reportAll();
        }
        heal(100, 100 * 100);
    }

    /** A fleet with so many processes, all running. */
    private static Fleet filled(int hosts, int processes) {
        Fleet fleet = new Fleet(hosts, settings());
        fill(fleet, processes);
        return fleet;
    }

    private static void fill(Fleet fleet, int processes) {
        for (int app = 0; app * INSTANCES_AN_APP < processes; app++) {
            fleet.tell(new Input.Command(app, push("app-" + app, Math.min(INSTANCES_AN_APP, processes - app * INSTANCES_AN_APP))));
            fleet.settle();
        }
        while (fleet.starts < processes) {
            fleet.advance();
        }
        fleet.settle();
    }

    private static AppCommand push(String name, int instances) {
        AppCommand.ReleaseContent content = new AppCommand.ReleaseContent(
                "0".repeat(64), "command", "run", null, new Limits(Fleet.PROCESS_BYTES, 0, 64), Readiness.port());
        return new AppCommand.PutApp(name, true, instances, null, null, content, "bench");
    }

    /** The brain's own bound on actions a second must not be what is measured. */
    private static ClusterSettings settings() {
        return ClusterSettings.standard("localhost")
                .withBounds(Bounds.standard().withActions(UNBOUNDED, UNBOUNDED));
    }

    /** What one filling of 1,000 hosts came to. */
    private record Filling(double placementsPerSecond, List<Double> passMillis, double bytesPerProcess) {}

    private static void placementsAndPasses(int rounds) {
        List<Filling> fillings = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Filling filling = fillOnce(1_000);
            fillings.add(filling);
            System.out.printf(
                    Locale.ROOT,
                    "round %d: %,.0f placements a second, health pass %.0f ms, %.0f bytes a process%n",
                    round + 1,
                    filling.placementsPerSecond(),
                    filling.passMillis().getLast(),
                    filling.bytesPerProcess());
        }
        List<Double> placements = fillings.stream().map(Filling::placementsPerSecond).toList();
        List<Double> passes = fillings.stream().flatMap(filling -> filling.passMillis().stream()).toList();
        List<Double> bytes = fillings.stream().map(Filling::bytesPerProcess).toList();
        Bench.figureAtLeast("kernel.placements", Bench.percentile(placements, 0.5), "placements/s", 20_000);
        Bench.figure("kernel.health_pass", Bench.percentile(passes, 0.5), "ms", 250);
        Bench.figure("kernel.memory", Bench.percentile(bytes, 0.5) / BYTES_PER_KIBIBYTE, "KiB/process", 1.5);
    }

    /** In a method of its own, so that nothing of one filling is still held when the next one is weighed. */
    private static Filling fillOnce(int hosts) {
        int processes = hosts * PROCESSES_A_HOST;
        long before = usedBytes();
        Fleet fleet = new Fleet(hosts, settings());
        fleet.brainNanos = 0;
        fill(fleet, processes);
        double placements = processes / (fleet.brainNanos / 1e9);
        List<Double> passes = new ArrayList<>();
        for (int pass = 0; pass < 5; pass++) {
            fleet.brainNanos = 0;
            fleet.reportAll();
            passes.add(fleet.brainNanos / 1e6);
        }
        fleet.hosts.forEach(host -> host.running.clear());
        long after = usedBytes();
        check(fleet, processes);
        return new Filling(placements, passes, (double) (after - before) / processes);
    }

    /** What one loss came to: seconds of the brain, and of its own time. */
    private record Healing(int hosts, int processes, double brainSeconds, Duration virtual) {}

    /** The one in the middle of several: a small size is over so soon that chance matters. */
    private static Healing median(int hosts, int runs) {
        List<Healing> healings = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            healings.add(heal(hosts, hosts * 100));
        }
        return healings.stream()
                .sorted(Comparator.comparingDouble(Healing::brainSeconds))
                .toList()
                .get(runs / 2);
    }

    private static Healing heal(int hosts, int processes) {
        Fleet fleet = filled(hosts, processes);
        long starts = fleet.starts;
        int lost = 0;
        for (int number = 0; number < hosts / 10; number++) {
            Fleet.Host host = fleet.hosts.get(number * 10);
            host.dead = true;
            lost += host.running.size();
        }
        Instant began = fleet.now();
        fleet.brainNanos = 0;
        while (fleet.starts < starts + lost && Duration.between(began, fleet.now()).toMinutes() < 60) {
            fleet.advance();
        }
        fleet.settle();
        check(fleet, processes);
        Healing healing =
                new Healing(hosts, processes, fleet.brainNanos / 1e9, Duration.between(began, fleet.now()));
        System.out.printf(
                Locale.ROOT,
                "%,d hosts, %,d processes: %,d processes of %,d lost hosts replaced in %.2f s of the brain (%d s of its time)%n",
                hosts,
                processes,
                lost,
                hosts / 10,
                healing.brainSeconds(),
                healing.virtual().toSeconds());
        return healing;
    }

    /** What was measured must also be right: every instance runs, once. */
    private static void check(Fleet fleet, int processes) {
        ClusterView view = fleet.brain.snapshot();
        long running = view.processes().stream()
                .filter(status -> status.process().state() == ProcessState.RUNNING)
                .count();
        if (running != processes || view.processes().size() != processes) {
            throw new IllegalStateException("Expected " + processes + " running processes, found " + running + " of "
                    + view.processes().size());
        }
    }

    /** How much faster than n log n the cost grows from the smallest size to the largest; 1 is n log n itself. */
    private static void tellHealing(List<Healing> healings, boolean quick) throws IOException {
        Healing first = healings.getFirst();
        Healing last = healings.getLast();
        double growth = perUnit(last) / perUnit(first);
        Path picture = Bench.ROOT.resolve("bench").resolve("kernel-decisions.svg");
        if (!quick) {
            Files.writeString(picture, ScalePlot.of(
                    "Seconds of the brain to heal the loss of a tenth of the hosts",
                    healings.stream().map(Healing::processes).toList(),
                    healings.stream().map(Healing::brainSeconds).toList()));
            System.out.println("plotted in " + Bench.ROOT.relativize(picture));
        }
        Bench.figure("kernel.growth", growth, "x n log n", 1.0);
        Bench.figure("kernel.heal_tenth", last.brainSeconds(), "s", 60);
    }

    private static double perUnit(Healing healing) {
        double n = healing.processes();
        return healing.brainSeconds() / (n * Math.log(n));
    }

    private static long usedBytes() {
        for (int round = 0; round < 3; round++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
