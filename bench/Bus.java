import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * bus: Holt's bus server beside Debian's nats-server. This process is the load generator, the same for both; each server
 * has its own process. Rounds alternate between the two and the median counts; in full length the first of each is thrown
 * away. Figures are ratios of Holt to nats-server.
 */
final class Bus {
    private final int rounds;
    private final int thrownAway;
    private final double seconds;
    private final double warmUp;
    private final double settleSeconds;
    private final Path folder;
    private final List<String> figures = new ArrayList<>();

    private Bus(boolean quick, Path folder) {
        this.rounds = quick ? 3 : 8;
        this.thrownAway = quick ? 0 : 1;
        // Shorter than the 2 s after which nats-server sends a client its first PING, which would be counted as bytes.
        this.seconds = quick ? 0.22 : 1.2;
        this.warmUp = quick ? 1 : 4;
        this.settleSeconds = quick ? 0.4 : 5;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("holt-bench-bus");
        try {
            new Bus(Bench.quick(arguments), folder).run();
        } finally {
            delete(folder);
        }
    }

    /** One measurement of one server. */
    @FunctionalInterface
    private interface Work {
        BusLoad.Result on(BusRival server, double seconds) throws IOException;
    }

    /** Two servers that are measured in turns, and what they are called. */
    private record Rivals(BusRival holt, BusRival nats) implements AutoCloseable {
        @Override
        public void close() {
            holt.close();
            nats.close();
        }
    }

    private void run() throws IOException, InterruptedException {
        BusRival.createCertificate(folder);
        System.out.printf(
                "%-16s %14s %14s %8s %18s %18s %14s%n",
                "",
                "holt",
                "nats-server",
                "ratio",
                "cpu holt / nats",
                "generator's cpu",
                "cpu a message");
        try (Rivals plain = start(BusRival.Door.PLAIN)) {
            throughput(plain);
            requests(plain);
        }
        try (Rivals tls = start(BusRival.Door.TLS)) {
            // A JVM's ciphers are slow until its second compiler has seen them, which takes some seconds of load.
            warmUp(tls, 6 * warmUp);
            rate("bus.tls", 1.0, tls, load(128, 1, 1, false));
        }
        try (Rivals permissions = start(BusRival.Door.PERMISSIONS)) {
            warmUp(permissions, warmUp / 2);
            rate("bus.permissions", 1.0, permissions, load(128, 1, 1, false));
        }
        connections();
        subscriptions();
        System.out.println(
                """

                cpu: of one core, while measured. Where the generator's is near 100 % it holds the server back, which can
                only be to the disadvantage of the faster one. Where others are at work on this machine, the ratio of the cpu a
                message is the better measure. Memory is VmRSS; the figures are about its growth over the
                server without clients, the table has the total, too.
                """);
        figures.forEach(System.out::println);
    }

    private Rivals start(BusRival.Door door) throws IOException {
        return new Rivals(BusRival.holt(folder, door), BusRival.nats(folder, door));
    }

    private void throughput(Rivals rivals) throws IOException {
        warmUp(rivals, 1.5 * warmUp);
        rate("bus.pub.16", 2.5, rivals, load(16, 1, 0, false));
        rate("bus.pub.128", 2.5, rivals, load(128, 1, 0, false));
        rate("bus.pubsub.16", 3, rivals, load(16, 1, 1, false));
        List<BusLoad.Result[]> small = rate("bus.pubsub.128", 2.5, rivals, load(128, 1, 1, false));
        rate("bus.pubsub.1024", 2, rivals, load(1024, 1, 1, false));
        rate("bus.fanout4", 2.5, rivals, load(128, 1, 4, false));
        rate("bus.4to4", 2, rivals, load(128, 4, 4, false));
        rate("bus.wildcard", 2.5, rivals, load(128, 1, 1, true));
        rate("bus.churn", 2.5, rivals, BusTalk::churn);
        double holt = median(small, 0, Bus::cpuMicros);
        double nats = median(small, 1, Bus::cpuMicros);
        row("bus.cpu.128", "us", holt, nats);
        figure("bus.cpu.128", holt / nats, "<=", 0.35);
    }

