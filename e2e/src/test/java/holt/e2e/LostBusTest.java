package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Api;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A platform whose bus is a nats-server elsewhere: it does what it does, and losing the bus harms nothing that runs. */
final class LostBusTest {
    private static final Duration AWAY = Duration.ofSeconds(20);

    @TempDir
    private static Path folder;

    private static int port;
    private static Process server;
    private static RunningHolt holt;

    @BeforeAll
    static void start() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        startServer();
        holt = RunningHolt.stopped();
        Files.writeString(holt.home().resolve("holt.toml"), "[bus]\nurl = \"nats://127.0.0.1:" + port + "\"\n");
        holt.up();
    }

    @AfterAll
    static void stop() {
        holt.close();
        server.destroyForcibly();
    }

    @Test
    void losingTheBusForAWhileHarmsNothingThatRuns() throws Exception {
        holt.pushExample("steady", "python", "--instances", "2").succeeded();
        holt.awaitAnswer("steady", 200);
        List<Run> before = runs();
        assertThat(before).hasSize(2);

        CopyOnWriteArrayList<String> failures = new CopyOnWriteArrayList<>();
        AtomicInteger asked = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        Thread client = Thread.ofVirtual().start(() -> askUntil(over, asked, failures));
        server.destroyForcibly().onExit().join();
        int askedBefore = asked.get();
        long backAt = System.nanoTime() + AWAY.toNanos();
        // It is the length of the absence that is tested: longer than a host may be silent.
        await().atMost(AWAY.plus(RunningHolt.PATIENCE)).until(() -> System.nanoTime() - backAt > 0);
        assertThat(asked.get()).isGreaterThan(askedBefore + 100);
        startServer();

        holt.run("scale", "steady", "3").succeeded();
        await().atMost(RunningHolt.PATIENCE).until(() -> holt.app("steady").running() == 3);
        over.set(true);
        client.join();
        assertThat(failures).as("of %s requests", asked).isEmpty();
        assertThat(runs()).containsAll(before);
        assertThat(holt.run("events", "steady").succeeded().out())
                .doesNotContain("crashed")
                .doesNotContain("lost");

        holt.get("steady", "/");
        await().atMost(RunningHolt.PATIENCE)
                .until(() -> !holt.run("logs", "steady").succeeded().out().isBlank());
        holt.pushExample("later", "static").succeeded();
        holt.awaitAnswer("later", 200);
        holt.run("delete", "steady", "--yes").succeeded();
        holt.awaitAnswer("steady", 404);
    }

    @Test
    void aSecondPlatformOnTheSameSubjectsIsRefusedAndOneWithAPrefixIsNot() throws Exception {
        try (RunningHolt second = RunningHolt.stopped()) {
            String bus = "[bus]\nurl = \"nats://127.0.0.1:" + port + "\"\n";
            Files.writeString(second.home().resolve("holt.toml"), bus);
            RunningHolt.Outcome refused = second.run("up", "--api-port", "0", "--http-port", "0");
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.err())
                    .contains("Another Holt platform uses the bus")
                    .contains("bus.prefix");
            Files.writeString(second.home().resolve("holt.toml"), bus + "prefix = \"second\"\n");
            second.up();
            second.pushExample("apart", "static").succeeded();
            second.awaitAnswer("apart", 200);
            assertThat(holt.run("apps").succeeded().out()).doesNotContain("apart");
        }
    }

    @Test
    void aBusThatIsNotThereIsToldWithItsAddress() throws Exception {
        try (RunningHolt lonely = RunningHolt.stopped()) {
            Files.writeString(lonely.home().resolve("holt.toml"), "[bus]\nurl = \"nats://127.0.0.1:1\"\n");
            RunningHolt.Outcome refused = lonely.run("up", "--api-port", "0", "--http-port", "0");
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.err())
                    .contains("nats://127.0.0.1:1")
                    .contains("cannot be reached")
                    .contains("correct bus.url");
        }
    }

    /** What tells one run of a program from another. */
    private record Run(long pid, String startedAt, int restarts) {}

    private static List<Run> runs() {
        return holt.instances("steady").stream()
                .map((Api.ProcessView process) ->
                        new Run(process.pid(), String.valueOf(process.startedAt()), process.restarts()))
                .toList();
    }

    private static void askUntil(AtomicBoolean over, AtomicInteger asked, List<String> failures) {
        while (!over.get()) {
            try {
                HttpResponse<String> answer = holt.get("steady", "/");
                if (answer.statusCode() != 200) {
                    failures.add(answer.statusCode() + " " + answer.body());
                }
            } catch (RuntimeException fault) {
                failures.add(fault.toString());
            }
            asked.incrementAndGet();
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(20).toNanos());
        }
    }

    private static void startServer() throws IOException {
        server = new ProcessBuilder("nats-server", "-a", "127.0.0.1", "-p", "" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nats.out").toFile())
                .start();
        await().atMost(RunningHolt.PATIENCE).until(LostBusTest::accepts);
    }

    private static boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() == 'I';
        } catch (IOException notYet) {
            return false;
        }
    }
}
