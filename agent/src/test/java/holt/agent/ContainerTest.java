package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Exit;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real containers on the real kernel; needs root. */
class ContainerTest {
    private static Platform platform;

    @BeforeAll
    static void startPlatform() throws IOException {
        platform = new Platform();
    }

    @AfterAll
    static void stopPlatform() throws IOException {
        platform.close();
    }

    @Test
    void webServerBecomesReadyAndAnswers() throws IOException {
        ProcessSpec spec = platform.web("busybox httpd -f -p $PORT");
        ProcessReport running = platform.run(spec);
        assertThat(fetch(running, "readme")).isEqualTo("hello from the droplet\n");
    }

    @Test
    void exitCodeAndLastLinesAreReported() {
        ProcessReport ended = platform.result("echo one; echo two >&2; exit 3");
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.EXITED);
        assertThat(ended.exit().code()).isEqualTo(3);
        assertThat(ended.exit().lastLog()).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void stoppedInstanceGetsTermThenEnds() {
        ProcessSpec spec = platform.spec("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        platform.run(spec);
        platform.stop(spec, Duration.ofSeconds(10));
        ProcessReport ended = platform.reported(spec, ProcessState.EXITED);
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.STOPPED);
        assertThat(platform.output(spec)).contains("bye");
    }

    static String fetch(ProcessReport running, String path) throws IOException {
        URI url = URI.create("http://" + running.address() + ":" + running.port() + "/" + path);
        try (InputStream stream = url.toURL().openStream()) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
