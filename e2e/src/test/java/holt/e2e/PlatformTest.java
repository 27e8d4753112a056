package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The platform itself: starting, stopping, several on one machine, without isolation. */
final class PlatformTest {

    @Test
    void theDemoShowsWhereItIsAndWhatToTryNext() throws Exception {
        try (RunningHolt holt = RunningHolt.stopped()) {
            RunningHolt.Outcome demo =
                    holt.run("demo", "--api-port", "0", "--http-port", "0").succeeded();
            assertThat(demo.out())
                    .contains("http://hello.localhost:" + holt.httpPort())
                    .contains(holt.token())
                    .contains("scale hello 3")
                    .contains("logs hello");
            assertThat(holt.get("hello", "/").statusCode()).isEqualTo(200);
            assertThat(Files.getPosixFilePermissions(holt.home().resolve("client.json")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void twoPlatformsRunSideBySide() {
        try (RunningHolt one = RunningHolt.start();
                RunningHolt other = RunningHolt.start()) {
            one.pushExample("mine", "python").succeeded();
            other.pushExample("mine", "static").succeeded();
            assertThat(one.get("mine", "/").body())
                    .isNotEqualTo(other.get("mine", "/").body());
            other.run("down").succeeded();
            assertThat(one.get("mine", "/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void upAndDownSayWhatTheyDid() throws Exception {
        try (RunningHolt holt = RunningHolt.stopped()) {
            assertThat(holt.run("down").succeeded().out()).contains("nothing to stop");
            assertThat(holt.up().out()).contains("Holt is up");
            assertThat(holt.up().out()).contains("already");
            holt.pushExample("kept", "python").succeeded();
            assertThat(holt.run("down").succeeded().out()).contains("Holt is down");
            holt.up();
            holt.awaitAnswer("kept", 200);
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void commandsForThePlatformSpeakJson() {
        try (RunningHolt holt = RunningHolt.start()) {
            Map<String, Object> up = holt.json(Map.class, "up", "--api-port", "0", "--http-port", "0");
            assertThat(up).containsEntry("httpPort", holt.httpPort()).containsKey("apiUrl");
            Map<String, Object> configuration = holt.json(Map.class, "config");
            assertThat((List<Map<String, Object>>) configuration.get("settings"))
                    .extracting(setting -> setting.get("key"))
                    .contains("api.port", "host.backend");
            assertThat(holt.json(Map.class, "down")).containsEntry("stopped", true);
        }
    }

    @Test
    void aStartThatFailsLeavesNothingOnTheHost() throws Exception {
        try (RunningHolt holt = RunningHolt.stopped();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Path bridge = Path.of("/sys/class/net", "holt" + platform(holt.home()));
            assertThat(holt.run("up", "--api-port", "0", "--http-port", port).all())
                    .contains("cannot listen")
                    .contains(port);
            assertThat(bridge).doesNotExist();
            assertThat(holt.run("up", "--api-port", port, "--http-port", "0")
                            .failed(1)
                            .err())
                    .contains(port);
            assertThat(bridge).doesNotExist();
            holt.up();
            assertThat(bridge).exists();
            holt.run("down").succeeded();
            assertThat(bridge).doesNotExist();
        }
    }

    /** How the agent of a home names what it makes on the host. */
    private static String platform(Path home) throws IOException {
        String agent = home.toRealPath().resolve("agent").toString();
        return Digest.of(agent.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
    }

    @Test
    void withoutIsolationItSaysWhatIsLost() {
        try (RunningHolt holt = RunningHolt.start("--host-backend", "plain")) {
            assertThat(holt.run("hosts").succeeded().all()).contains("plain").contains("not isolated");
            holt.pushExample("open", "python").succeeded();
            assertThat(holt.get("open", "/").statusCode()).isEqualTo(200);
        }
    }
}
