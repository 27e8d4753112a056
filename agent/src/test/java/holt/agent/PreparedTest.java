package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Exit;
import holt.model.Json;
import holt.model.Limits;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Starts from containers that were created before; needs root. */
class PreparedTest {
    private static final Limits SMALL = new Limits(48L << 20, 0, 100);
    private static Platform platform;

    @BeforeAll
    static void startPlatform() throws IOException {
        platform = new Platform();
    }

    @AfterAll
    static void stopPlatform() throws IOException {
        platform.close();
        KernelLeftovers.assertNone(platform);
        assertThat(KernelLeftovers.openNamespaces()).isEmpty();
    }

    private static ProcessSpec spec(String command) {
        return Platform.with(platform.spec(command), SMALL);
    }

    /** Starts one from a prepared container: others of its kind are started until there are some. */
    private static ProcessSpec start(ProcessSpec spec) throws IOException {
        prepare(platform, spec.limits(), 1);
        platform.start(spec);
        platform.reported(spec, ProcessState.RUNNING);
        assertThat(platform.folder(spec).container().preparedNumber()).isNotNegative();
        return spec;
    }

    static void prepare(Platform platform, Limits limits, int least) throws IOException {
        while (waiting(platform.home).size() < least) {
            for (int each = 0; each < PreparedSizing.OFTEN; each++) {
                ProcessSpec other = Platform.with(platform.spec("true"), limits);
                platform.start(other);
                platform.reported(other, ProcessState.EXITED);
            }
            await().atMost(Platform.PATIENCE).until(() -> waiting(platform.home).size() >= PreparedSizing.OFTEN);
        }
    }

    /** Process 1 of each container that waits. */
    static List<String> waiting(Path home) throws IOException {
        List<String> pids = new ArrayList<>();
        for (Path each : Folders.list(home.resolve("agent/prepared"))) {
            String pid = new InstanceFolder(new InstanceKey(0, 0), each)
                    .text("init.pid")
                    .strip();
            if (!pid.isEmpty()) {
                pids.add(pid);
            }
        }
        return pids;
    }

    @Test
    void preparedStartIsToldWhoItIsAndKnowsNothingElse() throws IOException {
        ProcessSpec spec = start(Platform.withEnvironment(
                spec(
                        "hostname; cat /etc/hostname; echo $HOLT_PID; echo \"$NOTE\"; echo $((HOLT_UID + $(id -u)));"
                                + " cat /proc/1/environ | tr '\\0' '\\n' | grep -c HOLT; cat; pwd; echo $VCAP_APPLICATION; sleep 1000"),
                platform.seal.sealEnvironment(Map.of("NOTE", "it's \"two\"\n$(lines) \\", "HOLT_UID", "0"))));
        await().atMost(Platform.PATIENCE).until(() -> platform.output(spec).contains("instance_id"));
        assertThat(platform.output(spec).split("\n"))
                .startsWith(
                        "shop-0",
                        "shop-0",
                        Long.toString(spec.pid()),
                        "it's \"two\"",
                        "$(lines) \\",
                        Integer.toString(platform.folder(spec).container().uid()),
                        "0",
                        "/app")
                .anyMatch(line -> line.contains("\"instance_id\":\"" + spec.instanceId() + "\""));
        assertThat(Files.readString(Path.of("/proc/" + platform.keeper(spec).orElseThrow() + "/cmdline")))
                .doesNotContain(spec.instanceId());
        platform.stop(spec, java.time.Duration.ZERO);
    }

    @Test
    void webServerInAPreparedContainerIsReachedAndReachesNoOther() throws IOException {
        prepare(platform, SMALL, 2);
        ProcessReport one = platform.run(Platform.with(platform.web("busybox httpd -f -p $PORT"), SMALL));
        assertThat(ContainerTest.fetch(one, "readme")).startsWith("hello");
        ProcessSpec two = spec("busybox wget -q -T 1 -O - http://" + one.address() + ":8080/readme || echo no-way");
        platform.start(two);
        assertThat(platform.reported(two, ProcessState.EXITED).exit().lastLog())
                .contains("no-way")
                .noneMatch(line -> line.contains("hello"));
    }

