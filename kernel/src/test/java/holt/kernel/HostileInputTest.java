package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Endpoint;
import holt.model.Event;
import holt.model.Exit;
import holt.model.HostReport;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What lies, repeats itself or comes from nowhere changes nothing it has no right to change. */
class HostileInputTest {
    private final Driver driver = new Driver();

    @Test
    void aNegativeCapacityIsNoCapacity() {
        driver.push("hello", 1, "d");

        report("alpha", -1, 0);
        assertThat(driver.starts()).isEmpty();
        report("beta", Long.MIN_VALUE, Long.MIN_VALUE);
        assertThat(driver.starts()).isEmpty();
        report("gamma", 1000 * Driver.MEGABYTE, Long.MAX_VALUE);

        assertThat(driver.starts()).isEmpty();
    }

    @Test
    void anEndlessCapacityOverflowsNothing() {
        report("alpha", Long.MAX_VALUE, Long.MIN_VALUE);

        driver.push("hello", 3, "d");

        assertThat(driver.starts()).hasSize(3);
        assertThat(driver.cluster.snapshot().hosts().get("alpha").freeBytes()).isPositive();
    }

    @Test
    void aReportOfAnUnknownProcessOnAnUnknownHostIsIgnored() {
        driver.tell(new Input.ProcessReported(stranger("nowhere", 77)));
        driver.tell(new Input.StartRefused("nowhere", 77, 1, "no"));
        driver.router("router", List.of(new Endpoint("x", 77, 1, 0, "id", "10.0.0.1", 80)));

        assertThat(driver.store.events).isEmpty();
        assertThat(driver.effects).noneMatch(Effect.Ask.class::isInstance);
    }

    @Test
    void aHostCannotSpeakForAProcessOfAnother() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        driver.host("beta", 1000);
        ProcessReport real = driver.reportOf(pid, ProcessState.EXITED, World.exit(Exit.Reason.EXITED));
        ProcessReport lie = new ProcessReport(
                "beta",
                real.epoch(),
                real.sequence(),
                pid,
                1,
                real.instanceId(),
                "hello",
                0,
                1,
                ProcessState.EXITED,
                null,
                0,
                null,
                0,
                0,
                real.exit());

        driver.tell(new Input.ProcessReported(lie));
        driver.report("beta", 1000, List.of(lie, lie));

