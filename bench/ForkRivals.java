import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Others on the same machine: a bare {@code crun run}, and podman. Each runs the same program. */
final class ForkRivals implements AutoCloseable {
    private final Path stamp;
    private final Path bundle = Files.createTempDirectory("holt-bench-crun");
    private final boolean podman;
    private int number;

    ForkRivals(Path stamp) throws IOException {
        this.stamp = stamp;
        Path root = Files.createDirectories(bundle.resolve("rootfs"));
        for (String each : List.of("proc", "sys", "dev", "tmp")) {
            Files.createDirectory(root.resolve(each));
        }
        Files.copy(stamp, root.resolve("stamp"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        output(List.of("sh", "-c", "cd \"$0\" && crun spec", bundle.toString()));
        String spec = Files.readString(bundle.resolve("config.json"));
        spec = spec.replace("\"terminal\": true", "\"terminal\": false").replaceFirst("\"sh\"", "\"/stamp\"");
        Files.writeString(bundle.resolve("config.json"), spec);
        podman = importImage(root);
    }

    private boolean importImage(Path root) {
        try {
            output(List.of("sh", "-c", "tar -C \"$0\" -c . | podman import -q - holt-bench-stamp", root.toString()));
            return true;
        } catch (IOException fault) {
            System.out.println("podman: not measured here: " + fault.getMessage().lines().findFirst().orElse(""));
            return false;
        }
    }

    boolean hasPodman() {
        return podman;
    }

    /** The start of {@code crun run} to main(), without overlay, without a connected network, without limits. */
    double crunMillis() throws IOException {
        return millis(List.of("crun", "run", "--bundle", bundle.toString(), "holt-bench-" + number++));
    }

    double podmanMillis() throws IOException {
        return millis(List.of("podman", "run", "--rm", "--memory", "64m", "--pids-limit", "32", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "holt-bench-stamp", "/stamp"));
    }

    /** Both times are told by the same small program: the one that starts the runtime, and the one in the container. */
    private double millis(List<String> command) throws IOException {
        List<String> all = new ArrayList<>(List.of(stamp.toString(), "run"));
        all.addAll(command);
        List<String> stamps =
                output(all).lines().filter(line -> line.startsWith("stamp ")).toList();
        return (Long.parseLong(stamps.get(1).substring(6)) - Long.parseLong(stamps.get(0).substring(6))) / 1e6;
    }

    static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command.getFirst() + " failed: " + text.strip());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return text;
    }

    @Override
    public void close() throws IOException {
        if (podman) {
            output(List.of("podman", "rmi", "-f", "holt-bench-stamp"));
        }
        ForkHost.delete(bundle);
    }
}
