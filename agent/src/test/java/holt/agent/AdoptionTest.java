package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Exit;
import holt.model.Json;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Instances outlive their agent; needs root. */
class AdoptionTest {
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

    @Test
    void nextAgentAdoptsWhatRunsAndSeesItsEnd() throws IOException {
        ProcessSpec spec = platform.web("busybox httpd -f -p $PORT & while ! [ -e stop ]; do sleep 0.02; done; exit 7");
        ProcessReport running = platform.run(spec);
        int keeper = platform.keeper(spec).orElseThrow();
        platform.agent.close();
        platform.startAgent();
        assertThat(hostSays(spec, report -> report.state() == ProcessState.RUNNING)
                        .address())
                .isEqualTo(running.address());
        assertThat(ContainerTest.fetch(running, "readme")).startsWith("hello");
        assertThat(platform.keeper(spec)).hasValue(keeper);
        platform.touchInside(spec, "stop");
        ProcessReport ended = platform.reported(spec, ProcessState.EXITED);
        assertThat(ended.exit().code()).isEqualTo(7);
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.EXITED);
    }

    @Test
    void endWhileNoAgentIsThereIsKnownToTheNext() throws IOException {
        ProcessSpec spec = platform.spec("echo before; while ! [ -e stop ]; do sleep 0.02; done; echo after; exit 9");
        platform.run(spec);
        await().atMost(Platform.PATIENCE).until(() -> platform.output(spec).contains("before"));
        platform.agent.close();
        platform.touchInside(spec, "stop");
        await().atMost(Platform.PATIENCE).until(() -> platform.keeper(spec).isEmpty());
        platform.startAgent();
        ProcessReport ended = platform.reported(spec, ProcessState.EXITED);
        assertThat(ended.exit().code()).isEqualTo(9);
        assertThat(ended.exit().lastLog()).containsExactly("before", "after");
        assertThat(platform.output(spec)).isEqualTo("before\nafter");
    }

    @Test
    void instanceThatWasKilledWhileNoAgentWasThereIsReportedAsKilled() throws IOException {
        ProcessSpec spec = platform.spec("sleep 1000");
        platform.run(spec);
        platform.agent.close();
        Native.kill(platform.keeper(spec).orElseThrow(), Native.SIGKILL);
        platform.startAgent();
        assertThat(platform.reported(spec, ProcessState.EXITED).exit().reason()).isEqualTo(Exit.Reason.SIGNALED);
        assertThat(Cgroups.ofHost(platform.id()).processes(InstanceKey.of(spec)))
                .isEmpty();
    }

    @Test
    void instanceOfAnEarlierRunOfTheMachineEndedUnseen() throws IOException {
        ProcessSpec spec = platform.spec("sleep 1000");
        platform.run(spec);
        platform.agent.close();
        platform.folder(spec).saveContainer(InstanceKey.of(spec), "another-boot");
        Native.kill(platform.keeper(spec).orElseThrow(), Native.SIGKILL);
        platform.startAgent();
        assertThat(platform.reported(spec, ProcessState.EXITED).exit().reason()).isEqualTo(Exit.Reason.UNKNOWN);
    }

    @Test
    void stopThatWasUnderWayIsFinishedByTheNextAgent() {
        ProcessSpec spec = platform.spec("trap '' TERM; while :; do sleep 0.05; done");
        platform.run(spec);
        platform.stop(spec, Duration.ofMillis(500));
        platform.reported(spec, ProcessState.STOPPING);
        platform.agent.close();
        platform.startAgent();
        ProcessReport ended = platform.reported(spec, ProcessState.EXITED);
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.STOPPED);
        assertThat(ended.exit().code()).isEqualTo(137);
    }

    @Test
    void exitedInstanceIsRememberedAndNotStartedAgain() {
        ProcessSpec spec = platform.spec("exit 4");
        platform.start(spec);
        platform.reported(spec, ProcessState.EXITED);
        platform.agent.close();
        platform.hostReports.clear();
        platform.startAgent();
        assertThat(hostSays(spec, report -> report.exit() != null).exit().code())
                .isEqualTo(4);
        assertThat(platform.ask(new AgentRequest.Start(spec))).isEqualTo(new AgentReply.Accepted());
        assertThat(platform.reports)
                .filteredOn(report -> report.pid() == spec.pid() && report.startedAt() == null)
                .hasSize(1);
    }

    @Test
    void killedAgentLeavesInstancesRunningAndLosesNoOutput() throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("holt-agent-test");
        Process killed = ChildAgent.start(
                home, "i=0; while ! [ -e stop ]; do i=$((i+1)); echo line $i; sleep 0.01; done; echo last $i; exit 5");
        ProcessSpec spec = Json.read(Files.readAllBytes(home.resolve("spec.json")), ProcessSpec.class);
        killed.destroyForcibly().waitFor();
        InstanceFolder folder = InstanceFolder.in(home.resolve("agent"), InstanceKey.of(spec));
        long size = Files.size(folder.output("out"));
        await().atMost(Platform.PATIENCE).until(() -> Files.size(folder.output("out")) > size + 100);
        Platform next = new Platform(home, settings -> settings);
        try (next) {
            await().atMost(Platform.PATIENCE).until(() -> next.output(spec).contains("line"));
            assertThat(next.hostReport().processes())
                    .anyMatch(report -> report.pid() == spec.pid() && report.state() == ProcessState.RUNNING);
            Platform.touchInside(folder, "stop");
            assertThat(next.reported(spec, ProcessState.EXITED).exit().code()).isEqualTo(5);
            String[] lines = next.output(spec).split("\n");
            int first = Integer.parseInt(lines[0].split(" ")[1]);
            int last = Integer.parseInt(lines[lines.length - 1].split(" ")[1]);
            assertThat(lines).hasSize(last - first + 2);
            assertThat(first).isLessThan(100);
        }
        KernelLeftovers.assertNone(next);
    }

    private ProcessReport hostSays(ProcessSpec spec, Predicate<ProcessReport> wanted) {
        await().atMost(Platform.PATIENCE)
                .until(() -> platform.hostReport().processes().stream()
                        .anyMatch(report -> report.pid() == spec.pid() && wanted.test(report)));
        return platform.hostReport().processes().stream()
                .filter(report -> report.pid() == spec.pid())
                .findFirst()
                .orElseThrow();
    }
}
