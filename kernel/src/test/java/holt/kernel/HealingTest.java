package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.AppCommand;
import holt.model.Event;
import holt.model.Exit;
import holt.model.HostReport;
import holt.model.Process;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealingTest {
    private final Driver driver = new Driver();

    @Test
    void aCrashedInstanceLeavesTheRoutesAndRestartsInTheSameStep() {
        driver.host("alpha", 1000);
        List<Long> pids = driver.serving("hello", 2);

        driver.exits(pids.get(0), Exit.Reason.SIGNALED);

        assertThat(driver.endpoints("hello.localhost")).containsExactly(pids.get(1));
        assertThat(driver.starts()).hasSize(1);
        assertThat(driver.starts().getFirst().pid()).isEqualTo(pids.get(0));
        assertThat(driver.starts().getFirst().incarnation()).isEqualTo(2);
        assertThat(driver.event(Event.PROCESS_CRASHED).message())
                .isEqualTo("hello/0 (pid " + pids.get(0) + ") crashed: killed by SIGKILL; restarting at once");
        assertThat(driver.app("hello").health()).isEqualTo(Health.PARTIAL);
    }

    @Test
    void theOnlyInstanceIsReplacedOnAFullHost() {
        driver.host("alpha", 256);
        long pid = driver.serving("hello", 1).getFirst();

        driver.exits(pid, Exit.Reason.EXITED);

        assertThat(driver.starts()).hasSize(1);
    }

    @Test
    void crashesInARowAreHeldBackLongerAndLonger() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        crash(pid);
        crash(pid);
        driver.exits(pid, Exit.Reason.EXITED);

        assertThat(driver.row(pid).state()).isEqualTo(ProcessState.WAITING);
        assertThat(driver.routes.get("hello.localhost").reason())
                .isEqualTo("all instances of hello have crashed; next start in 1 s");
        assertThat(driver.effects).contains(new Effect.WakeAt(driver.now.plusSeconds(1)));
        assertThat(driver.app("hello").health()).isEqualTo(Health.CRASHED);
        driver.pass(Duration.ofSeconds(1));
        assertThat(driver.starts()).hasSize(1);
    }

    @Test
    void theFourthCrashInARowIsFlapping() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        for (int i = 0; i < 3; i++) {
            crash(pid);
            driver.pass(Duration.ofSeconds(1));
        }
        driver.running(pid);
        driver.exits(pid, Exit.Reason.EXITED);

        assertThat(driver.eventKinds()).contains(Event.PROCESS_FLAPPING);
        assertThat(driver.app("hello").health()).isEqualTo(Health.FLAPPING);
        assertThat(driver.app("hello").processes().getFirst().note()).isEqualTo("flapping: next start in 2 s");
    }

    @Test
    void afterTwentyCrashesItIsGivenUpUntilAPersonAsks() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        for (int i = 0; i < 20; i++) {
            crash(pid);
            for (int heartbeat = 0; heartbeat < 6; heartbeat++) {
                driver.pass(Duration.ofSeconds(10));
                driver.host("alpha", 1000);
            }
        }
        assertThat(driver.row(pid).state()).isEqualTo(ProcessState.EXITED);
        assertThat(driver.routes.get("hello.localhost").reason()).contains("given up");

        driver.command(new AppCommand.StartApp("hello", "ann"));

        assertThat(driver.starts()).hasSize(1);
        assertThat(driver.row(pid).crashes()).isZero();
    }

    @Test
    void anUnaskedStopIsACrash() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();

        driver.exits(pid, Exit.Reason.STOPPED);

        assertThat(driver.eventKinds()).contains(Event.PROCESS_CRASHED);
        assertThat(driver.starts()).hasSize(1);
    }

    @Test
    void aProcessMissingFromItsHostsReportIsStartedAgain() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();

        driver.host("alpha", 1000);

        assertThat(driver.starts()).hasSize(1);
        assertThat(driver.row(pid).exit().reason()).isEqualTo(Exit.Reason.UNKNOWN);
    }

    @Test
    void aStartTheHostDoesNotShowIsAskedForAgain() {
        driver.host("alpha", 1000);
        driver.push("hello", 1, "d");
        var first = driver.starts();
        driver.host("alpha", 1000);
        assertThat(driver.starts()).isEmpty();

        driver.now = driver.now.plusSeconds(3);
        driver.host("alpha", 1000);

        assertThat(driver.starts()).isEqualTo(first);
    }

    @Test
    void anOldReportIsIgnored() {
        driver.host("alpha", 1000);
        driver.push("hello", 1, "d");
        long pid = driver.starts().getFirst().pid();
        ProcessReport early = driver.reportOf(pid, ProcessState.EXITED, World.exit(Exit.Reason.EXITED));
        driver.running(pid);

        driver.tell(new Input.ProcessReported(early));

        assertThat(driver.row(pid).state()).isEqualTo(ProcessState.RUNNING);
    }

    @Test
    void aReportOfAnEarlierStartOfTheAgentIsIgnored() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        ProcessReport running = driver.reportOf(pid, ProcessState.RUNNING, null);
        HostReport next = hostReport("agent-2", 1, 1, List.of(running));
        driver.tell(new Input.HostReported(next));

        driver.tell(new Input.HostReported(hostReport("agent-1", 999, 0, List.of())));

        assertThat(driver.row(pid).state()).isEqualTo(ProcessState.RUNNING);
    }

    @Test
    void whatNobodyAskedForIsStopped() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        ProcessReport stranger = driver.reportOf(pid, ProcessState.RUNNING, null);
        driver.command(new AppCommand.DeleteApp("hello", "ann"));

        driver.report("alpha", 1000, List.of(stranger));

        assertThat(driver.stops()).containsExactly(pid);
    }

    @Test
    void anEarlierIncarnationIsStopped() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        ProcessReport before = driver.reportOf(pid, ProcessState.RUNNING, null);
        driver.exits(pid, Exit.Reason.EXITED);

        driver.report("alpha", 1000, List.of(before));

        assertThat(driver.effects)
                .filteredOn(Effect.Ask.class::isInstance)
                .singleElement()
                .hasToString(new Effect.Ask("alpha", new holt.model.AgentRequest.Stop(pid, 1, 10_000)).toString());
    }

    @Test
    void theProcessesOfASilentHostAreReplacedElsewhereAndStayRoutedUntilThen() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        driver.now = driver.now.plusSeconds(14);
        driver.host("beta", 1000);

        driver.pass(Duration.ofSeconds(1));

        assertThat(driver.row(pid).state()).isEqualTo(ProcessState.LOST);
        assertThat(driver.endpoints("hello.localhost")).containsExactly(pid);
        assertThat(driver.eventKinds()).contains(Event.HOST_LOST);
        long next = driver.starts().getFirst().pid();
        assertThat(driver.row(next).host()).isEqualTo("beta");
        driver.running(next);
        assertThat(driver.endpoints("hello.localhost")).containsExactly(next);
        assertThat(driver.row(pid)).isNull();
    }

    @Test
    void withoutAnotherHostALostProcessIsWaitedForAndAdoptedAgain() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        ProcessReport running = driver.reportOf(pid, ProcessState.RUNNING, null);
        driver.pass(Duration.ofSeconds(30));
        assertThat(driver.row(pid).state()).isEqualTo(ProcessState.LOST);
        assertThat(driver.starts()).isEmpty();

        driver.report("alpha", 1000, List.of(running));

        assertThat(driver.row(pid).state()).isEqualTo(ProcessState.RUNNING);
        assertThat(driver.row(pid).incarnation()).isEqualTo(1);
        assertThat(driver.starts()).isEmpty();
        assertThat(driver.stops()).isEmpty();
        assertThat(driver.eventKinds()).endsWith(Event.HOST_BACK);
    }

    @Test
    void theFirstHostHeardAfterTotalSilenceIsNotGivenTheWorkOfTheOthers() {
        driver.host("alpha", 1000);
        driver.host("beta", 1000);
        driver.serving("hello", 2);
        driver.pass(Duration.ofSeconds(20));
        Process atAlpha = driver.store.processes.values().stream()
                .filter(row -> "alpha".equals(row.host()))
                .findFirst()
                .orElseThrow();

        driver.report("alpha", 1000, List.of(driver.reportOf(atAlpha.pid(), ProcessState.RUNNING, null)));
        assertThat(driver.starts()).isEmpty();

        driver.pass(Duration.ofSeconds(14));
        driver.report("alpha", 1000, List.of(driver.reportOf(atAlpha.pid(), ProcessState.RUNNING, null)));
        driver.pass(Duration.ofSeconds(1));
        assertThat(driver.starts()).hasSize(1);
    }

    @Test
    void aBrainMadeAnewRoutesAtOnceAndRestartsNothing() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        driver.routes.clear();

        driver.boot();
        assertThat(driver.endpoints("hello.localhost")).containsExactly(pid);
        driver.report("alpha", 1000, List.of(driver.reportOf(pid, ProcessState.RUNNING, null)));

        assertThat(driver.starts()).isEmpty();
        assertThat(driver.row(pid).incarnation()).isEqualTo(1);
    }

    @Test
    void aBrainMadeAnewAsksForStartsThatMayHaveBeenLost() {
        driver.host("alpha", 1000);
        driver.push("hello", 1, "d");
        var first = driver.starts();

        driver.boot();
        driver.host("alpha", 1000);

        assertThat(driver.starts()).isEqualTo(first);
    }

    @Test
    void aRefusedProcessGoesToAnotherHostAsANewIncarnation() {
        driver.host("alpha", 2000);
        driver.host("beta", 1000);
        driver.push("hello", 1, "d");
        long pid = driver.starts().getFirst().pid();

        driver.refuses(pid, "disk full");

        assertThat(driver.row(pid).host()).isEqualTo("beta");
        assertThat(driver.row(pid).incarnation()).isEqualTo(2);
    }

    @Test
    void aRefusalOfAnEarlierIncarnationOrOfAProcessThatShowedItselfIsIgnored() {
        driver.host("alpha", 2000);
        driver.push("hello", 1, "d");
        long pid = driver.starts().getFirst().pid();
        driver.tell(new Input.StartRefused("alpha", pid, 7, "no"));
        assertThat(driver.row(pid).incarnation()).isEqualTo(1);
        driver.tell(new Input.ProcessReported(driver.reportOf(pid, ProcessState.STARTING, null)));

        driver.refuses(pid, "no answer in time");

        assertThat(driver.row(pid).state()).isEqualTo(ProcessState.STARTING);
        assertThat(driver.row(pid).incarnation()).isEqualTo(1);
    }

    @Test
    void onOneHostARefusedProcessIsTriedAgainAfterAWhile() {
        driver.host("alpha", 2000);
        driver.push("hello", 1, "d");
        long pid = driver.starts().getFirst().pid();

        driver.refuses(pid, "disk full");
        assertThat(driver.starts()).isEmpty();
        assertThat(driver.app("hello").processes().getFirst().note()).isEqualTo("alpha would not start it: disk full");
        driver.pass(Duration.ofSeconds(1));

        assertThat(driver.starts()).hasSize(1);
    }

    @Test
    void whatFitsNowhereWaitsWithItsReasonUntilThereIsRoom() {
        driver.push("hello", 1, "d");
        assertThat(driver.app("hello").processes().getFirst().note()).isEqualTo("no host is connected");
        driver.host("alpha", 100);
        driver.host("alpha", 100);
        assertThat(driver.starts()).isEmpty();

        driver.host("alpha", 300);

        assertThat(driver.starts()).hasSize(1);
        assertThat(driver.eventKinds()).containsOnlyOnce(Event.PROCESS_WAITING);
    }

    @Test
    void roomLeftByOneAppIsGivenToAnotherThatWaits() {
        driver.host("alpha", 300);
        long pid = driver.serving("hello", 1).getFirst();
        driver.push("other", 1, "d");
        assertThat(driver.starts()).isEmpty();
        driver.command(new AppCommand.StopApp("hello", "ann"));
        driver.pass(Duration.ofSeconds(10));

        driver.exits(pid, Exit.Reason.STOPPED);

        assertThat(driver.starts()).extracting("app").containsExactly("other");
    }

    @Test
    void aStartNobodySpeaksOfIsGivenUp() {
        driver.host("alpha", 4000);
        driver.push("hello", 1, "d");
        long pid = driver.starts().getFirst().pid();
        ProcessReport starting = driver.reportOf(pid, ProcessState.STARTING, null);
        for (int seconds = 0; seconds < 85; seconds += 5) {
            driver.now = driver.now.plusSeconds(5);
            driver.report("alpha", 4000, List.of(starting));
        }
        assertThat(driver.app("hello").app().targetVersion()).isEqualTo(1);

        driver.pass(Duration.ofSeconds(5));

        assertThat(driver.stops()).contains(pid);
        assertThat(driver.app("hello").failure()).contains("not ready within its start limit");
    }

    private void crash(long pid) {
        driver.running(pid);
        driver.exits(pid, Exit.Reason.EXITED);
    }

    private HostReport hostReport(String epoch, long sequence, int startedSeconds, List<ProcessReport> processes) {
        return new HostReport(
                "alpha",
                epoch,
                sequence,
                "container",
                "fake",
                List.of(),
                2,
                1000 * Driver.MEGABYTE,
                0,
                World.START.plusSeconds(startedSeconds),
                processes);
    }
}