    @Test
    void startsAtOnceAreNeverMixed() throws IOException {
        prepare(platform, SMALL, 4);
        List<ProcessSpec> all = new ArrayList<>();
        for (int each = 0; each < 12; each++) {
            all.add(platform.start(spec("echo $HOLT_PID $HOLT_INSTANCE > mine; sleep 0.1; cat mine; sleep 1000")));
        }
        Set<InstanceKey> containers = new HashSet<>();
        int prepared = 0;
        for (ProcessSpec each : all) {
            await().atMost(Platform.PATIENCE).until(() -> !platform.output(each).isEmpty());
            assertThat(platform.output(each)).isEqualTo(each.pid() + " " + each.instanceId());
            InstanceKey container = platform.folder(each).container();
            containers.add(container);
            prepared += container.preparedNumber() < 0 ? 0 : 1;
            platform.stop(each, java.time.Duration.ZERO);
        }
        assertThat(containers).hasSize(all.size());
        assertThat(prepared).isGreaterThanOrEqualTo(4);
    }

    @Test
    void limitsHoldAndEachWayToEndIsKnown() throws IOException {
        ProcessSpec hungry = start(spec("sleep 0.1; /usr/bin/python3 -c 'bytearray(200 << 20)'"));
        assertThat(platform.reported(hungry, ProcessState.EXITED).exit().reason())
                .isEqualTo(Exit.Reason.OUT_OF_MEMORY);
        ProcessSpec code = start(spec("sleep 0.1; exit 33"));
        assertThat(platform.reported(code, ProcessState.EXITED).exit().code()).isEqualTo(33);
        ProcessSpec signalled = start(spec("sleep 0.1; kill -9 $$"));
        assertThat(platform.reported(signalled, ProcessState.EXITED).exit().detail())
                .isEqualTo("killed by SIGKILL");
        ProcessSpec first = start(spec("sleep 1000"));
        Native.kill(platform.keeper(first).orElseThrow(), Native.SIGKILL);
        assertThat(platform.reported(first, ProcessState.EXITED).exit().reason())
                .isEqualTo(Exit.Reason.SIGNALED);
    }

    @Test
    void otherLimitsAreAnotherKind() throws IOException {
        prepare(platform, SMALL, 1);
        ProcessSpec other = Platform.with(platform.spec("sleep 1000"), new Limits(49L << 20, 0, 100));
        platform.run(other);
        assertThat(platform.folder(other).container()).isEqualTo(InstanceKey.of(other));
        platform.stop(other, java.time.Duration.ZERO);
    }

    @Test
    void killedAgentLeavesNoneThatWaitsAndItsInstancesAreAdopted() throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("holt-agent-test");
        Process killed = ChildAgent.startPrepared(home, "while ! [ -e stop ]; do sleep 0.01; done; exit 5");
        ProcessSpec spec = Json.read(Files.readAllBytes(home.resolve("spec.json")), ProcessSpec.class);
        List<String> waiting = waiting(home);
        assertThat(waiting).isNotEmpty();
        killed.destroyForcibly().waitFor();
        await().atMost(Platform.PATIENCE)
                .untilAsserted(() -> assertThat(waiting).noneMatch(pid -> Files.exists(Path.of("/proc", pid, "exe"))));
        InstanceFolder folder = InstanceFolder.in(home.resolve("agent"), InstanceKey.of(spec));
        assertThat(folder.container().preparedNumber()).isNotNegative();
        Platform next = new Platform(home, settings -> settings);
        try (next) {
            assertThat(next.hostReport().processes())
                    .anyMatch(report -> report.pid() == spec.pid() && report.state() == ProcessState.RUNNING);
            assertThat(home.resolve("agent/prepared")).doesNotExist();
            next.agent.close();
            Platform.touchInside(folder, "stop");
            await().atMost(Platform.PATIENCE).until(() -> next.keeper(spec).isEmpty());
            next.startAgent();
            assertThat(next.reported(spec, ProcessState.EXITED).exit().code()).isEqualTo(5);
        }
        KernelLeftovers.assertNone(next);
    }
}
