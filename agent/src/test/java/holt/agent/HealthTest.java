package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Exit;
import holt.model.Lifecycle;
import holt.model.Liveness;
import holt.model.LogLine;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances that are looked at from outside, in containers and as plain processes. */
class HealthTest {
    /** Serves the folder it is in; what is asked for can be made and removed there. */
    private static final String SERVER = "busybox httpd -f -h . -p ${HOST}:$PORT";

    private Platform platform;

    private Platform with(AgentSettings.Choice backend) throws IOException {
        platform = new Platform(settings -> settings.withBackend(backend));
        return platform;
    }

    @AfterEach
    void stopPlatform() throws IOException {
        platform.close();
        KernelLeftovers.assertNone(platform);
    }

    private static Liveness liveness(Readiness.Kind kind, String target) {
        return new Liveness(kind, target, 1, 2, 2);
    }

    private ProcessSpec spec(String command, Readiness readiness, Lifecycle lifecycle) {
        ProcessSpec spec = platform.spec(command, readiness);
        return new ProcessSpec(
                spec.pid(),
                spec.ppid(),
                1,
                UUID.randomUUID().toString(),
                spec.app(),
                0,
                1,
                spec.droplet(),
                command,
                spec.environment(),
                spec.limits(),
                readiness,
                spec.routes(),
                spec.group(),
                List.of(),
                lifecycle,
                "");
    }

