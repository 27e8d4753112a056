import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** heal: `kill -9` of the only instance of a native program to the next 200 through the router. */
final class Heal {
    public static void main(String[] arguments) throws IOException {
        int rounds = Bench.quick(arguments) ? 12 : 100;
        List<Double> healed = new ArrayList<>();
        try (Bench bench = new Bench().up()) {
            Path example = Bench.ROOT.resolve("examples/native");
            bench.run(List.of("make", "-s", "-C", example.toString()));
            for (int round = 0; round < rounds; round++) {
                // A new app every third round: the restart rule slows down an app that keeps crashing, as it should.
                String app = "heal" + round / 2;
                if (round % 2 == 0) {
                    bench.holt("push", app, "--path", example.toString());
                }
                bench.awaitAnswer(app);
                long start = System.nanoTime();
                kill(app);
                bench.awaitAnswer(app);
                healed.add((System.nanoTime() - start) / 1e6);
                if (round % 2 == 1) {
                    bench.holt("delete", app, "--yes");
                }
            }
        }
        System.out.printf("p50 %.0f ms, worst %.0f ms of %d%n",
                Bench.percentile(healed, 0.5), Bench.percentile(healed, 1), healed.size());
        Bench.figure("heal.p99", Bench.percentile(healed, 0.99), "ms", 1000);
    }

    /** Ends the program itself, not its supervisor; the platform has to find out. */
    private static void kill(String app) throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            List<ProcessHandle> programs = processes
                    .filter(path -> path.getFileName().toString().matches("\\d+"))
                    .filter(path -> text(path, "environ").contains("HOLT_APP=" + app + "\0"))
                    .filter(path -> text(path, "comm").strip().equals("server"))
                    .flatMap(path -> ProcessHandle.of(Long.parseLong(path.getFileName().toString())).stream())
                    .toList();
            if (programs.size() != 1) {
                throw new IllegalStateException("Expected one program of " + app + ", found " + programs.size());
            }
            programs.getFirst().destroyForcibly();
            // An answer that a dying program still gives would be a lie; after this, only the next one can answer.
            while (programs.getFirst().isAlive()) {
                Thread.onSpinWait();
            }
        }
    }

    private static String text(Path process, String file) {
        try {
            return Files.readString(process.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
