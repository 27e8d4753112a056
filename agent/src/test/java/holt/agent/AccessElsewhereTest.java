package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Frame;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Guests under the other ways to run instances: runc, and plain processes. Needs root. */
class AccessElsewhereTest {

    @Test
    void runcLetsGuestsIn() throws Exception {
        check(new Platform(settings -> settings.withRuntimes(List.of(), List.of("runc"))), 9000);
    }

    @Test
    void plainProcessesLetGuestsIn() throws Exception {
        check(new Platform(settings -> settings.withBackend(AgentSettings.Choice.PLAIN)), 0);
    }

    /** @param port on which something listens on the instance's 127.0.0.1; 0 for that of the instance itself */
    private static void check(Platform platform, int port) throws Exception {
        try (platform) {
            ProcessSpec shop = platform.web("busybox httpd -f -p 127.0.0.1:9000 & exec busybox httpd -f -p $PORT");
            ProcessReport running = platform.run(shop);
            status(platform, shop);
            terminal(platform, shop);
            background(platform, shop);
            vanish(platform, shop);
            try (Visitor visitor = Visitor.connects(platform, shop, port == 0 ? running.port() : port)) {
                visitor.type("GET /readme HTTP/1.0\r\n\r\n");
                visitor.endInput();
                assertThat(visitor.exit()).isZero();
                assertThat(visitor.out()).contains("hello from the droplet");
            }
            await().atMost(Platform.PATIENCE).until(() -> platform.agent.sessions() == 0);
        }
        KernelLeftovers.assertNone(platform);
    }

    private static void status(Platform platform, ProcessSpec shop) {
        try (Visitor visitor = Visitor.runs(platform, shop, "sh", "-c", "cat; echo $HOLT_APP $EXTRA >&2; exit 3")) {
            visitor.type("to and fro");
            visitor.endInput();
            assertThat(visitor.exit()).isEqualTo(3);
            assertThat(visitor.out()).isEqualTo("to and fro");
            assertThat(visitor.err()).isEqualTo("shop one more\n");
        }
        try (Visitor visitor = Visitor.runs(platform, shop, "no-such-command")) {
            assertThat(visitor.exit()).isEqualTo(127);
        }
    }

    private static void terminal(Platform platform, ProcessSpec shop) {
        String command = "stty size; echo >/dev/tty ready; while [ \"$(stty size)\" = '17 91' ]; do sleep 0.05; done;"
                + " stty size; id -u; exit 6";
        try (Visitor visitor = Visitor.onTerminal(platform, shop, "sh", "-c", command)) {
            visitor.awaitOutput("ready");
            visitor.send(Frame.resize(120, 40));
            assertThat(visitor.exit()).isEqualTo(6);
            assertThat(visitor.out())
                    .contains(
                            "17 91",
                            "40 120",
                            Integer.toString(InstanceKey.of(shop).uid()));
        }
    }

    private static void background(Platform platform, ProcessSpec shop) throws IOException {
        try (Visitor visitor = Visitor.runs(platform, shop, "sh", "-c", "sleep 1011 & echo done")) {
            assertThat(visitor.exit()).isZero();
            assertThat(Tool.check(List.of("ps", "axww", "-o", "args"), "")).doesNotContain("sleep 1011");
        }
    }

    private static void vanish(Platform platform, ProcessSpec shop) throws Exception {
        try (Visitor visitor =
                Visitor.runs(platform, shop, "sh", "-c", "trap '' TERM HUP; echo up; sleep 1012; sleep 1013")) {
            visitor.awaitOutput("up");
            visitor.vanish();
            await().atMost(Duration.ofSeconds(8))
                    .until(() ->
                            !Tool.check(List.of("ps", "axww", "-o", "args"), "").contains("sleep 101"));
        }
    }
}
