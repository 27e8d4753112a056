package holt.agent;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a short program of the system to its end. Stateless; any thread, and in the namespaces of that thread. */
final class Tool {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MAX_OUTPUT = 1 << 20;

    private Tool() {}

    /** How a program ended, and what it wrote to both streams. */
    record Result(int status, String output) {
        boolean succeeded() {
            return status == 0;
        }
    }

    /** Runs a program; {@code input} is what it reads. */
    static Result run(List<String> command, String input) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(
                        input.isEmpty() ? Redirect.from(Path.of("/dev/null").toFile()) : Redirect.PIPE)
                .start();
        process.onExit().orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> {
            process.destroyForcibly();
            return process;
        });
        try {
            if (!input.isEmpty()) {
                try (var stream = process.getOutputStream()) {
                    stream.write(input.getBytes(StandardCharsets.UTF_8));
                }
            }
            String output = new String(process.getInputStream().readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while running " + command.getFirst(), stop);
        }
    }

    /** Runs a program that has to succeed. */
    static String check(List<String> command, String input) throws IOException {
        Result result = run(command, input);
        if (!result.succeeded()) {
            throw new IOException(
                    "'" + String.join(" ", command) + "' ended with " + result.status() + ": " + result.output());
        }
        return result.output();
    }

    /** Where a program lies: in the search path or the usual folders of administrators' programs. */
    static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "")
                + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        for (String folder : path.split(":")) {
            Path file = Path.of(folder.isEmpty() ? "/nonexistent" : folder, name);
            if (Files.isExecutable(file) && !Files.isDirectory(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