    private static double cpuMicros(BusLoad.Result result) {
        return result.serverCpu() / result.messages() * 1e6;
    }

    /** Load until a JVM has compiled what it needs for it. What nats-server runs was compiled before. */
    private static void warmUp(Rivals rivals, double seconds) throws IOException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            load(128, 1, 1, false).on(rivals.holt, 0.3);
        }
    }

    private static Work load(int payload, int publishers, int subscribers, boolean wildcard) {
        BusLoad.Shape shape = new BusLoad.Shape(payload, publishers, subscribers, wildcard);
        return (server, seconds) -> BusLoad.run(server, shape, seconds);
    }

    private void requests(Rivals rivals) throws IOException {
        List<double[]> p50 = new ArrayList<>();
        List<double[]> p99 = new ArrayList<>();
        rate("bus.request.1", 1.3, rivals, (server, time) -> {
            BusTalk.Requests requests = BusTalk.requests(server, 1, time);
            boolean first = server == rivals.holt;
            note(p50, first, requests.percentile(0.5));
            note(p99, first, requests.percentile(0.99));
            return requests.result();
        });
        rate("bus.request.32", 1.5, rivals, (server, time) -> BusTalk.requests(server, 32, time).result());
        latency("bus.request.p50", 0.8, p50);
        latency("bus.request.p99", 1.0, p99);
    }

    private static void note(List<double[]> pairs, boolean first, double value) {
        if (first) {
            pairs.add(new double[2]);
        }
        pairs.getLast()[first ? 0 : 1] = value;
    }

    private void latency(String name, double atMost, List<double[]> pairs) {
        List<double[]> counted = pairs.subList(thrownAway, pairs.size());
        double holt = Bench.percentile(counted.stream().map(pair -> pair[0]).toList(), 0.5);
        double nats = Bench.percentile(counted.stream().map(pair -> pair[1]).toList(), 0.5);
        row(name, "us", holt, nats);
        figure(name, holt / nats, "<=", atMost);
    }

    private List<BusLoad.Result[]> rate(String name, double atLeast, Rivals rivals, Work work) throws IOException {
        List<BusLoad.Result[]> results = measure(rivals, work);
        double holt = median(results, 0, BusLoad.Result::rate);
        double nats = median(results, 1, BusLoad.Result::rate);
        System.out.printf(
                Locale.ROOT,
                "%-16s %,12.0f/s %,12.0f/s %7.2fx %8.0f%% / %5.0f%% %8.0f%% / %5.0f%% %13.2fx%n",
                name,
                holt,
                nats,
                holt / nats,
                100 * median(results, 0, result -> result.serverCpu() / result.seconds()),
                100 * median(results, 1, result -> result.serverCpu() / result.seconds()),
                100 * median(results, 0, result -> result.ownCpu() / result.seconds()),
                100 * median(results, 1, result -> result.ownCpu() / result.seconds()),
                median(results, 0, Bus::cpuMicros) / median(results, 1, Bus::cpuMicros));
        figure(name, holt / nats, ">=", atLeast);
        return results;
    }

    /** Rounds, Holt and nats-server in turns. */
    private List<BusLoad.Result[]> measure(Rivals rivals, Work work) throws IOException {
        List<BusLoad.Result[]> results = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            results.add(new BusLoad.Result[] {work.on(rivals.holt, seconds), work.on(rivals.nats, seconds)});
        }
        return results.subList(thrownAway, results.size());
    }

    private static double median(
            List<BusLoad.Result[]> results, int rival, ToDoubleFunction<BusLoad.Result> value) {
        return Bench.percentile(
                results.stream().map(pair -> value.applyAsDouble(pair[rival])).toList(), 0.5);
    }

    private void connections() throws IOException, InterruptedException {
        double[][] memory = new double[2][];
        for (int rival = 0; rival < 2; rival++) {
            try (BusRival server = fresh(rival)) {
                memory[rival] = memoryOfConnections(server);
            }
        }
        memory("bus.mem.conns1000", memory, 1);
        memory("bus.mem.conns10000", memory, 2);
    }

    /** Memory without clients, with 1,000 and with 10,000. */
    private double[] memoryOfConnections(BusRival server) throws IOException, InterruptedException {
        if (Math.min(server.openFiles(), BusRival.ownOpenFiles()) < 10_200) {
            throw new IOException(("Expected leave for 10,200 open files in the server and in the generator, found %d and"
                            + " %d. Raise it (ulimit -n, or LimitNOFILE of the service) and start again.")
                    .formatted(server.openFiles(), BusRival.ownOpenFiles()));
        }
        List<BusWire> clients = new ArrayList<>();
        try {
            comeAndGo(server);
            double idle = settledMemory(server);
            BusTalk.connect(server, clients, 1000);
            double thousand = settledMemory(server);
            BusTalk.connect(server, clients, 10_000);
            return new double[] {idle, thousand, settledMemory(server)};
        } finally {
            for (BusWire client : clients) {
                client.close();
            }
        }
    }

    /** A server that has served somebody before has the code for it in memory, which is no cost of a connection. */
    private static void comeAndGo(BusRival server) throws IOException {
        List<BusWire> visitors = new ArrayList<>();
        BusTalk.connect(server, visitors, 200);
        for (BusWire visitor : visitors) {
            visitor.close();
        }
    }

    private void subscriptions() throws IOException, InterruptedException {
        double[][] memory = new double[2][];
        for (int rival = 0; rival < 2; rival++) {
            try (BusRival server = fresh(rival)) {
                memory[rival] = memoryOfSubscriptions(server);
            }
        }
        memory("bus.mem.subs100k", memory, 1);
        memory("bus.mem.subs1m", memory, 2);
    }

    /** Memory without clients, with 100,000 subscriptions and with 1,000,000, of ten clients. */
    private double[] memoryOfSubscriptions(BusRival server) throws IOException, InterruptedException {
        List<BusWire> clients = new ArrayList<>();
        try {
            double idle = settledMemory(server);
            BusTalk.connect(server, clients, 1);
            BusTalk.subscribe(clients.getFirst(), 0, 100_000);
            double few = settledMemory(server);
            BusTalk.connect(server, clients, 10);
            for (int client = 1; client < 10; client++) {
                BusTalk.subscribe(clients.get(client), client * 100_000, (client + 1) * 100_000);
            }
            return new double[] {idle, few, settledMemory(server)};
        } finally {
            for (BusWire client : clients) {
                client.close();
            }
        }
    }

    private BusRival fresh(int rival) throws IOException {
        return rival == 0
                ? BusRival.holt(folder, BusRival.Door.PLAIN)
                : BusRival.nats(folder, BusRival.Door.PLAIN);
    }

    private double settledMemory(BusRival server) throws InterruptedException {
        Thread.sleep((long) (settleSeconds * 1000));
        return server.residentMebibytes();
    }

    private void memory(String name, double[][] memory, int step) {
        double holt = memory[0][step] - memory[0][0];
        double nats = memory[1][step] - memory[1][0];
        row(name + " growth", "MiB", holt, nats);
        row(name + " total", "MiB", memory[0][step], memory[1][step]);
        figure(name, holt / nats, "<=", 1.0);
    }

    private static void row(String name, String unit, double holt, double nats) {
        System.out.printf(
                Locale.ROOT, "%-25s %,9.2f %s %,9.2f %s %6.2fx%n", name, holt, unit, nats, unit, holt / nats);
    }

    private void figure(String name, double value, String relation, double bar) {
        boolean ok = relation.equals(">=") ? value >= bar : value <= bar;
        figures.add(
                String.format(Locale.ROOT, "figure %s %.2f x bar %s %s %s", name, value, relation, limit(bar), ok ? "ok" : "short"));
    }

    private static String limit(double bar) {
        return bar == Math.rint(bar) ? Long.toString((long) bar) : Double.toString(bar);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
