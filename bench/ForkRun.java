import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The measured part of {@link Fork}, in a program of its own with the server's options. */
final class ForkRun {
    private static final double MIB = 1 << 20;
    private static final String ONCE = "exec ./stamp";
    private static final String IDLE = "exec ./stamp wait";

    private final List<Double> exits = new ArrayList<>();
    private final Map<String, Double> figures = new TreeMap<>();
    private Path stamp = Path.of("stamp");
    private boolean quick;

    /** Arguments: the measured program, and those of the benchmark. */
    void main(String[] arguments) throws IOException, InterruptedException {
        stamp = Path.of(arguments[0]);
        quick = Bench.quick(arguments);
        run();
    }

    private void run() throws IOException, InterruptedException {
        oneAtATime();
        atOnce();
        idle();
        System.out.println("left behind: nothing");
        print();
    }

    /** Cold, prepared and the others in turn, so that all see the same machine. */
    private void oneAtATime() throws IOException, InterruptedException {
        List<Double> crun = new ArrayList<>();
        List<Double> cold = new ArrayList<>();
        List<Double> prepared = new ArrayList<>();
        List<Double> podman = new ArrayList<>();
        try (ForkAgent plain = new ForkAgent(stamp, 0)) {
            Thread.sleep(quick ? 3000 : 10_000);
            figures.put("agent", ForkHost.residentBytes() / MIB);
            try (ForkAgent ahead = new ForkAgent(stamp, 128); ForkRivals rivals = new ForkRivals(stamp)) {
                int warmUp = quick ? 40 : 200;
                int rounds = quick ? 50 : 300;
                for (int round = -warmUp; round < rounds; round++) {
                    double ofCrun = rivals.crunMillis();
                    double ofCold = one(plain, round >= 0);
                    ahead.awaitWaiting(Math.min(8, Math.max(0, warmUp + round - 4)));
                    double ofPrepared = one(ahead, round >= 0);
                    if (round >= 0) {
                        crun.add(ofCrun);
                        cold.add(ofCold);
                        prepared.add(ofPrepared);
                    }
                    if (rivals.hasPodman() && round >= 0 && round % 20 == 0) {
                        podman.add(rivals.podmanMillis());
                    }
                }
            }
        }
        row("crun run, bare", crun);
        row("holt, cold", cold);
        row("holt, prepared", prepared);
        if (!podman.isEmpty()) {
            row("podman run", podman);
        }
        System.out.println("docker: not measured here: its engine does not work on this machine");
        row("exit to event", exits);
        figures.put("prepared", Bench.percentile(prepared, 0.5));
        figures.put("cold", Bench.percentile(cold, 0.5));
        figures.put("by crun", Bench.percentile(cold, 0.5) / Bench.percentile(crun, 0.5));
    }

    private double one(ForkAgent agent, boolean counts) throws IOException {
        ForkAgent.Asked asked = agent.start(ONCE);
        double millis = agent.startMillis(asked);
        double exit = (agent.exitReported(asked) - agent.began(asked)) / 1e6;
        if (counts) {
            exits.add(exit);
        }
        return millis;
    }

    private static void row(String name, List<Double> millis) {
        System.out.printf(
                "%-16s p50 %7.2f ms   p90 %7.2f   p99 %7.2f   (%d)%n",
                name,
                Bench.percentile(millis, 0.5),
                Bench.percentile(millis, 0.9),
                Bench.percentile(millis, 0.99),
                millis.size());
    }

    private void atOnce() throws IOException {
        try (ForkAgent plain = new ForkAgent(stamp, 0)) {
            eightAtOnce(plain, 40);
            figures.put("starts", eightAtOnce(plain, quick ? 120 : 600));
        }
        List<Double> bursts = new ArrayList<>();
        try (ForkAgent ahead = new ForkAgent(stamp, 128)) {
            eightAtOnce(ahead, 64);
            for (int round = 0; round < (quick ? 3 : 7); round++) {
                ahead.awaitWaiting(50);
                bursts.add(burst(ahead, 50));
            }
        }
        System.out.println("bursts of 50 from prepared containers, ms: " + bursts);
        figures.put("burst", Bench.percentile(bursts, 0.5));
    }

