package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Exit;
import holt.model.Lifecycle;
import holt.model.Limits;
import holt.model.Liveness;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Readiness;
import holt.model.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the agent's brain makes of what was seen of an instance, and of what is to be done before its stop. */
class HealthDecisionsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final InstanceKey KEY = new InstanceKey(1, 1);
    private static final Liveness HTTP = new Liveness(Readiness.Kind.HTTP, "/healthz", 10, 5, 3);

    private final AgentSupervisor brain = new AgentSupervisor(Resources.ofMemory(1 << 30), Duration.ofMinutes(30));

    private List<AgentEffect> tell(AgentEvent event, Instant at) {
        return brain.handle(event, at).stream()
                .filter(effect -> !(effect instanceof AgentEffect.WakeAt))
                .toList();
    }

    private List<AgentEffect> tell(AgentEvent event) {
        return tell(event, NOW);
    }

    private static ProcessSpec spec(Lifecycle lifecycle) {
        return new ProcessSpec(
                1,
                2,
                1,
                "id",
                "shop",
                0,
                1,
                "0".repeat(64),
                "true",
                "",
                new Limits(1 << 20, 0, 10),
                Readiness.port(),
                List.of(),
                2,
                List.of(),
                lifecycle,
                "");
    }

    private List<AgentEffect> run(Lifecycle lifecycle) {
        tell(new AgentEvent.StartAsked(1, spec(lifecycle)));
        tell(new AgentEvent.Launched(KEY, new Place("10.0.0.2", 8080)));
        return tell(new AgentEvent.Ready(KEY));
    }

    private InstanceStatus status() {
        return brain.instances().iterator().next();
    }

    @Test
    void oneWithALivenessCheckIsWatchedFromItsReadinessOn() {
        assertThat(run(new Lifecycle(HTTP, 0, "")))
                .hasExactlyElementsOfTypes(AgentEffect.Changed.class, AgentEffect.Watch.class);
    }

    @Test
    void oneThatIsAliveNoLongerIsAskedToEndThenKilledWhenItsGraceIsOver() {
        run(new Lifecycle(HTTP, 3, ""));
        List<AgentEffect> effects =
                tell(new AgentEvent.Unhealthy(KEY, "GET /healthz answered 500 three times in a row"));
        assertThat(effects).hasExactlyElementsOfTypes(AgentEffect.Changed.class, AgentEffect.Terminate.class);
        assertThat(status().unready()).startsWith("GET /healthz");
        assertThat(tell(new AgentEvent.Woken(), NOW.plusMillis(2999))).isEmpty();
        assertThat(tell(new AgentEvent.Woken(), NOW.plusSeconds(3))).containsExactly(new AgentEffect.Kill(KEY));
        tell(new AgentEvent.Ended(KEY, new EndFacts(true, 137, 0, "", List.of())));
        assertThat(status().exit().reason()).isEqualTo(Exit.Reason.UNHEALTHY);
        assertThat(status().exit().detail()).isEqualTo("GET /healthz answered 500 three times in a row");
    }

    @Test
    void aStopThatWasAskedForKeepsItsReasonWhateverIsSeenLater() {
        run(new Lifecycle(HTTP, 3, ""));
        tell(new AgentEvent.StopAsked(2, KEY, 1000));
        assertThat(tell(new AgentEvent.Unhealthy(KEY, "late"))).isEmpty();
        tell(new AgentEvent.Ended(KEY, new EndFacts(true, 143, 0, "", List.of())));
        assertThat(status().exit().reason()).isEqualTo(Exit.Reason.STOPPED);
    }

    @Test
    void readinessIsToldOnceForEachChange() {
        run(new Lifecycle(HTTP, 0, ""));
        assertThat(tell(new AgentEvent.ReadinessSeen(KEY, "503"))).hasSize(1);
        assertThat(tell(new AgentEvent.ReadinessSeen(KEY, "503"))).isEmpty();
        assertThat(status().state()).isEqualTo(ProcessState.RUNNING);
        assertThat(tell(new AgentEvent.ReadinessSeen(KEY, null))).hasSize(1);
        assertThat(status().unready()).isNull();
    }

    @Test
    void itsCommandRunsBeforeItIsAskedToEndAndWithinTheSameGrace() {
        run(new Lifecycle(Liveness.NONE, 0, "./bye"));
        assertThat(tell(new AgentEvent.StopAsked(2, KEY, 1000)))
                .hasExactlyElementsOfTypes(
                        AgentEffect.Answer.class, AgentEffect.Changed.class, AgentEffect.RunBeforeStop.class);
        assertThat(tell(new AgentEvent.BeforeStopDone(KEY))).containsExactly(new AgentEffect.Terminate(KEY));
        assertThat(tell(new AgentEvent.Woken(), NOW.plusSeconds(1))).containsExactly(new AgentEffect.Kill(KEY));
    }

    @Test
    void aCommandThatEndsAfterTheInstanceDoesNothing() {
        run(new Lifecycle(Liveness.NONE, 0, "./bye"));
        tell(new AgentEvent.StopAsked(2, KEY, 1000));
        tell(new AgentEvent.Ended(KEY, new EndFacts(true, 0, 0, "", List.of())));
        assertThat(tell(new AgentEvent.BeforeStopDone(KEY))).isEmpty();
    }

    @Test
    void theNextAgentWatchesWhatRunsAndDoesNotRepeatTheCommand() {
        run(new Lifecycle(HTTP, 0, "./bye"));
        InstanceStatus running = status();
        AgentSupervisor next = new AgentSupervisor(Resources.ofMemory(1 << 30), Duration.ofMinutes(30));
        assertThat(next.handle(new AgentEvent.Found(running, true), NOW)).contains(new AgentEffect.Watch(running));
        InstanceStatus stopping = running.stopping(StopCause.ASKED, NOW.plusSeconds(5), NOW);
        AgentSupervisor later = new AgentSupervisor(Resources.ofMemory(1 << 30), Duration.ofMinutes(30));
        assertThat(later.handle(new AgentEvent.Found(stopping, true), NOW)).contains(new AgentEffect.Terminate(KEY));
    }

    @Test
    void itsStartLimitGoesOnWhereTheLastAgentLeftIt() {
        tell(new AgentEvent.StartAsked(1, spec(Lifecycle.STANDARD)));
        tell(new AgentEvent.Launched(KEY, new Place("10.0.0.2", 8080)));
        InstanceStatus starting = status();
        AgentSupervisor next = new AgentSupervisor(Resources.ofMemory(1 << 30), Duration.ofMinutes(30));
        assertThat(next.handle(new AgentEvent.Found(starting, true), NOW.plusSeconds(20)))
                .contains(new AgentEffect.AwaitReady(starting, NOW.plusSeconds(60)));
    }
}