        assertThat(driver.row(pid).state()).isEqualTo(ProcessState.RUNNING);
    }

    @Test
    void theSameReportAThousandTimesIsOne() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        ProcessReport exit = driver.reportOf(pid, ProcessState.EXITED, World.exit(Exit.Reason.EXITED));
        int before = driver.store.events.size();
        for (int i = 0; i < 1000; i++) {
            driver.tell(new Input.ProcessReported(exit));
        }

        assertThat(driver.store.events).hasSize(before + 2);
        assertThat(driver.row(pid).incarnation()).isEqualTo(2);
    }

    @Test
    void aReportThatLacksWhatItMustHaveIsIgnored() {
        HostReport hollow = new HostReport(null, null, 0, null, null, List.of(), 0, 0, 0, null, List.of());

        driver.tell(new Input.HostReported(hollow));

        assertThat(driver.cluster.snapshot().hosts()).isEmpty();
    }

    @Test
    void aClockSetBackDoesNotHoldBackWhatIsDue() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        for (int i = 0; i < 3; i++) {
            driver.running(pid);
            driver.exits(pid, Exit.Reason.EXITED);
        }
        driver.now = driver.now.minus(Duration.ofHours(1));
        driver.tell(new Input.Woken());
        assertThat(driver.effects).anyMatch(effect -> effect.equals(new Effect.WakeAt(driver.now.plusSeconds(1))));

        driver.pass(Duration.ofSeconds(1));

        assertThat(driver.starts()).hasSize(1);
    }

    @Test
    void wokenTooEarlyOrTwiceDoesNoHarm() {
        driver.host("alpha", 1000);
        driver.serving("hello", 1);
        List<Effect> asked = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            driver.tell(new Input.Woken());
            driver.effects.stream().filter(Effect.Ask.class::isInstance).forEach(asked::add);
        }

        assertThat(asked).isEmpty();
        assertThat(driver.effects).noneMatch(Effect.Persist.class::isInstance);
    }

    @Test
    void aClockThatJumpsYearsAheadLosesNoHostAndReplacesNothing() {
        driver.host("alpha", 1000);
        driver.host("beta", 1000);
        List<Long> pids = driver.serving("hello", 2);
        int before = driver.store.events.size();

        driver.sleep(Duration.ofDays(3650));
        assertThat(driver.starts()).isEmpty();

        assertThat(driver.store.events).hasSize(before);
        assertThat(pids).allMatch(pid -> driver.row(pid).state() == ProcessState.RUNNING);
    }

    @Test
    void aSleepFailsNoStartThatNobodyCouldSpeakOf() {
        driver.host("alpha", 1000);
        driver.push("hello", 1, "d");
        long pid = driver.starts().getFirst().pid();

        driver.sleep(Duration.ofHours(1));
        driver.running(pid);

        assertThat(driver.row(pid).state()).isEqualTo(ProcessState.RUNNING);
        assertThat(driver.row(pid).incarnation()).isEqualTo(1);
    }

    @Test
    void momentsBeyondReasonOverflowNothing() {
        driver.host("alpha", 1000);
        driver.serving("hello", 1);
        for (Instant moment : List.of(Instant.MAX, Instant.MIN, Instant.EPOCH, Instant.MAX, World.START)) {
            driver.now = moment;
            driver.tell(new Input.Woken());
            driver.host("alpha", 1000);
        }

        assertThat(driver.app("hello").processes()).hasSize(1);
    }

    @Test
    void twoAgentsOfOneNameCauseNoEndlessRestarts() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        ProcessReport running = driver.reportOf(pid, ProcessState.RUNNING, null);
        for (int i = 0; i < 20; i++) {
            driver.tell(new Input.HostReported(hostReport("alpha", "twin", 10 + i, 30, List.of())));
            driver.tell(new Input.HostReported(hostReport("alpha", "agent-1", 1000 + i, 0, List.of(running))));
            driver.pass(Duration.ofSeconds(3));
        }

        assertThat(driver.eventKinds()).containsOnlyOnce(Event.PROCESS_CRASHED);
    }

    @Test
    void aCrowdOfHostsNobodyKnowsIsNotRemembered() {
        for (int i = 0; i < 25_000; i++) {
            driver.tell(new Input.HostReported(hostReport("liar-" + i, "e", 1, 0, List.of())));
        }

        assertThat(driver.cluster.snapshot().hosts()).hasSize(20_000);
        assertThat(driver.eventKinds()).containsOnlyOnce(Event.HOST_REFUSED);
    }

    @Test
    void aHostOfThePastIsForgottenWithAWord() {
        driver.host("alpha", 1000);
        driver.pass(Duration.ofSeconds(20));
        assertThat(driver.cluster.snapshot().hosts().get("alpha").lost()).isTrue();

        driver.pass(Duration.ofHours(1));

        assertThat(driver.cluster.snapshot().hosts()).isEmpty();
        assertThat(driver.eventKinds()).endsWith(Event.HOST_FORGOTTEN);
    }

    @Test
    void strangersAreEndedButSoManyAReport() {
        List<ProcessReport> crowd = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            crowd.add(stranger("alpha", 1000 + i));
        }

        driver.report("alpha", 1000, crowd);

        assertThat(driver.stops()).hasSize(Bounds.standard().straysPerReport());
        driver.report("alpha", 1000, crowd.subList(0, 3));
        assertThat(driver.stops()).hasSize(3);
    }

    @Test
    void oneProcessInTwoStatesInOneReportIsInTheFirst() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        ProcessReport running = driver.reportOf(pid, ProcessState.RUNNING, null);
        ProcessReport ended = driver.reportOf(pid, ProcessState.EXITED, World.exit(Exit.Reason.EXITED));

        driver.report("alpha", 1000, List.of(running, ended, ended));

        assertThat(driver.row(pid).state()).isEqualTo(ProcessState.RUNNING);
    }

    @Test
    void aCrowdOfRoutersIsNotRemembered() {
        Routers routers = new Routers(Duration.ofSeconds(15));
        State state = new State(holt.model.Truth.empty(), ClusterSettings.standard("localhost"), () -> "id");
        for (int i = 0; i < 5000; i++) {
            routers.hear(new holt.model.RouterReport("router-" + i, List.of()), state);
        }
        routers.hear(new holt.model.RouterReport(null, List.of()), state);

        assertThat(routers.live(state.now)).hasSize(1000);
    }

    private static HostReport hostReport(
            String host, String epoch, long sequence, int startedSeconds, List<ProcessReport> processes) {
        return new HostReport(
                host,
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

    private void report(String host, long memoryBytes, long reservedBytes) {
        driver.tell(new Input.HostReported(new HostReport(
                host,
                "agent-1",
                1,
                "container",
                "fake",
                List.of(),
                -7,
                memoryBytes,
                reservedBytes,
                World.START,
                List.of())));
    }

    private static ProcessReport stranger(String host, long pid) {
        return new ProcessReport(
                host,
                "agent-1",
                99,
                pid,
                1,
                "id",
                "x",
                0,
                1,
                ProcessState.RUNNING,
                "10.0.0.1",
                80,
                World.START,
                0,
                0,
                null);
    }
}