    /** Starts a second, with eight under way all the time. */
    private static double eightAtOnce(ForkAgent agent, int count) throws IOException {
        Deque<ForkAgent.Asked> underWay = new ArrayDeque<>();
        long start = System.nanoTime();
        for (int each = 0; each < count; each++) {
            if (underWay.size() == 8) {
                agent.began(underWay.removeFirst());
            }
            underWay.addLast(agent.start(ONCE, "many" + each % 4));
        }
        while (!underWay.isEmpty()) {
            agent.began(underWay.removeFirst());
        }
        return count / ((System.nanoTime() - start) / 1e9);
    }

    private static double burst(ForkAgent agent, int count) throws IOException {
        List<ForkAgent.Asked> all = new ArrayList<>();
        for (int each = 0; each < count; each++) {
            all.add(agent.start(ONCE, "burst" + each % 10));
        }
        long last = 0;
        for (ForkAgent.Asked each : all) {
            last = Math.max(last, agent.began(each));
        }
        double millis = (last - all.getFirst().nanos()) / 1e6;
        all.forEach(agent::exitReported);
        return millis;
    }

    private void idle() throws IOException, InterruptedException {
        int count = quick ? 150 : 2000;
        try (ForkAgent agent = new ForkAgent(stamp, 0)) {
            for (int each = 0; each < 20; each++) {
                agent.exitReported(agent.start(ONCE));
            }
            long used = ForkHost.usedBytes();
            List<Double> millis = new ArrayList<>();
            List<ForkAgent.Asked> all = new ArrayList<>();
            for (int each = 0; each < count; each++) {
                ForkAgent.Asked asked = agent.start(IDLE, "idle" + each % 50);
                millis.add(agent.startMillis(asked));
                all.add(asked);
                if (each + 1 == count / 2) {
                    share(count / 2);
                }
            }
            Thread.sleep(quick ? 1000 : 10_000);
            long own = ForkHost.ownBytes(agent.program(all.getLast()));
            double each = (ForkHost.usedBytes() - used) / (double) count - own;
            System.out.printf(
                    "%d idle: %.2f MiB each, besides the program's own %.2f (process 1: %.2f); the agent %.0f MiB%n",
                    count,
                    each / MIB,
                    own / MIB,
                    ForkHost.ownBytes(agent.init(all.getLast())) / MIB,
                    ForkHost.residentBytes() / MIB);
            int group = quick ? 20 : 50;
            double first = Bench.percentile(millis.subList(0, group), 0.5);
            double last = Bench.percentile(millis.subList(count - group, count), 0.5);
            System.out.printf("first %d: p50 %.2f ms; last %d: p50 %.2f ms%n", group, first, group, last);
            figures.put("memory", each / MIB);
            figures.put("growth", last / first);
        }
    }

    /** Processor time of the agent, with that many, of one core. */
    private void share(int count) throws InterruptedException {
        Thread.sleep(quick ? 1000 : 5000);
        long before = ForkHost.cpuNanos();
        long start = System.nanoTime();
        Thread.sleep(quick ? 5000 : 30_000);
        double share = 100.0 * (ForkHost.cpuNanos() - before) / (System.nanoTime() - start);
        System.out.printf("agent with %d instances: %.2f %% of a core%n", count, share);
        figures.put("share", share);
    }

    private void print() {
        Bench.figure("fork.prepared.p50", figures.get("prepared"), "ms", 3);
        Bench.figure("fork.cold.p50", figures.get("cold"), "ms", 10);
        Bench.figure("fork.cold.by_crun", figures.get("by crun"), "x", 1.3);
        Bench.figureAtLeast("fork.starts", figures.get("starts"), "/s", 120);
        Bench.figure("fork.burst50", figures.get("burst"), "ms", 150);
        Bench.figure("fork.idle.memory", figures.get("memory"), "MiB", 1.2);
        Bench.figure("fork.idle.growth", figures.get("growth"), "x", 2);
        Bench.figure("fork.agent.memory", figures.get("agent"), "MiB", 96);
        Bench.figure("fork.agent.cpu1000", figures.get("share"), "%", 5);
        Bench.figure("fork.exit.p99", Bench.percentile(exits, 0.99), "ms", 20);
    }
}
