package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Exit;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The back end for machines without containers. */
class PlainTest {
    private Platform platform;

    @BeforeEach
    void startPlatform() throws IOException {
        platform = new Platform(settings -> settings.withBackend(AgentSettings.Choice.PLAIN));
    }

    @AfterEach
    void stopPlatform() throws IOException {
        platform.close();
        KernelLeftovers.assertNone(platform);
    }

    @Test
    void warningsTellWhatIsLost() {
        assertThat(platform.hostReport().backend()).isEqualTo("plain");
        assertThat(String.join("\n", platform.hostReport().warnings()))
                .contains("not isolated")
                .contains("limits")
                .contains("was asked for");
    }

    @Test
    void webServerListensOnAPortOfItsOwn() throws IOException {
        ProcessReport one = platform.run(platform.web("busybox httpd -f -p $HOST:$PORT"));
        ProcessReport two = platform.run(platform.web("busybox httpd -f -p $HOST:$PORT"));
        assertThat(one.address()).isEqualTo("127.0.0.1");
        assertThat(one.port()).isNotEqualTo(two.port());
        assertThat(ContainerTest.fetch(one, "readme")).isEqualTo("hello from the droplet\n");
        assertThat(ContainerTest.fetch(two, "readme")).isEqualTo("hello from the droplet\n");
    }

    @Test
    void exitCodeAndOutputAreReported() {
        ProcessReport ended = platform.result("echo $GREETING; pwd; exit 3");
        assertThat(ended.exit().code()).isEqualTo(3);
        assertThat(ended.exit().lastLog()).first().isEqualTo("good morning");
        assertThat(ended.exit().lastLog().get(1)).endsWith("/app");
    }

    @Test
    void programDoesNotRunAsRoot() {
        assertThat(platform.result("id -u; echo x > /dev/stdout").exit().lastLog())
                .doesNotContain("0")
                .contains("x");
    }

    @Test
    void stopEndsTheWholeSessionAndWhatLeftIt() throws IOException {
        ProcessSpec spec = platform.spec("trap '' TERM; setsid sleep 31415 & sleep 27182 & wait; wait; sleep 16180");
        platform.run(spec);
        await().atMost(Platform.PATIENCE)
                .until(() -> commands().contains("sleep 31415") && commands().contains("sleep 27182"));
        platform.stop(spec, Duration.ofMillis(100));
        assertThat(platform.reported(spec, ProcessState.EXITED).exit().reason()).isEqualTo(Exit.Reason.STOPPED);
        assertThat(commands())
                .doesNotContain("sleep 31415")
                .doesNotContain("sleep 27182")
                .doesNotContain("sleep 16180");
    }

    private static String commands() throws IOException {
        return Tool.check(List.of("ps", "axww", "-o", "args"), "");
    }

    @Test
    void nextAgentAdoptsAndSeesTheEnd() throws IOException {
        ProcessSpec spec = platform.spec("while ! [ -e stop ]; do sleep 0.02; done; exit 8");
        platform.run(spec);
        platform.agent.close();
        platform.startAgent();
        Files.writeString(platform.folder(spec).path().resolve("app/stop"), "");
        assertThat(platform.reported(spec, ProcessState.EXITED).exit().code()).isEqualTo(8);
    }

    @Test
    void filesAreReadWithoutFollowingLinksOut() {
        ProcessSpec spec = platform.spec("ln -s /etc/passwd leak; echo done; sleep 1000");
        platform.run(spec);
        await().atMost(Platform.PATIENCE).until(() -> platform.output(spec).contains("done"));
        assertThat(read(spec, "readme")).isInstanceOf(AgentReply.Content.class);
        assertThat(read(spec, "leak")).isInstanceOf(AgentReply.Refused.class);
    }

    private AgentReply read(ProcessSpec spec, String path) {
        return platform.ask(new AgentRequest.Files(spec.pid(), spec.incarnation(), path, 0, 100));
    }

    @Test
    void memoryAndCpuInUseAreReported() {
        ProcessSpec spec = platform.spec("/usr/bin/python3 -c 'b = bytearray(30 << 20)\nwhile True: pass'");
        platform.run(spec);
        await().atMost(Platform.PATIENCE)
                .until(() -> platform.hostReport().processes().stream()
                        .anyMatch(report -> report.pid() == spec.pid()
                                && report.memoryBytes() > 30 << 20
                                && report.cpuNanos() > 100_000_000));
        platform.stop(spec, Duration.ZERO);
    }
}
