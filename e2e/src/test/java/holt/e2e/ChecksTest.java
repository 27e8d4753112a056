package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How instances are checked and ended, and hosts emptied, as a person asks for it. */
final class ChecksTest {
    private static RunningHolt holt;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws IOException {
        holt = RunningHolt.start();
        Files.writeString(folder.resolve("index.html"), "hello\n");
        Files.writeString(folder.resolve("ok"), "yes\n");
    }

    @AfterAll
    static void stop() {
        holt.close();
    }

    private static RunningHolt.Outcome push(String name, String command, String... options) {
        String[] first = {"push", name, "--path", folder.toString(), "--command", command};
        String[] all = java.util.stream.Stream.concat(java.util.Arrays.stream(first), java.util.Arrays.stream(options))
                .toArray(String[]::new);
        return holt.run(all);
    }

    @Test
    void checksAreSaidWithThePushShownAndChanged() {
        push(
                        "checked",
                        "exec busybox httpd -f -p $PORT",
                        "--check",
                        "http:/ok",
                        "--grace",
                        "20s",
                        "--before-stop",
                        "echo bye now")
                .succeeded();
        assertThat(holt.run("checks", "checked").succeeded().out())
                .contains("http:/ok")
                .contains("20 s")
                .contains("echo bye now");
        holt.run("checks", "checked", "--liveness", "http:/ok", "--liveness-interval", "2s")
                .succeeded();
        assertThat(holt.run("checks", "checked").succeeded().out()).contains("every 2 s");
        await().atMost(RunningHolt.PATIENCE)
                .until(() -> holt.run("logs", "checked").succeeded().out().contains("bye now"));
        assertThat(holt.run("checks", "checked", "--check", "http:ok").failed(1).all())
                .contains("begins with /");
        holt.run("delete", "checked", "--yes").succeeded();
    }

    @Test
    void oneThatIsAliveNoLongerIsReplacedAndTheEventSaysWhy() {
        push(
                        "sick",
                        "(sleep 4; rm -f ok) & exec busybox httpd -f -p $PORT",
                        "--liveness",
                        "http:/ok",
                        "--liveness-interval",
                        "1s",
                        "--liveness-failures",
                        "2")
                .succeeded();
        await().atMost(RunningHolt.PATIENCE)
                .until(() ->
                        holt.run("events", "sick").succeeded().out().contains("GET /ok answered 404 twice in a row"));
        await().atMost(RunningHolt.PATIENCE)
                .until(() -> holt.instances("sick").getFirst().restarts() > 0);
        holt.run("delete", "sick", "--yes").succeeded();
    }

    @Test
    void aStartThatFailsItsCheckSaysWhatWasSeen() {
        assertThat(push("late", "exec busybox httpd -f -p $PORT", "--check", "http:/absent", "--start-limit", "2")
                        .failed(1)
                        .all())
                .contains("GET /absent answered 404");
    }

    @Test
    void theOnlyHostCannotBeEmptiedAndSaysSo() {
        push("lonely", "exec busybox httpd -f -p $PORT").succeeded();
        String host = holt.instances("lonely").getFirst().host();
        assertThat(holt.run("host", "drain", host).failed(1).all())
                .contains("lonely/0")
                .contains("there is no other host");
        assertThat(holt.run("hosts").succeeded().out()).contains("drained");
        holt.awaitAnswer("lonely", 200);
        holt.run("host", "undrain", host).succeeded();
        assertThat(holt.run("host", "drain", "nowhere").failed(1).all()).contains("no host named");
        holt.run("delete", "lonely", "--yes").succeeded();
    }
}
