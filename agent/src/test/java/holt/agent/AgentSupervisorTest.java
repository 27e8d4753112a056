package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.AgentReply;
import holt.model.Exit;
import holt.model.Limits;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Readiness;
import holt.model.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentSupervisorTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Place PLACE = new Place("10.192.0.2", 8080);
    private static final long MEBIBYTE = 1 << 20;

    private final AgentSupervisor brain =
            new AgentSupervisor(Resources.ofMemory(512 * MEBIBYTE), Duration.ofMinutes(30));

    @Test
    void acceptedStartIsReportedBeforeItIsLaunched() {
        List<AgentEffect> effects = start(1, 128);
        assertThat(effects)
                .hasExactlyElementsOfTypes(
                        AgentEffect.Answer.class, AgentEffect.Changed.class, AgentEffect.Launch.class);
        assertThat(answer(effects)).isEqualTo(new AgentReply.Accepted());
        assertThat(state(1)).isEqualTo(ProcessState.STARTING);
    }

    @Test
    void repeatedStartIsAcceptedAndNothingDone() {
        start(1, 128);
        assertThat(start(1, 128)).containsExactly(new AgentEffect.Answer(1, new AgentReply.Accepted()));
    }

    @Test
    void whatEarlierAgentsRanDoesNotStartAgain() {
        tell(new AgentEvent.Past(List.of(key(1))));
        assertThat(answer(start(1, 128))).isInstanceOf(AgentReply.Refused.class);
        assertThat(brain.instances()).isEmpty();
    }

    @Test
    void aStopThatOvertookItsStartIsKeptForTheNextAgent() {
        AgentEvent stop = new AgentEvent.StopAsked(7, key(1), 1000);
        assertThat(tell(stop)).contains(new AgentEffect.Remember(key(1)));
        assertThat(tell(stop)).doesNotContain(new AgentEffect.Remember(key(1)));
    }

    @Test
    void memoryIsPromisedOnlyOnce() {
        start(1, 400);
        assertThat(answer(start(2, 200))).isInstanceOf(AgentReply.Refused.class);
        ended(1, 0);
        assertThat(answer(start(3, 200))).isEqualTo(new AgentReply.Accepted());
        assertThat(brain.reserved().memoryBytes()).isEqualTo(200 * MEBIBYTE);
    }

    @Test
    void refusalNamesWhatIsNeededAndWhatIsFree() {
        start(1, 400);
        assertThat(answer(start(2, 200)))
                .isEqualTo(new AgentReply.Refused("needs 200M of memory, 112M of 512M are free"));
    }

    @Test
    void readyInstanceRuns() {
        start(1, 128);
        List<AgentEffect> effects = tell(new AgentEvent.Launched(key(1), PLACE));
        assertThat(effects).hasExactlyElementsOfTypes(AgentEffect.Changed.class, AgentEffect.AwaitReady.class);
        tell(new AgentEvent.Ready(key(1)));
        assertThat(state(1)).isEqualTo(ProcessState.RUNNING);
    }

    @Test
    void stopTerminatesThenKillsAtTheEndOfTheGrace() {
        running(1);
        List<AgentEffect> effects = tell(new AgentEvent.StopAsked(5, key(1), 1000));
        assertThat(effects).contains(new AgentEffect.Terminate(key(1)), new AgentEffect.WakeAt(NOW.plusSeconds(1)));
        assertThat(brain.handle(new AgentEvent.Woken(), NOW.plusMillis(999)))
                .noneMatch(AgentEffect.Kill.class::isInstance);
        assertThat(brain.handle(new AgentEvent.Woken(), NOW.plusSeconds(1))).contains(new AgentEffect.Kill(key(1)));
        assertThat(brain.handle(new AgentEvent.Woken(), NOW.plusSeconds(2)))
                .noneMatch(AgentEffect.Kill.class::isInstance);
        assertThat(exit(ended(1, 137)).reason()).isEqualTo(Exit.Reason.STOPPED);
    }

    @Test
    void stopDuringTheLaunchTakesEffectOnceItIsLaunched() {
        start(1, 128);
        tell(new AgentEvent.StopAsked(5, key(1), 1000));
        assertThat(state(1)).isEqualTo(ProcessState.STOPPING);
        assertThat(tell(new AgentEvent.Launched(key(1), PLACE))).contains(new AgentEffect.Terminate(key(1)));
    }

    @Test
    void startThatComesAfterItsStopIsNotDone() {
        tell(new AgentEvent.StopAsked(5, key(1), 1000));
        assertThat(answer(start(1, 128))).isInstanceOf(AgentReply.Refused.class);
        assertThat(brain.instances()).isEmpty();
    }

    @Test
    void unreadyInstanceIsStoppedWithTheReason() {
        start(1, 128);
        tell(new AgentEvent.Launched(key(1), PLACE));
        assertThat(tell(new AgentEvent.NotReady(key(1), "it sleeps"))).contains(new AgentEffect.Terminate(key(1)));
        Exit exit = exit(ended(1, 143));
        assertThat(exit.reason()).isEqualTo(Exit.Reason.START_TIMEOUT);
        assertThat(exit.detail()).isEqualTo("it sleeps");
    }

    @Test
    void lateNewsOfAnEndedInstanceChangeNothing() {
        running(1);
        ended(1, 0);
        tell(new AgentEvent.Ready(key(1)));
        tell(new AgentEvent.NotReady(key(1), "late"));
        tell(new AgentEvent.Launched(key(1), PLACE));
        ended(1, 1);
        assertThat(state(1)).isEqualTo(ProcessState.EXITED);
    }

    @Test
    void shutDownStopsAllAndTakesNothingNew() {
        running(1);
        assertThat(tell(new AgentEvent.StopAllAsked(500))).contains(new AgentEffect.Terminate(key(1)));
        assertThat(answer(start(2, 10))).isInstanceOf(AgentReply.Refused.class);
    }

    @Test
    void exitedInstancesOfOneAppAreForgottenOldestFirst() {
        for (int pid = 1; pid <= AgentSupervisor.KEPT_EXITED_OF_ONE_APP; pid++) {
            start(pid, 1);
            brain.handle(new AgentEvent.Ended(key(pid), facts(0)), NOW.plusSeconds(pid));
        }
        start(99, 1);
        List<AgentEffect> effects = brain.handle(new AgentEvent.Ended(key(99), facts(0)), NOW.plusSeconds(99));
        assertThat(effects).contains(new AgentEffect.Forget(key(1)));
        assertThat(answer(start(1, 1))).isInstanceOf(AgentReply.Refused.class);
    }

    @Test
    void exitedInstanceIsForgottenAfterAWhile() {
        start(1, 1);
        assertThat(ended(1, 0)).contains(new AgentEffect.WakeAt(NOW.plus(Duration.ofMinutes(30))));
        assertThat(brain.handle(new AgentEvent.Woken(), NOW.plus(Duration.ofMinutes(30))))
                .contains(new AgentEffect.Forget(key(1)));
    }

    @Test
    void foundInstanceThatLivesKeepsItsState() {
        InstanceStatus status =
                InstanceStatus.starting(spec(1, 128), NOW).launched(PLACE, NOW).running(NOW);
        assertThat(tell(new AgentEvent.Found(status, true))).isEmpty();
        assertThat(brain.reserved().memoryBytes()).isEqualTo(128 * MEBIBYTE);
    }

    @Test
    void foundInstanceThatIsDeadIsExamined() {
        InstanceStatus status =
                InstanceStatus.starting(spec(1, 128), NOW).launched(PLACE, NOW).running(NOW);
        assertThat(tell(new AgentEvent.Found(status, false))).containsExactly(new AgentEffect.Examine(key(1)));
    }

    @Test
    void endIsToldInWordsForPeople() {
        Limits limits = new Limits(64 * MEBIBYTE, 0, 10);
        assertThat(ExitRules.exit(facts(3), null, limits.memoryBytes()).detail())
                .isEqualTo("exited with code 3");
        assertThat(ExitRules.exit(facts(139), null, limits.memoryBytes()).detail())
                .isEqualTo("killed by SIGSEGV");
        assertThat(ExitRules.exit(facts(-1), null, limits.memoryBytes()).reason())
                .isEqualTo(Exit.Reason.UNKNOWN);
        assertThat(ExitRules.exit(new EndFacts(true, 137, 1, "", List.of()), null, limits.memoryBytes())
                        .detail())
                .isEqualTo("needed more than its 64M of memory (killed by the kernel)");
        assertThat(ExitRules.exit(EndFacts.neverRan("no room"), null, limits.memoryBytes()))
                .isEqualTo(new Exit(Exit.Reason.START_FAILED, -1, "no room", List.of()));
    }

    private void running(long pid) {
        start(pid, 128);
        tell(new AgentEvent.Launched(key(pid), PLACE));
        tell(new AgentEvent.Ready(key(pid)));
    }

    private List<AgentEffect> start(long pid, long mebibytes) {
        return tell(new AgentEvent.StartAsked(1, spec(pid, mebibytes))).stream()
                .filter(effect -> !(effect instanceof AgentEffect.WakeAt))
                .toList();
    }

    private List<AgentEffect> ended(long pid, int status) {
        return tell(new AgentEvent.Ended(key(pid), facts(status)));
    }

    private List<AgentEffect> tell(AgentEvent event) {
        return brain.handle(event, NOW);
    }

    private static EndFacts facts(int status) {
        return new EndFacts(true, status, 0, "", List.of());
    }

    private static AgentReply answer(List<AgentEffect> effects) {
        return ((AgentEffect.Answer) effects.getFirst()).reply();
    }

    private static Exit exit(List<AgentEffect> effects) {
        return ((AgentEffect.Changed) effects.getFirst()).status().exit();
    }

    private ProcessState state(long pid) {
        return brain.instances().stream()
                .filter(status -> status.key().equals(key(pid)))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private static InstanceKey key(long pid) {
        return new InstanceKey(pid, 1);
    }

    private static ProcessSpec spec(long pid, long mebibytes) {
        return new ProcessSpec(
                pid,
                2,
                1,
                "id-" + pid,
                "shop",
                0,
                1,
                "0".repeat(64),
                "true",
                "",
                new Limits(mebibytes * MEBIBYTE, 0, 10),
                Readiness.port(),
                List.of());
    }
}
