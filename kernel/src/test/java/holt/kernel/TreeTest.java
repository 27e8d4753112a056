package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.AfterStop;
import holt.model.AppCommand;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Keeping;
import holt.model.Keeping.Strategy;
import holt.model.Limits;
import holt.model.Placement;
import holt.model.ProcessCommand;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Readiness;
import holt.model.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TreeTest {
    private final Driver driver = new Driver();
    private long root;

    @BeforeEach
    void oneInstanceRuns() {
        driver.host("alpha", 300_000);
        root = driver.serving("hello", 1).getFirst();
    }

    private ProcessCommand.Fork order(long parent, int count, RestartPolicy restart) {
        return new ProcessCommand.Fork("hello", parent, count, List.of(), restart, null, false, "", "test");
    }

    private List<Long> fork(ProcessCommand.Fork fork) {
        Effect.Reply reply = driver.command(fork);
        assertThat(reply.problem()).isNull();
        return reply.pids();
    }

    private List<Long> running(ProcessCommand.Fork fork) {
        List<Long> pids = fork(fork);
        for (long pid : pids) {
            driver.running(pid);
        }
        return pids;
    }

    private long child(long parent, RestartPolicy restart) {
        return running(order(parent, 1, restart)).getFirst();
    }

    @Test
    void whoIsForkedMayShareTheHostOfAnInstanceThatStaysApart() {
        Placement apart = new Placement(List.of(), true, List.of());
        AppCommand.ReleaseContent content =
                new AppCommand.ReleaseContent("d", "command", "run", null, new Limits(1 << 28, 0, 100), null, apart);
        driver.command(new AppCommand.PutApp("alone", true, 1, null, null, content, "ann"));
        long instance = driver.starts().getFirst().pid();
        driver.running(instance);

        Effect.Reply reply = driver.command(
                new ProcessCommand.Fork("alone", instance, 1, List.of(), RestartPolicy.NEVER, null, false, "", "test"));

        assertThat(driver.row(reply.pids().getFirst()).host()).isEqualTo("alpha");
    }

    @Test
    void aChildThatWaitedForItsTurnStartsWhenTheOrderIsGivenUp() {
        Keeping ordered = new Keeping(Strategy.REST_FOR_ONE, 3, Duration.ofSeconds(60));
        List<Long> children = fork(
                new ProcessCommand.Fork("hello", root, 2, List.of(), RestartPolicy.NEVER, ordered, false, "", "test"));
        assertThat(driver.row(children.get(1)).state()).isEqualTo(ProcessState.WAITING);

        fork(new ProcessCommand.Fork(
                "hello", root, 1, List.of(), RestartPolicy.NEVER, Keeping.standard(), false, "", "test"));

        assertThat(driver.row(children.get(1)).state()).isEqualTo(ProcessState.STARTING);
    }

    private List<Long> kept(long parent, int count, Strategy strategy) {
        Keeping keeping = new Keeping(strategy, 3, Duration.ofSeconds(60));
        return running(new ProcessCommand.Fork(
                "hello", parent, count, List.of(), RestartPolicy.ALWAYS, keeping, false, "", "test"));
    }

    private ErrorCode refusal(ProcessCommand command) {
        Effect.Reply reply = driver.command(command);
        assertThat(reply.problem()).isNotNull();
        return reply.problem().code();
    }

    private void kill(long pid) {
        assertThat(driver.command(new ProcessCommand.Kill("hello", pid, "test")).problem())
                .isNull();
    }

    private ProcessState state(long pid) {
        return driver.row(pid).state();
    }

    private void stopped(long pid) {
        driver.exits(pid, Exit.Reason.STOPPED);
    }

    @Test
    void childrenInheritAndAreStartedNearTheirParent() {
        driver.host("beta", 900_000);

        List<Long> pids = fork(new ProcessCommand.Fork(
                "hello", root, 2, List.of("--fast"), RestartPolicy.NEVER, null, false, "k", "test"));

        assertThat(driver.starts()).extracting(ProcessSpec::pid).isEqualTo(pids);
        ProcessSpec spec = driver.starts().getFirst();
        assertThat(spec.ppid()).isEqualTo(root);
        assertThat(spec.group()).isEqualTo(driver.app("hello").app().supervisorPid());
        assertThat(spec.index()).isEqualTo(-1);
        assertThat(spec.arguments()).containsExactly("--fast");
        assertThat(spec.readiness().kind()).isEqualTo(Readiness.Kind.NONE);
        assertThat(driver.row(pids.getFirst()).host()).isEqualTo("alpha");
        assertThat(driver.app("hello").forked()).hasSize(2);
        assertThat(driver.app("hello").processes()).hasSize(1);
    }

    @Test
    void aRepeatedForkMakesNothing() {
        ProcessCommand.Fork fork =
                new ProcessCommand.Fork("hello", root, 3, List.of(), RestartPolicy.NEVER, null, false, "again", "test");
        List<Long> first = fork(fork);

        driver.boot();
        driver.host("alpha", 300_000);

        assertThat(fork(fork)).isEqualTo(first);
        assertThat(driver.app("hello").forked()).hasSize(3);
    }

    @Test
    void refusesWhatCannotBeForked() {
        driver.push("other", 1, "d");
        assertThat(refusal(order(999, 1, RestartPolicy.NEVER))).isEqualTo(ErrorCode.PROCESS_NOT_FOUND);
        assertThat(refusal(new ProcessCommand.Fork(
                        "other", root, 1, List.of(), RestartPolicy.NEVER, null, false, "", "test")))
                .isEqualTo(ErrorCode.PROCESS_NOT_FOUND);
        assertThat(refusal(order(root, 0, RestartPolicy.NEVER))).isEqualTo(ErrorCode.PARAMETER_INVALID);
        assertThat(refusal(order(root, -1, RestartPolicy.NEVER))).isEqualTo(ErrorCode.PARAMETER_INVALID);
        assertThat(refusal(order(root, 1_000_000_000, RestartPolicy.NEVER))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(refusal(new ProcessCommand.Fork(
                        "hello", root, 1, List.of("x".repeat(1 << 20)), RestartPolicy.NEVER, null, false, "", "test")))
                .isEqualTo(ErrorCode.PARAMETER_INVALID);
        long starting = fork(order(root, 1, RestartPolicy.NEVER)).getFirst();
        assertThat(refusal(order(starting, 1, RestartPolicy.NEVER))).isEqualTo(ErrorCode.PROCESS_NOT_RUNNING);
    }

    @Test
    void aTreeHasABoundedDepthAndEndsWithoutRecursion() {
        long parent = root;
        for (int i = 1; i < TreeRule.standard().depth(); i++) {
            parent = child(parent, RestartPolicy.NEVER);
        }
        assertThat(refusal(order(parent, 1, RestartPolicy.NEVER))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);

        kill(root);
        assertThat(driver.stops()).as("requests under way may need them").isEmpty();
        driver.pass(Duration.ofSeconds(10));
        List<Long> order = new ArrayList<>();
        while (!driver.stops().isEmpty()) {
            long next = driver.stops().getFirst();
            order.add(next);
            stopped(next);
        }

        assertThat(order).hasSize(TreeRule.standard().depth()).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @Test
    void aGroupHasABoundedNumberOfProcesses() {
        fork(order(root, TreeRule.standard().groupProcesses(), RestartPolicy.NEVER));

        assertThat(refusal(order(root, 1, RestartPolicy.NEVER))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }

    @Test
    void anEndIsKeptUntilItIsWaitedFor() {
        long pid = child(root, RestartPolicy.NEVER);
        assertThat(refusal(new ProcessCommand.Reap("hello", root, pid))).isEqualTo(ErrorCode.PROCESS_NOT_ENDED);

        driver.exits(pid, Exit.Reason.EXITED);

        assertThat(state(pid)).isEqualTo(ProcessState.EXITED);
        assertThat(refusal(new ProcessCommand.Reap("hello", 2, pid))).isEqualTo(ErrorCode.PROCESS_NOT_FOUND);
        Effect.Reply reply = driver.command(new ProcessCommand.Reap("hello", root, pid));
        assertThat(reply.exit().code()).isEqualTo(1);
        assertThat(driver.row(pid)).isNull();
        assertThat(refusal(new ProcessCommand.Reap("hello", root, pid))).isEqualTo(ErrorCode.PROCESS_NOT_FOUND);
    }

    @Test
    void anEndNobodyWaitsForIsForgotten() {
        long pid = child(root, RestartPolicy.NEVER);
        driver.exits(pid, Exit.Reason.EXITED);

        driver.pass(TreeRule.standard().exitRetention().minusSeconds(1));
        assertThat(state(pid)).isEqualTo(ProcessState.EXITED);
        driver.pass(Duration.ofSeconds(1));

        assertThat(driver.row(pid)).isNull();
    }

    @Test
    void aFailedChildIsStartedAgainAndWhatItForkedEnds() {
        long pid = child(root, RestartPolicy.ON_FAILURE);
        long below = child(pid, RestartPolicy.ALWAYS);

        driver.exits(pid, Exit.Reason.SIGNALED);

        assertThat(driver.row(pid).incarnation()).isEqualTo(2);
        assertThat(state(pid)).isEqualTo(ProcessState.STARTING);
        assertThat(state(below)).isEqualTo(ProcessState.STOPPING);
        assertThat(driver.stops()).containsExactly(below);
        stopped(below);
        assertThat(driver.row(below)).isNull();
    }

    @Test
    void aDetachedProcessGoesOnBelowTheGroupsRoot() {
        long pid = child(root, RestartPolicy.ALWAYS);
        long daemon = child(pid, RestartPolicy.ALWAYS);
        long below = child(daemon, RestartPolicy.NEVER);
        driver.command(new ProcessCommand.Detach("hello", daemon, "test"));

        driver.exits(pid, Exit.Reason.SIGNALED);

        assertThat(driver.row(daemon).ppid())
                .isEqualTo(driver.app("hello").app().supervisorPid());
        assertThat(state(daemon)).isEqualTo(ProcessState.RUNNING);
        assertThat(state(below)).isEqualTo(ProcessState.RUNNING);
        driver.exits(daemon, Exit.Reason.SIGNALED);
        assertThat(driver.row(daemon).incarnation()).isEqualTo(2);
        assertThat(refusal(new ProcessCommand.Detach("hello", root, "test"))).isEqualTo(ErrorCode.PARAMETER_INVALID);
    }

    @Test
    void killingGoesChildrenFirstAndLeavesNothing() {
        long top = child(root, RestartPolicy.ALWAYS);
        long left = child(top, RestartPolicy.ALWAYS);
        long right = child(top, RestartPolicy.ALWAYS);
        long leaf = child(left, RestartPolicy.ALWAYS);

        kill(top);
        assertThat(driver.stops()).containsExactlyInAnyOrder(right, leaf);
        assertThat(List.of(state(top), state(left), state(right), state(leaf))).containsOnly(ProcessState.STOPPING);
        assertThat(refusal(order(left, 1, RestartPolicy.NEVER))).isEqualTo(ErrorCode.PROCESS_NOT_RUNNING);
        stopped(leaf);
        assertThat(driver.stops()).containsExactly(left);
        driver.exits(left, Exit.Reason.SIGNALED);
        assertThat(driver.row(left)).isNull();
        assertThat(driver.stops()).isEmpty();
        stopped(right);
        assertThat(driver.stops()).containsExactly(top);
        stopped(top);

        assertThat(state(top)).isEqualTo(ProcessState.EXITED);
        assertThat(state(root)).isEqualTo(ProcessState.RUNNING);
        assertThat(driver.command(new ProcessCommand.Reap("hello", root, top))
                        .exit()
                        .reason())
                .isEqualTo(Exit.Reason.STOPPED);
    }

    @Test
    void aParentDoesNotWaitForAChildForEver() {
        long top = child(root, RestartPolicy.ALWAYS);
        long deaf = child(top, RestartPolicy.ALWAYS);
        kill(top);
        assertThat(driver.stops()).containsExactly(deaf);

        driver.pass(Duration.ofSeconds(14));
        driver.report(
                "alpha",
                300_000,
                List.of(
                        driver.reportOf(root, ProcessState.RUNNING, null),
                        driver.reportOf(top, ProcessState.RUNNING, null),
                        driver.reportOf(deaf, ProcessState.RUNNING, null)));
        assertThat(driver.stops()).doesNotContain(top);
        driver.pass(Duration.ofSeconds(1));

        assertThat(driver.stops()).containsExactly(top);
    }

    @Test
    void aKilledInstanceIsReplacedWithoutCountingAsACrash() {
        long below = child(root, RestartPolicy.ALWAYS);

        kill(root);

        assertThat(state(root)).isEqualTo(ProcessState.STOPPING);
        assertThat(state(below)).isEqualTo(ProcessState.STOPPING);
        long next = driver.starts().getFirst().pid();
        assertThat(driver.row(next).index()).isZero();
        assertThat(driver.row(next).crashes()).isZero();
        assertThat(driver.eventKinds()).doesNotContain(Event.PROCESS_CRASHED);
    }

    @Test
    void killingTheGroupsRootEndsEverythingDetachedOnesToo() {
        long daemon = child(root, RestartPolicy.ALWAYS);
        driver.command(new ProcessCommand.Detach("hello", daemon, "test"));

        kill(driver.app("hello").app().supervisorPid());

        assertThat(driver.stops()).containsExactly(daemon);
        stopped(daemon);
        stopped(root);
        assertThat(driver.store.processes).isEmpty();
        driver.pass(Duration.ofSeconds(60));
        assertThat(driver.starts()).isEmpty();
    }

    @Test
    void deletingAnAppStopsItsProcessesChildrenFirst() {
        long top = child(root, RestartPolicy.ALWAYS);
        long leaf = child(top, RestartPolicy.ALWAYS);

        driver.command(new AppCommand.DeleteApp("hello", "test"));

        assertThat(driver.stops()).containsExactly(leaf, top, root);
        assertThat(driver.store.processes).isEmpty();
    }

    @Test
    void allForOneStopsInReverseAndStartsInOrder() {
        List<Long> pids = kept(root, 1, Strategy.ALL_FOR_ONE);
        long first = pids.getFirst();
        long second = child(root, RestartPolicy.ALWAYS);
        long third = child(root, RestartPolicy.ALWAYS);

        driver.exits(second, Exit.Reason.SIGNALED);
        assertThat(driver.stops()).containsExactly(third);
        assertThat(driver.row(third).afterStop()).isEqualTo(AfterStop.RESTART);
        assertThat(state(second)).isEqualTo(ProcessState.WAITING);
        stopped(third);
        assertThat(driver.stops()).containsExactly(first);
        assertThat(driver.starts()).isEmpty();
        stopped(first);
        for (long pid : List.of(first, second, third)) {
            assertThat(driver.starts()).extracting(ProcessSpec::pid).containsExactly(pid);
            driver.running(pid);
        }

        assertThat(List.of(first, second, third))
                .allMatch(pid -> driver.row(pid).incarnation() == 2);
    }

    @Test
    void anOrderedRestartSurvivesTheController() {
        kept(root, 1, Strategy.ALL_FOR_ONE);
        long second = child(root, RestartPolicy.ALWAYS);
        long first = second - 1;
        driver.exits(first, Exit.Reason.SIGNALED);

        driver.boot();
        driver.report(
                "alpha",
                300_000,
                List.of(
                        driver.reportOf(root, ProcessState.RUNNING, null),
                        driver.reportOf(second, ProcessState.STOPPING, null)));
        assertThat(driver.starts()).isEmpty();
        stopped(second);

        assertThat(driver.starts()).extracting(ProcessSpec::pid).containsExactly(first);
    }

    @Test
    void restForOneLeavesEldersAlone() {
        kept(root, 1, Strategy.REST_FOR_ONE);
        long second = child(root, RestartPolicy.ALWAYS);
        long third = child(root, RestartPolicy.NEVER);
        long first = second - 1;

        driver.exits(second, Exit.Reason.SIGNALED);
        stopped(third);

        assertThat(state(first)).isEqualTo(ProcessState.RUNNING);
        assertThat(driver.starts()).extracting(ProcessSpec::pid).containsExactly(second);
        assertThat(state(third)).as("never restarted").isEqualTo(ProcessState.EXITED);
    }

    @Test
    void tooManyRestartsGoUpTheTreeAsTheParentsFailure() {
        long top = child(root, RestartPolicy.ON_FAILURE);
        long pid = kept(top, 1, Strategy.ONE_FOR_ONE).getFirst();
        long other = child(top, RestartPolicy.ALWAYS);
        for (int i = 0; i < 3; i++) {
            driver.exits(pid, Exit.Reason.SIGNALED);
            driver.pass(Duration.ofSeconds(5));
            driver.running(pid);
        }

        driver.exits(pid, Exit.Reason.SIGNALED);

        assertThat(driver.row(pid)).isNull();
        assertThat(driver.stops()).containsExactly(other);
        assertThat(driver.row(top).afterStop()).isEqualTo(AfterStop.FAIL);
        stopped(other);
        assertThat(driver.stops()).containsExactly(top);
        stopped(top);
        assertThat(driver.row(top).incarnation()).isEqualTo(2);
        assertThat(driver.row(top).exit().reason()).isEqualTo(Exit.Reason.CHILDREN_FAILED);
        assertThat(driver.row(top).keeping()).isNull();
    }

    @Test
    void failuresGoUpOneParentAfterTheOtherAsFarAsTheApp() {
        Keeping none = new Keeping(Strategy.ONE_FOR_ONE, 0, Duration.ofSeconds(1));
        List<Long> line = new ArrayList<>(List.of(root));
        for (int i = 0; i < 10; i++) {
            line.add(running(new ProcessCommand.Fork(
                            "hello", line.getLast(), 1, List.of(), RestartPolicy.ALWAYS, none, false, "", "test"))
                    .getFirst());
        }

        driver.exits(line.removeLast(), Exit.Reason.SIGNALED);
        while (!line.isEmpty()) {
            long failed = line.removeLast();
            if (failed == root) {
                assertThat(driver.stops())
                        .as("stops amid the requests under way")
                        .isEmpty();
                driver.pass(ClusterSettings.standard("localhost").drainLimit());
            }
            assertThat(driver.stops()).containsExactly(failed);
            assertThat(driver.row(failed).afterStop()).isEqualTo(AfterStop.FAIL);
            stopped(failed);
        }

        assertThat(driver.row(root).incarnation()).isEqualTo(2);
        assertThat(driver.row(root).crashes()).isEqualTo(1);
        assertThat(driver.app("hello").forked()).isEmpty();
    }

    @Test
    void restartsOutsideThePeriodAreForgotten() {
        long pid = kept(root, 1, Strategy.ONE_FOR_ONE).getFirst();
        for (int i = 0; i < 10; i++) {
            driver.pass(Duration.ofSeconds(61));
            driver.report(
                    "alpha",
                    300_000,
                    List.of(
                            driver.reportOf(root, ProcessState.RUNNING, null),
                            driver.reportOf(pid, ProcessState.RUNNING, null)));
            driver.exits(pid, Exit.Reason.SIGNALED);
            driver.running(pid);
        }

        assertThat(driver.row(pid).incarnation()).isEqualTo(11);
        assertThat(state(root)).isEqualTo(ProcessState.RUNNING);
    }

    @Test
    void anInstanceThatFailsItsChildrenIsHeldBackByTheAppsRule() {
        for (int round = 1; round <= 3; round++) {
            long pid = kept(root, 1, Strategy.ONE_FOR_ONE).getFirst();
            for (int i = 0; i < 3; i++) {
                driver.exits(pid, Exit.Reason.SIGNALED);
                driver.pass(Duration.ofSeconds(5));
                driver.running(pid);
            }
            driver.exits(pid, Exit.Reason.SIGNALED);
            assertThat(driver.app("hello").processes()).hasSize(1);
            assertThat(driver.stops()).containsExactly(root);
            stopped(root);
            assertThat(driver.row(root).crashes()).isEqualTo(round);
            if (round < 3) {
                driver.running(root);
            }
        }

        assertThat(driver.row(root).notBefore()).isNotNull();
        assertThat(driver.app("hello").endpoints()).isEmpty();
    }

    @Test
    void aLostHostsProcessIsReplacedElsewhereAndFencedWhenItReturns() {
        long pid = child(root, RestartPolicy.ON_FAILURE);
        driver.host("beta", 900_000);
        driver.now = driver.now.plusSeconds(1);
        driver.report("alpha", 0, List.of(driver.reportOf(root, ProcessState.RUNNING, null)));
        assertThat(driver.row(pid).host()).isEqualTo("beta");
        driver.running(pid);
        var stale = driver.reportOf(pid, ProcessState.RUNNING, null);
        assertThat(driver.row(pid).incarnation()).isEqualTo(2);

        for (int i = 0; i < 8; i++) {
            driver.now = driver.now.plusSeconds(2);
            driver.report("alpha", 300_000, List.of(driver.reportOf(root, ProcessState.RUNNING, null)));
            driver.pass(Duration.ZERO);
        }
        assertThat(driver.row(pid).host()).isEqualTo("alpha");
        assertThat(driver.row(pid).incarnation()).isEqualTo(3);
        assertThat(driver.eventKinds()).contains(Event.PROCESS_LOST);
        driver.report("beta", 900_000, List.of(stale));

        assertThat(driver.stops()).containsExactly(pid);
    }

    @Test
    void readersSeeTheWholeTree() {
        long pid = child(root, RestartPolicy.NEVER);

        assertThat(driver.cluster.snapshot().process(pid)).isPresent();
        assertThat(driver.cluster.snapshot().processes()).hasSize(2);
        assertThat(driver.app("hello").endpoints()).hasSize(1);
        assertThat(driver.app("hello").running()).isEqualTo(1);
    }
}
