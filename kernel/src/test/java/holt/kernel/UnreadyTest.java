package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.AgentRequest;
import holt.model.AppCommand;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Lifecycle;
import holt.model.Liveness;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import holt.model.Readiness;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Instances that run but take no requests, or are found dead, and how long a stop may take. */
class UnreadyTest {
    private final Driver driver = new Driver();
    private List<Long> pids = List.of();

    @BeforeEach
    void serve() {
        driver.host("alpha", 4000);
        pids = driver.serving("shop", 2);
    }

    private void says(long pid, ProcessState state, String unready) {
        ProcessReport report = driver.reportOf(pid, state, null);
        driver.tell(new Input.ProcessReported(new ProcessReport(
                report.host(),
                report.epoch(),
                report.sequence(),
                pid,
                report.incarnation(),
                report.instanceId(),
                report.app(),
                report.index(),
                report.version(),
                state,
                report.address(),
                report.port(),
                report.startedAt(),
                0,
                0,
                null,
                null,
                unready)));
    }

    private List<Long> served() {
        return driver.endpoints("shop.localhost");
    }

    @Test
    void oneThatIsNotReadyLeavesTheRoutesAndComesBack() {
        says(pids.getFirst(), ProcessState.RUNNING, "GET /ready answered 503");
        assertThat(served()).containsExactly(pids.getLast());
        assertThat(driver.app("shop").processes().getFirst().note())
                .isEqualTo("takes no requests: GET /ready answered 503");
        says(pids.getFirst(), ProcessState.RUNNING, null);
        assertThat(served()).containsExactlyElementsOf(pids);
        assertThat(driver.stops()).isEmpty();
        assertThat(driver.store.events).extracting(Event::kind).contains(Event.PROCESS_UNREADY, Event.PROCESS_READY);
    }

    @Test
    void whenNoneIsReadyAllStayInTheRoutes() {
        pids.forEach(pid -> says(pid, ProcessState.RUNNING, "GET /ready answered 503"));
        assertThat(served()).containsExactlyElementsOf(pids);
    }

    @Test
    void oneThatIsEndedBecauseItIsAliveNoLongerLeavesTheRoutesAtOnceAndIsRestartedAfterItsEnd() {
        says(pids.getFirst(), ProcessState.STOPPING, "GET /healthz answered 500 three times in a row");
        assertThat(served()).containsExactly(pids.getLast());
        driver.exits(pids.getFirst(), Exit.Reason.UNHEALTHY);
        assertThat(driver.row(pids.getFirst()).incarnation()).isEqualTo(2);
        assertThat(driver.row(pids.getFirst()).crashes()).isEqualTo(1);
    }

    @Test
    void aStopTakesAsLongAsTheReleaseAsksFor() {
        AppCommand.Settings settings =
                new AppCommand.Settings(null, null, null, null, null, new Lifecycle(Liveness.NONE, 45, "./bye"), null);
        driver.command(
                new AppCommand.ChangeRelease("shop", driver.app("shop").app().targetVersion(), settings, "ann"));
        assertThat(driver.starts())
                .allMatch(spec -> spec.lifecycle().beforeStop().equals("./bye"));
        driver.command(new AppCommand.DeleteApp("shop", "ann"));
        List<Long> graces = driver.effects.stream()
                .filter(Effect.Ask.class::isInstance)
                .map(effect -> ((Effect.Ask) effect).request())
                .filter(AgentRequest.Stop.class::isInstance)
                .map(request -> ((AgentRequest.Stop) request).graceMillis())
                .toList();
        assertThat(graces).contains(10_000L, 45_000L);
    }

    @Test
    void checksThatCannotBeAreRefused() {
        for (AppCommand.Settings wrong : List.of(
                settings(new Readiness(Readiness.Kind.HTTP, 60, "healthz"), null),
                settings(new Readiness(Readiness.Kind.HTTP, 60, "/a b"), null),
                settings(new Readiness(Readiness.Kind.COMMAND, 60, " "), null),
                settings(new Readiness(Readiness.Kind.PORT, 0), null),
                settings(null, new Lifecycle(new Liveness(Readiness.Kind.PORT, "", 0, 5, 3), 0, "")),
                settings(null, new Lifecycle(new Liveness(Readiness.Kind.PORT, "", 10, 5, 0), 0, "")),
                settings(null, new Lifecycle(Liveness.NONE, -1, "")),
                settings(null, new Lifecycle(Liveness.NONE, 10_000, "")))) {
            long version = driver.app("shop").app().targetVersion();
            assertThat(driver.command(new AppCommand.ChangeRelease("shop", version, wrong, "ann"))
                            .problem())
                    .as(wrong.toString())
                    .isNotNull();
        }
    }

    private static AppCommand.Settings settings(Readiness readiness, Lifecycle lifecycle) {
        return new AppCommand.Settings(null, null, null, readiness, null, lifecycle, null);
    }
}