    private ProcessReport reported(ProcessSpec spec, java.util.function.Predicate<ProcessReport> like) {
        await().atMost(Platform.PATIENCE)
                .until(() -> platform.reports.stream().anyMatch(each -> each.pid() == spec.pid() && like.test(each)));
        return platform.reports.stream()
                .filter(each -> each.pid() == spec.pid() && like.test(each))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTAINER", "PLAIN"})
    void isReadyWhenItsPathAnswersAndStopsBeingSoWithoutAnEnd(AgentSettings.Choice backend) throws IOException {
        with(backend);
        ProcessSpec spec = spec(
                "(sleep 0.3; echo yes > ok; while [ ! -e stop ]; do sleep 0.05; done; rm ok; sleep 4; echo yes > ok) & "
                        + "(sleep 1.5; : > stop) & exec " + SERVER,
                new Readiness(Readiness.Kind.HTTP, 20, "/ok"),
                new Lifecycle(new Liveness(Readiness.Kind.NONE, "", 1, 2, 2), 0, ""));
        platform.run(spec);
        ProcessReport unready = reported(spec, each -> each.unready() != null);
        assertThat(unready.state()).isEqualTo(ProcessState.RUNNING);
        assertThat(unready.unready()).isEqualTo("GET /ok answered 404");
        int at = platform.reports.indexOf(unready);
        await().atMost(Platform.PATIENCE)
                .until(() -> platform.reports.stream().skip(at).anyMatch(each -> each.unready() == null));
        assertThat(platform.reports).noneMatch(each -> each.state() == ProcessState.EXITED);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTAINER", "PLAIN"})
    void oneThatIsAliveNoLongerIsEndedAndItsExitSaysWhy(AgentSettings.Choice backend) throws IOException {
        with(backend);
        ProcessSpec spec = spec(
                "echo yes > ok; (sleep 1; rm ok) & exec " + SERVER,
                Readiness.port(),
                new Lifecycle(liveness(Readiness.Kind.HTTP, "/ok"), 2, ""));
        platform.run(spec);
        Exit exit = platform.reported(spec, ProcessState.EXITED).exit();
        assertThat(exit.reason()).isEqualTo(Exit.Reason.UNHEALTHY);
        assertThat(exit.detail()).isEqualTo("GET /ok answered 404 twice in a row");
        assertThat(exit.code()).isEqualTo(143);
        assertThat(platform.reports).anyMatch(each -> each.state() == ProcessState.STOPPING && each.unready() != null);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTAINER", "PLAIN"})
    void aCommandInsideTellsWhetherItIsReadyAndAlive(AgentSettings.Choice backend) throws IOException {
        with(backend);
        ProcessSpec spec = spec(
                "sleep 0.5; : > ok; while [ -e ok ]; do sleep 0.05; [ -e gone ] && rm -f ok; done; sleep 100",
                new Readiness(Readiness.Kind.COMMAND, 20, "test \"$GREETING\" = 'good morning' && test -e ok"),
                new Lifecycle(liveness(Readiness.Kind.COMMAND, ": > gone; echo no; test -e ok"), 1, ""));
        platform.run(spec);
        Exit exit = platform.reported(spec, ProcessState.EXITED).exit();
        assertThat(exit.reason()).isEqualTo(Exit.Reason.UNHEALTHY);
        assertThat(exit.detail()).contains("ended with 1: no twice in a row");
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTAINER", "PLAIN"})
    void aStartThatTakesTooLongSaysWhatWasSeenLast(AgentSettings.Choice backend) throws IOException {
        with(backend);
        ProcessSpec absent = spec(SERVER, new Readiness(Readiness.Kind.HTTP, 1, "/absent"), Lifecycle.STANDARD);
        ProcessSpec failing =
                spec("sleep 100", new Readiness(Readiness.Kind.COMMAND, 2, "echo not yet; exit 7"), Lifecycle.STANDARD);
        ProcessSpec closed = spec("sleep 100", new Readiness(Readiness.Kind.HTTP, 1, "/"), Lifecycle.STANDARD);
        platform.start(absent);
        platform.start(failing);
        platform.start(closed);
        assertThat(platform.reported(absent, ProcessState.EXITED).exit().detail())
                .isEqualTo("was not ready within 1 s: GET /absent answered 404");
        assertThat(platform.reported(failing, ProcessState.EXITED).exit().detail())
                .endsWith("ended with 7: not yet");
        assertThat(platform.reported(closed, ProcessState.EXITED).exit())
                .matches(exit -> exit.reason() == Exit.Reason.START_TIMEOUT)
                .matches(exit -> exit.detail().contains("connection refused"));
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTAINER", "PLAIN"})
    void theCommandBeforeTheStopRunsFirstAndItsOutputIsInTheLog(AgentSettings.Choice backend) throws IOException {
        with(backend);
        ProcessSpec spec = spec(
                "trap 'echo asked; exit 3' TERM; echo up; while :; do sleep 0.05; done",
                Readiness.none(),
                new Lifecycle(Liveness.NONE, 0, "echo \"bye from $HOLT_APP\"; sleep 0.3; exit 4"));
        platform.run(spec);
        platform.stop(spec, Duration.ofSeconds(20));
        assertThat(platform.reported(spec, ProcessState.EXITED).exit().code()).isEqualTo(3);
        await().atMost(Platform.PATIENCE).until(() -> texts(spec).contains("asked"));
        assertThat(texts(spec)).containsSubsequence("bye from shop", "before-stop ended with 4");
        assertThat(texts(spec).indexOf("bye from shop")).isLessThan(texts(spec).indexOf("asked"));
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTAINER", "PLAIN"})
    void aCommandBeforeTheStopCannotOutliveTheGrace(AgentSettings.Choice backend) throws IOException {
        with(backend);
        ProcessSpec spec =
                spec("while :; do sleep 0.05; done", Readiness.none(), new Lifecycle(Liveness.NONE, 0, "sleep 100"));
        platform.run(spec);
        platform.stop(spec, Duration.ofMillis(500));
        assertThat(platform.reported(spec, ProcessState.EXITED).exit().reason()).isEqualTo(Exit.Reason.STOPPED);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTAINER", "PLAIN"})
    void theNextAgentGoesOnLooking(AgentSettings.Choice backend) throws IOException {
        with(backend);
        ProcessSpec spec = spec(
                "echo yes > ok; while [ ! -e stop ]; do sleep 0.05; done & exec " + SERVER,
                Readiness.port(),
                new Lifecycle(liveness(Readiness.Kind.COMMAND, "test ! -e stop"), 1, ""));
        platform.run(spec);
        platform.agent.close();
        platform.startAgent();
        new GuestTouch(platform, spec).make("stop");
        assertThat(platform.reported(spec, ProcessState.EXITED).exit().reason()).isEqualTo(Exit.Reason.UNHEALTHY);
    }

    private List<String> texts(ProcessSpec spec) {
        return platform.lines.stream()
                .filter(line -> line.pid() == spec.pid())
                .map(LogLine::text)
                .toList();
    }

    /** Makes files where the instance has its own. */
    private record GuestTouch(Platform platform, ProcessSpec spec) {
        void make(String name) throws IOException {
            java.nio.file.Path plain = platform.folder(spec).path().resolve("app");
            if (java.nio.file.Files.isDirectory(plain)) {
                java.nio.file.Files.createFile(plain.resolve(name));
            } else {
                platform.touchInside(spec, name);
            }
        }
    }
}
