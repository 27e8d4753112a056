package holt.server;

import holt.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Run by the build: makes the ahead-of-time caches (JEP 483, JEP 514) for the command line and the server by letting
 * each do its usual work once. {@code WarmUp FOLDER} writes {@code cli.aot} and {@code server.aot} there.
 */
final class WarmUp {
    private final Path folder;
    private final String classPath = System.getProperty("java.class.path");
    private final String java =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private WarmUp(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        new WarmUp(Path.of(arguments[0])).run();
    }

    private void run() throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("holt-warm-up");
        try {
            // Only the very first start makes the schema and the keys, so the second one is the one to learn from.
            Process first = start(server(home, List.of()));
            logIn(home, first);
            stop(home, first);
            Process usual = start(server(home, List.of("-XX:AOTCacheOutput=" + folder.resolve("server.aot"))));
            logIn(home, usual);
            start(cli(home)).waitFor();
            stop(home, usual);
        } finally {
            delete(home);
        }
    }

    private static void logIn(Path home, Process server) throws IOException {
        String ready = server.inputReader().readLine();
        StartReport report = ready == null ? null : Json.read(ready, StartReport.class);
        RunFile run = report == null ? null : report.run();
        if (report == null || run == null) {
            throw new IOException("Expected a server that is ready, found: " + ready);
        }
        Platforms.logIn(home, run, report.adminToken());
    }

    /** Leaves nothing of the platform on this host. */
    private static void stop(Path home, Process server) throws IOException, InterruptedException {
        StopRequest.leave(home);
        server.destroy();
        server.waitFor();
    }

    private List<String> server(Path home, List<String> recording) {
        List<String> command = new ArrayList<>(ServerProcess.prefix());
        command.add(java);
        command.addAll(recording);
        command.addAll(JvmOptions.base());
        command.addAll(
                List.of("-cp", classPath, ServerMain.class.getName(), home.toString(), "API_PORT=0", "HTTP_PORT=0"));
        return command;
    }

    private List<String> cli(Path home) {
        return List.of(
                java,
                "-XX:AOTCacheOutput=" + folder.resolve("cli.aot"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djdk.reflect.useNativeAccessorOnly=true",
                "-cp",
                classPath,
                Main.class.getName(),
                "--home",
                home.toString(),
                "ps");
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException fault) {
                    throw new UncheckedIOException(fault);
                }
            });
        }
    }
}
