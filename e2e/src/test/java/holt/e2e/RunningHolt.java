package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Api;
import holt.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A platform of its own for one test class: its own folder, its own ports, driven through {@code ./holt} alone. */
final class RunningHolt implements AutoCloseable {
    static final Path ROOT =
            Path.of(System.getProperty("holt.root")).toAbsolutePath().normalize();
    static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path home;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningHolt(Path home) {
        this.home = home;
    }

    /** What a command did. */
    record Outcome(int exitCode, String out, String err) {
        Outcome succeeded() {
            assertThat(exitCode).as("exit code; out: %s err: %s", out, err).isZero();
            return this;
        }

        Outcome failed(int code) {
            assertThat(exitCode).as("exit code; out: %s err: %s", out, err).isEqualTo(code);
            return this;
        }

        String all() {
            return out + err;
        }
    }

    static RunningHolt start(String... options) {
        RunningHolt holt = stopped();
        holt.up(options);
        return holt;
    }

    /** A home folder without a platform. */
    static RunningHolt stopped() {
        try {
            return new RunningHolt(Files.createTempDirectory("holt-e2e"));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    Outcome up(String... options) {
        shareBus();
        List<String> command = new ArrayList<>(List.of("up", "--api-port", "0", "--http-port", "0"));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new)).succeeded();
    }

    /**
     * With the system property {@code holt.bus.url} all platforms of these tests use that nats-server, each below a prefix
     * of its own; a test that says itself where the bus is does as it says.
     */
    private void shareBus() {
        String url = System.getProperty("holt.bus.url", "");
        Path settings = home.resolve("holt.toml");
        if (url.isEmpty() || Files.exists(settings)) {
            return;
        }
        try {
            Files.writeString(settings, "[bus]\nurl = \"" + url + "\"\nprefix = \"" + home.getFileName() + "\"\n");
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    Path home() {
        return home;
    }

    /** Runs {@code ./holt} with this home, away from any terminal. */
    Outcome run(String... arguments) {
        return run(Map.of(), arguments);
    }

    Outcome run(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("holt").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HOLT_HOME", home.toString());
        builder.environment().putAll(environment);
        try {
            Path out = Files.createTempFile("holt-out", ".txt");
            Path err = Files.createTempFile("holt-err", ".txt");
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .redirectInput(new java.io.File("/dev/null"))
                    .start();
            int code = process.waitFor();
            Outcome outcome = new Outcome(code, Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return outcome;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    Outcome pushExample(String name, String example, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "push",
                name,
                "--path",
                ROOT.resolve("examples").resolve(example).toString()));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new));
    }

    Outcome pushWithToken(String token, String name) {
        Path example = ROOT.resolve("examples").resolve("static");
        return run(Map.of("HOLT_TOKEN", token), "push", name, "--path", example.toString());
    }

    <T> T json(Class<T> type, String... arguments) {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.add("--json");
        return Json.read(run(command.toArray(String[]::new)).succeeded().out(), type);
    }

    Api.AppView app(String name) {
        return json(Api.AppView.class, "app", name);
    }

    List<Api.ProcessView> instances(String name) {
        return app(name).processes().stream()
                .filter(process -> process.program().equals("instance"))
                .toList();
    }

    /** One request through the router, as a browser would send it to {@code name.localhost}. */
    HttpResponse<String> get(String name, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort() + path))
                    .header("Host", name.indexOf('.') < 0 ? name + ".localhost" : name)
                    .timeout(PATIENCE)
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    void awaitAnswer(String name, int status) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> get(name, "/").statusCode() == status);
    }

    int httpPort() {
        return Json.tree(runFile()).get("httpPort").asInt();
    }

    int apiPort() {
        return Json.tree(runFile()).get("apiPort").asInt();
    }

    /** Pid of the server's process on this machine. */
    long serverPid() {
        return Json.tree(runFile()).get("pid").asLong();
    }

    /** What the home folder takes on the disk; the lengths of files would count holes too. */
    long diskBytes() {
        try {
            Process du = new ProcessBuilder("du", "-sk", home.toString()).start();
            String answer = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Long.parseLong(answer.split("\\s")[0]) << 10;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    String token() {
        try {
            String credentials = Files.readString(home.resolve("client.json"));
            int start = credentials.indexOf("holt_");
            return credentials.substring(start, credentials.indexOf('"', start));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** As {@code kill -9}: the server gets no chance to tidy up. */
    void killServer() {
        ProcessHandle server = ProcessHandle.of(serverPid()).orElseThrow();
        server.destroyForcibly();
        await().atMost(PATIENCE).until(() -> !server.isAlive());
    }

    @Override
    public void close() {
        run("down");
        try (Stream<Path> paths = Files.walk(home)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException fault) {
            throw new IllegalStateException("Expected to remove " + home + ", found: " + fault, fault);
        }
    }

    private byte[] runFile() {
        try {
            return Files.readAllBytes(home.resolve("run").resolve("server.json"));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }
}
