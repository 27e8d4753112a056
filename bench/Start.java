import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** start: `holt up` of a built platform to ready, and what the platform costs while nothing happens. */
final class Start {
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = Bench.quick(arguments) ? 3 : 9;
        int idleSeconds = Bench.quick(arguments) ? 10 : 60;
        List<Double> ready = new ArrayList<>();
        try (Bench bench = new Bench().up()) {
            for (int round = 0; round < rounds; round++) {
                bench.holt("down");
                long start = System.nanoTime();
                bench.up();
                ready.add((System.nanoTime() - start) / 1e9);
                System.out.printf("round %d: ready after %.2f s%n", round + 1, ready.getLast());
            }
            bench.holt("push", "idle", "--path", Bench.ROOT.resolve("examples/static").toString());
            Thread.sleep(5000);
            long before = cpuTicks(bench.serverPid());
            Thread.sleep(idleSeconds * 1000L);
            double share = (cpuTicks(bench.serverPid()) - before) / 100.0 / idleSeconds * 100;
            Bench.figure("start.ready", Bench.percentile(ready, 0.5), "s", 3);
            Bench.figure("idle.memory", residentKib(bench.serverPid()) / 1024.0, "MiB", 300);
            Bench.figure("idle.cpu", share, "%", 1);
        }
    }

    private static long cpuTicks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static long residentKib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
