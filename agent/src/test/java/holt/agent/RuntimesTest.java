package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Exit;
import holt.model.HostReport;
import holt.model.Limits;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each container runtime does the same; needs root, crun and runc. */
class RuntimesTest {
    private static final String HOLD = "umount /sys/fs/cgroup/unified 2>/dev/null; echo ready; exec sleep 1000000";

    @Test
    void crunRunsInstancesWhereVersionsOfCgroupsAreNotMixed() throws IOException, InterruptedException {
        Process holder = new ProcessBuilder("unshare", "-m", "--propagation", "slave", "sh", "-c", HOLD).start();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("ready");
            List<String> prefix = List.of("nsenter", "--mount=/proc/" + holder.pid() + "/ns/mnt");
            check(new Platform(settings -> settings.withRuntimes(prefix, List.of("crun"))), "crun");
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    @Test
    void runcRunsInstances() throws IOException {
        check(new Platform(settings -> settings.withRuntimes(List.of(), List.of("runc"))), "runc");
    }

    @Test
    void runtimeThatDoesNotWorkIsPassedOverAndTold() throws IOException {
        Platform platform =
                new Platform(settings -> settings.withRuntimes(List.of(), List.of("no-such-runtime", "runc")));
        try (platform) {
            HostReport report = platform.hostReport();
            assertThat(report.runtime()).startsWith("runc 1.");
            assertThat(report.warnings()).contains("no-such-runtime is not installed");
        }
    }

    private static void check(Platform platform, String runtime) throws IOException {
        try (platform) {
            assertThat(platform.hostReport().backend()).isEqualTo("container");
            assertThat(platform.hostReport().runtime()).startsWith(runtime);
            ProcessReport web = platform.run(platform.web("busybox httpd -f -p $PORT"));
            assertThat(ContainerTest.fetch(web, "readme")).startsWith("hello");
            ProcessReport ended = platform.result("id -u; umask; echo x > /dev/stderr; exit 6");
            assertThat(ended.exit().code()).isEqualTo(6);
            assertThat(ended.exit().lastLog()).contains("0022", "x");
            ProcessSpec hungry = Platform.with(
                    platform.spec("/usr/bin/python3 -c 'bytearray(200 << 20)'"), new Limits(48L << 20, 0, 100));
            assertThat(platform.reported(platform.start(hungry), ProcessState.EXITED)
                            .exit()
                            .reason())
                    .isEqualTo(Exit.Reason.OUT_OF_MEMORY);
            ProcessSpec orphaned = platform.spec("sleep 1000");
            platform.run(orphaned);
            Native.kill(platform.keeper(orphaned).orElseThrow(), Native.SIGKILL);
            assertThat(platform.reported(orphaned, ProcessState.EXITED).exit().reason())
                    .isEqualTo(Exit.Reason.SIGNALED);
            ProcessSpec stubborn = platform.spec("trap '' TERM; while :; do sleep 0.05; done");
            platform.run(stubborn);
            platform.stop(stubborn, Duration.ofMillis(100));
            assertThat(platform.reported(stubborn, ProcessState.EXITED).exit().reason())
                    .isEqualTo(Exit.Reason.STOPPED);
        }
        KernelLeftovers.assertNone(platform);
    }
}
