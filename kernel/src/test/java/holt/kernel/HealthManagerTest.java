package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Exit;
import holt.model.HostReport;
import holt.model.Process;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthManagerTest {
    private static final ClusterSettings SETTINGS = ClusterSettings.standard("localhost");
    private static final Duration LEASE = SETTINGS.lease();

    private final List<Long> used = new ArrayList<>();
    private final HealthManager health = new HealthManager(SETTINGS);
    private Instant now = World.START;
    private long sequence;
    /** The word of the last call the agent has heard. */
    private String answers;

    HealthManagerTest() {
        health.begin(now, "call");
    }

    @Test
    void findsNothingButThatTheHostSpokeWhereAllIsAsIntended() {
        health.intend(row(7, 1, ProcessState.RUNNING), this::used);

        assertThat(full("alpha", running(7, 1))).isEmpty();
        assertThat(used).containsExactly(7L);
    }

    @Test
    void aStartedProcessThatServesIsReady() {
        health.intend(row(7, 1, ProcessState.STARTING), this::used);
        ProcessReport report = running(7, 1);

        assertThat(full("alpha", report)).containsExactly(new Finding.Ready("alpha", 7, 1, report));
    }

    @Test
    void aProcessThatMovedToAnotherPortIsReadyThere() {
        health.intend(row(7, 1, ProcessState.RUNNING), this::used);
        ProcessReport moved = report("alpha", 7, 1, 1, ProcessState.RUNNING, 99);

        assertThat(full("alpha", moved)).containsExactly(new Finding.Ready("alpha", 7, 1, moved));
    }

    @Test
    void aLostProcessThatIsOnItsWayUpStartsAgain() {
        health.intend(row(7, 1, ProcessState.LOST), this::used);

        assertThat(full("alpha", report("alpha", 7, 1, 1, ProcessState.STARTING, 0)))
                .containsExactly(new Finding.StartingAgain("alpha", 7, 1));
    }

    @Test
    void anEndIsFoundOnceWithItsExitOrWithoutWhereTheAgentSaysNone() {
        health.intend(row(7, 1, ProcessState.RUNNING), this::used);

        assertThat(full("alpha", report("alpha", 7, 1, 1, ProcessState.EXITED, 0)))
                .containsExactly(new Finding.Ended(
                        "alpha", 7, 1, new Exit(Exit.Reason.UNKNOWN, -1, "its agent does not say how", List.of())));
    }

    @Test
    void whatWasThereAndIsNotShownIsMissing() {
        health.intend(row(7, 1, ProcessState.RUNNING), this::used);
        full("alpha", running(7, 1));

        assertThat(full("alpha")).containsExactly(new Finding.Missing("alpha", 7, 1));
    }

    @Test
    void whatOnlyTheTruthSaysRunsIsMissingWhenAllWasListenedToForALease() {
        health.intend(row(7, 1, ProcessState.RUNNING), this::used);

        pass(SETTINGS.lease().minusMillis(1));
        assertThat(full("alpha"))
                .as("a report may be from before its start")
                .containsExactly(new Finding.Uncalled("alpha", "call"));

        pass(Duration.ofMillis(1));
        assertThat(full("alpha")).containsExactly(new Finding.Missing("alpha", 7, 1));
    }

    @Test
    void whatOnlyTheTruthSaysRunsIsMissingAtOnceInAReportThatAnswersTheCall() {
        health.intend(row(7, 1, ProcessState.RUNNING), this::used);

        answers = "the call of another brain";
        assertThat(full("alpha")).containsExactly(new Finding.Uncalled("alpha", "call"));
        assertThat(full("alpha")).as("called again not too often").isEmpty();

        answers = "call";
        assertThat(full("alpha")).containsExactly(new Finding.Missing("alpha", 7, 1));
    }

    @Test
    void aStartThatDoesNotShowIsAskedForAgainAfterATime() {
        health.intend(row(7, 1, ProcessState.STARTING), this::used);
        health.startAsked(7);
        assertThat(full("alpha")).isEmpty();

        pass(SETTINGS.confirmAfter());

        assertThat(full("alpha")).containsExactly(new Finding.NotYetThere("alpha", 7, 1));
    }

    @Test
    void aStartThisBrainNeverAskedForIsAskedForAtOnce() {
        health.intend(row(7, 1, ProcessState.STARTING), this::used);

        assertThat(full("alpha")).containsExactly(new Finding.NotYetThere("alpha", 7, 1));
    }

    @Test
    void aStopThatIsNotDoneIsFoundAfterATimeAndOneNotAskedForIsNot() {
        health.intend(row(7, 1, ProcessState.STOPPING), this::used);
        pass(SETTINGS.confirmAfter());
        assertThat(full("alpha", running(7, 1))).isEmpty();
        health.stopAsked(7);
        assertThat(full("alpha", running(7, 1))).isEmpty();

        pass(SETTINGS.confirmAfter());

        assertThat(full("alpha", running(7, 1))).containsExactly(new Finding.StopNotDone("alpha", 7, 1));
    }

    @Test
    void aStrangerIsExtraWhileItRuns() {
        assertThat(full("alpha", running(7, 1))).containsExactly(new Finding.Extra("alpha", 7, 1));
        assertThat(full("alpha", report("alpha", 7, 1, 1, ProcessState.STOPPING, 0)))
                .isEmpty();
        assertThat(full("alpha", report("alpha", 7, 1, 1, ProcessState.EXITED, 0)))
                .isEmpty();
        assertThat(used).isEmpty();
    }

    @Test
    void anotherStartAnotherReleaseAndAnotherHostAreToldApart() {
        health.intend(row(7, 2, ProcessState.RUNNING), this::used);
        full("beta");
        full("alpha", running(7, 2));

        assertThat(full("alpha", running(7, 1)))
                .containsExactly(new Finding.Missing("alpha", 7, 2), new Finding.WrongIncarnation("alpha", 7, 1, 2));
        assertThat(full("alpha", report("alpha", 7, 2, 9, ProcessState.RUNNING, 80)))
                .containsExactly(new Finding.Missing("alpha", 7, 2), new Finding.WrongVersion("alpha", 7, 2, 9, 1));
        assertThat(full("beta", running(7, 2))).containsExactly(new Finding.Misplaced("beta", 7, 2, "alpha"));
    }

    @Test
    void theMostUrgentIsSaidFirst() {
        health.intend(row(1, 1, ProcessState.RUNNING), this::used);
        health.intend(row(2, 1, ProcessState.STARTING), this::used);
        full("alpha", running(1, 1));

        assertThat(full("alpha", running(9, 1), running(2, 1)))
                .extracting(found -> found.getClass().getSimpleName())
                .containsExactly("Missing", "Ready", "Extra");
    }

    @Test
    void strangersAreBoundedAReport() {
        ProcessReport[] crowd = new ProcessReport[5000];
        for (int i = 0; i < crowd.length; i++) {
            crowd[i] = running(100 + i, 1);
        }

        assertThat(full("alpha", crowd)).hasSize(SETTINGS.bounds().straysPerReport());
    }

    @Test
    void ofOneProcessNamedTwiceInAReportTheFirstWordCounts() {
        health.intend(row(7, 1, ProcessState.RUNNING), this::used);

        assertThat(full("alpha", running(7, 1), report("alpha", 7, 1, 1, ProcessState.EXITED, 0)))
                .isEmpty();
        assertThat(used).containsExactly(7L);
    }

    @Test
    void aChangeCountsOnlyAfterAFullReportOfTheSameStartAndInItsOrder() {
        health.intend(row(7, 1, ProcessState.STARTING), this::used);
        assertThat(delta(running(7, 1))).isEmpty();
        ProcessReport late = running(7, 1);
        full("alpha", report("alpha", 7, 1, 1, ProcessState.STARTING, 0));
        assertThat(delta(late)).isEmpty();
        ProcessReport ready = running(7, 1);

        assertThat(delta(ready)).contains(new Finding.Ready("alpha", 7, 1, ready));
        assertThat(delta(ready)).isEmpty();
    }

    @Test
    void aFullReportThatWasOvertakenByAChangeDoesNotMissWhatTheChangeShowed() {
        health.intend(row(7, 1, ProcessState.STARTING), this::used);
        full("alpha");
        long overtaken = ++sequence;
        delta(running(7, 1));

        assertThat(found(health.report(host("alpha", "agent-1", overtaken, World.START))))
                .isEmpty();
    }

    @Test
    void aHostIsLostAfterALeaseOfSilenceAndBackWhenItSpeaks() {
        full("alpha");
        full("beta");
        passHearing("beta", LEASE.minusSeconds(1));
        assertThat(health.silence("alpha")).isEmpty();
        passHearing("beta", Duration.ofSeconds(1));

        assertThat(health.silence("alpha")).containsExactly(new Finding.HostLost("alpha", LEASE));
        assertThat(health.silence("alpha")).isEmpty();
        assertThat(full("alpha")).containsExactly(new Finding.HostBack("alpha"));
    }

    @Test
    void afterASleepNobodyIsLostBeforeALeaseWasHeard() {
        full("alpha");
        sleep(Duration.ofDays(1000));
        assertThat(health.silence("alpha")).isEmpty();
        assertThat(health.knowsAllFrom()).isEqualTo(now.plus(LEASE));

        pass(LEASE);

        assertThat(health.silence("alpha")).hasSize(1);
    }

    @Test
    void whereAllWereSilentTheFirstThatSpeaksBeginsANewLease() {
        full("alpha");
        full("beta");
        pass(LEASE);
        assertThat(health.silence("alpha")).hasSize(1);

        full("beta");

        assertThat(health.knowsAllFrom()).isEqualTo(now.plus(LEASE));
        assertThat(health.silence("beta")).isEmpty();
    }

    @Test
    void ofTwoAgentsOfOneNameTheOneStartedLaterIsHeardAndTheOtherNoMore() {
        health.intend(row(7, 1, ProcessState.RUNNING), this::used);
        Instant early = World.START;
        assertThat(found(health.report(host("alpha", "one", 1, early, running(7, 1)))))
                .isEmpty();
        assertThat(found(health.report(host("alpha", "two", 1, early.plusSeconds(1), running(7, 1)))))
                .isEmpty();
        int heard = used.size();
        for (int i = 2; i < 1000; i++) {
            assertThat(health.report(host("alpha", "one", i, early))).isEmpty();
            assertThat(found(health.report(host("alpha", "two", i, early.plusSeconds(1), running(7, 1)))))
                    .isEmpty();
        }

        assertThat(used).hasSize(heard + 998);
    }

    @Test
    void aStartInTheFarFutureDoesNotOutlastTheNextRestart() {
        health.report(host("alpha", "liar", 1, Instant.MAX));
        pass(Duration.ofSeconds(20));

        assertThat(health.report(host("alpha", "honest", 1, now))).isNotEmpty();
    }

    @Test
    void aRestartWithAClockSetBackIsHeardOnceTheFormerAgentIsSilentForALease() {
        full("beta");
        health.report(host("alpha", "before", 1, World.START));
        Instant setBack = World.START.minus(Duration.ofDays(365));
        assertThat(health.report(host("alpha", "after", 1, setBack))).isEmpty();
        passHearing("beta", LEASE);
        health.silence("alpha");

        assertThat(found(health.report(host("alpha", "after", 2, setBack))))
                .containsExactly(new Finding.HostBack("alpha"));
    }

    @Test
    void anAgentThatInventsNewStartsIsBelievedOnlySoOften() {
        int heard = 0;
        for (int i = 0; i < 1000; i++) {
            heard += health.report(host("alpha", "epoch-" + i, 1, World.START)).size();
        }

        assertThat(heard).isLessThanOrEqualTo(5);
    }

    @Test
    void aSequenceThatJumpsToTheEndSilencesOnlyThatStartOfThatAgent() {
        health.intend(row(7, 1, ProcessState.RUNNING), this::used);
        health.report(host("alpha", "agent-1", Long.MAX_VALUE, World.START, running(7, 1)));
        assertThat(health.report(host("alpha", "agent-1", 5, World.START))).isEmpty();
        pass(Duration.ofSeconds(1));

        assertThat(found(health.report(host("alpha", "agent-2", 1, now))))
                .containsExactly(new Finding.Missing("alpha", 7, 1));
    }

    @Test
    void anIdleHostIsForgottenAfterALongSilenceAndOneThatHoldsSomethingIsNot() {
        full("alpha");
        full("beta");
        health.intend(row(7, 1, ProcessState.RUNNING), this::used);
        pass(LEASE);
        health.silence("alpha");
        health.silence("beta");
        pass(SETTINGS.bounds().forgetHostAfter());

        assertThat(health.silence("alpha")).isEmpty();
        assertThat(health.silence("beta"))
                .containsExactly(new Finding.HostForgotten(
                        "beta", SETTINGS.bounds().forgetHostAfter().plus(LEASE)));
        health.forget(7);
        assertThat(health.silence("alpha")).hasSize(1);
        assertThat(health.lookAgainAt("alpha")).isNull();
    }

    @Test
    void noMoreHostsAreKnownThanMayBeAndSilentIdleOnesMakeRoom() {
        HealthManager small =
                new HealthManager(SETTINGS.withBounds(Bounds.standard().withMaxHosts(2)));
        small.begin(now, "call");
        small.report(host("one", "e", 1, now));
        small.report(host("two", "e", 1, now));
        now = now.plusSeconds(10);
        small.at(now);
        assertThat(small.report(host("three", "e", 1, now))).containsExactly(new Finding.HostRefused("three", 2));
        assertThat(small.report(host("four", "e", 1, now))).isEmpty();
        small.report(host("two", "e", 2, now));
        now = now.plusSeconds(10);
        small.at(now);
        small.silence("one");

        assertThat(found(small.report(host("three", "e", 2, now))))
                .containsExactly(new Finding.HostForgotten("one", Duration.ofSeconds(20)));
    }

    @Test
    void hollowOrEndlessNamesAreNotTakenIn() {
        assertThat(health.report(new HostReport(null, null, 0, null, null, List.of(), 0, 0, 0, null, List.of())))
                .isEmpty();
        assertThat(health.report(host(" ", "e", 1, now))).isEmpty();
        assertThat(health.report(host("x".repeat(300), "e", 1, now))).isEmpty();
        assertThat(health.report(host("x", "e".repeat(300), 1, now))).isEmpty();
    }

    private void used(ProcessReport report, Instant moment) {
        used.add(report.pid());
    }

    private void pass(Duration duration) {
        Instant end = now.plus(duration);
        while (now.isBefore(end)) {
            now = now.plusSeconds(10).isBefore(end) ? now.plusSeconds(10) : end;
            health.at(now);
        }
    }

    private void passHearing(String host, Duration duration) {
        for (long seconds = 0; seconds < duration.toSeconds(); seconds++) {
            pass(Duration.ofSeconds(1));
            full(host);
        }
    }

    private void sleep(Duration duration) {
        now = now.plus(duration);
        health.at(now);
    }

    private List<Finding> full(String host, ProcessReport... processes) {
        return found(health.report(host(host, "agent-1", ++sequence, World.START, answers, processes)));
    }

    private List<Finding> delta(ProcessReport report) {
        return found(health.report(report));
    }

    /** All but that a host spoke. */
    private static List<Finding> found(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> !(finding instanceof Finding.HostHeard))
                .toList();
    }

    private static HostReport host(
            String name, String epoch, long sequence, Instant startedAt, ProcessReport... processes) {
        return host(name, epoch, sequence, startedAt, null, processes);
    }

    private static HostReport host(
            String name, String epoch, long sequence, Instant startedAt, String answers, ProcessReport... processes) {
        List<ProcessReport> all = List.of(processes);
        return new HostReport(
                name,
                epoch,
                sequence,
                "container",
                "fake",
                List.of(),
                2,
                1 << 30,
                0,
                startedAt,
                all,
                null,
                null,
                null,
                null,
                answers);
    }

    private ProcessReport running(long pid, int incarnation) {
        return report("alpha", pid, incarnation, 1, ProcessState.RUNNING, 80);
    }

    private ProcessReport report(String host, long pid, int incarnation, long version, ProcessState state, int port) {
        return new ProcessReport(
                host,
                "agent-1",
                ++sequence,
                pid,
                incarnation,
                "id",
                "hello",
                0,
                version,
                state,
                port == 0 ? null : "10.0.0.1",
                port,
                World.START,
                1,
                1,
                null);
    }

    private static Process row(long pid, int incarnation, ProcessState state) {
        boolean ready = state == ProcessState.RUNNING || state == ProcessState.STOPPING;
        return new Process(
                pid,
                2,
                "hello",
                0,
                1,
                incarnation,
                "id",
                state,
                "alpha",
                ready ? "10.0.0.1" : null,
                ready ? 80 : 0,
                0,
                null,
                World.START,
                World.START,
                null);
    }
}
