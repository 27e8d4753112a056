package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Exit;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent finds after its host was restarted, or after its predecessor ended in the middle of a start. */
class RestartTest {
    private Platform platform;

    @BeforeEach
    void startPlatform() throws IOException {
        platform = new Platform();
    }

    @AfterEach
    void stopPlatform() throws IOException {
        platform.close();
        KernelLeftovers.assertNone(platform);
    }

    private Path boot() {
        return platform.home.resolve("agent").resolve("boot");
    }

    @Test
    void allThatRanWhenTheHostWasRestartedHasEndedAndItsExitSaysWhy() throws IOException {
        ProcessSpec one = platform.spec("echo before; sleep 1000");
        ProcessSpec two = platform.web("busybox httpd -f -p $PORT");
        platform.run(one);
        platform.run(two);
        await().atMost(Platform.PATIENCE).until(() -> platform.output(one).contains("before"));
        platform.agent.close();
        Files.writeString(boot(), "00000000-0000-0000-0000-000000000000");
        platform.startAgent();
        for (ProcessSpec each : new ProcessSpec[] {one, two}) {
            Exit exit = platform.reported(each, ProcessState.EXITED).exit();
            assertThat(exit.reason()).isEqualTo(Exit.Reason.UNKNOWN);
            assertThat(exit.detail()).isEqualTo("its host was restarted");
        }
        assertThat(Cgroups.ofHost(platform.id()).processes(InstanceKey.of(one))).isEmpty();
        assertThat(platform.output(one)).isEqualTo("before");
        ProcessSpec fresh = platform.web("busybox httpd -f -p $PORT");
        assertThat(platform.run(fresh).address()).isNotEmpty();
    }

    @Test
    void theSameBootAdoptsAsUsual() throws IOException {
        ProcessSpec spec = platform.spec("sleep 1000");
        platform.run(spec);
        String before = Files.readString(boot());
        platform.agent.close();
        platform.hostReports.clear();
        platform.startAgent();
        assertThat(Files.readString(boot())).isEqualTo(before);
        assertThat(platform.hostReport().processes())
                .anyMatch(report -> report.pid() == spec.pid() && report.state() == ProcessState.RUNNING);
    }

    @Test
    void oneThatWasStartingGoesOnStartingUntilItsLimit() throws IOException {
        ProcessSpec late =
                platform.spec("sleep 1.5; exec busybox httpd -f -p $PORT", new Readiness(Readiness.Kind.PORT, 20));
        ProcessSpec never = platform.spec("sleep 1000", new Readiness(Readiness.Kind.PORT, 2));
        platform.start(late);
        platform.start(never);
        await().atMost(Platform.PATIENCE)
                .until(() -> platform.reports.stream()
                                .filter(report -> report.startedAt() != null)
                                .map(report -> report.pid())
                                .distinct()
                                .count()
                        >= 2);
        platform.agent.close();
        platform.startAgent();
        platform.reported(late, ProcessState.RUNNING);
        Exit exit = platform.reported(never, ProcessState.EXITED).exit();
        assertThat(exit.reason()).isEqualTo(Exit.Reason.START_TIMEOUT);
    }
}
