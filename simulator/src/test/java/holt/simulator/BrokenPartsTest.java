package holt.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import holt.kernel.Brain;
import holt.kernel.Cluster;
import holt.kernel.ClusterSettings;
import holt.kernel.ClusterView;
import holt.kernel.Effect;
import holt.kernel.IdSource;
import holt.kernel.Input;
import holt.model.AgentRequest;
import holt.model.Change;
import holt.model.Truth;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The search finds parts that were broken on purpose, and explains them briefly. */
final class BrokenPartsTest {
    private static final int RUNS = 200;

    /** Forgets each commit of a scaled app. */
    private static final class ForgetfulStore extends SimulatedStore {
        @Override
        protected void apply(List<Change> changes) {
            boolean scales = changes.stream()
                    .anyMatch(change -> change instanceof Change.AddEvent add
                            && add.event().kind().equals(holt.model.Event.APP_SCALED));
            if (!scales) {
                super.apply(changes);
            }
        }
    }

    private static Simulator withStore() {
        return new Simulator(
                new Parts() {
                    @Override
                    protected SimulatedStore store() {
                        return new ForgetfulStore();
                    }
                },
                RUNS);
    }

    /** A brain whose requests to stop never leave it. */
    private static Simulator withoutStops() {
        return new Simulator(
                new Parts() {
                    @Override
                    protected Brain brain(Truth truth, String epoch, ClusterSettings settings, IdSource ids) {
                        return silent(new Cluster(truth, epoch, settings, ids));
                    }
                },
                RUNS);
    }

    private static Brain silent(Brain real) {
        return new Brain() {
            @Override
            public List<Effect> start(Instant now) {
                return real.start(now);
            }

            @Override
            public List<Effect> handle(Input input, Instant now) {
                return real.handle(input, now).stream()
                        .filter(effect ->
                                !(effect instanceof Effect.Ask ask && ask.request() instanceof AgentRequest.Stop))
                        .toList();
            }

            @Override
            public ClusterView snapshot() {
                return real.snapshot();
            }
        };
    }

    private static Plan plan(long seed) {
        return Planner.plan(SimulationTest.small(seed));
    }

    @Test
    void aStoreThatDropsACommitIsFoundAndShrunkToAFewLines() {
        Simulator.Failure failure =
                withStore().explore(plan(1), at -> {}).failure().orElseThrow();
        assertThat(failure.shrunk().entries()).hasSizeLessThanOrEqualTo(3);
        assertThat(failure.story()).anyMatch(line -> line.contains("scale app="));
        assertThat(failure.text()).contains("--history FILE");
    }

    @Test
    void anAcknowledgedScaleThatIsNotInTheTruthIsNamedAsSuch() {
        Plan plan = new Plan(
                1,
                1,
                0,
                2048,
                60_000,
                List.of(
                        new Plan.Entry(1000, new Action.Push("app-0", 2, "web-0", 64)),
                        new Plan.Entry(9000, new Action.Scale("app-0", 4))));
        assertThat(withStore().run(plan).found().orElseThrow().invariant()).isEqualTo(Expectations.INVARIANT);
        assertThat(new Simulator().run(plan).found()).isEmpty();
    }

    @Test
    void aShrunkHistoryBreaksTheSameRuleWhenReplayed() {
        Simulator.Failure failure =
                withStore().explore(plan(1), at -> {}).failure().orElseThrow();
        Plan replayed = HistoryText.read(HistoryText.write(failure.shrunk()));
        assertThat(withStore().run(replayed).found()).contains(failure.found());
        assertThat(new Simulator().run(replayed).found()).isEmpty();
    }

    @Test
    void shrinkingIsDeterministic() {
        assertThat(withStore().explore(plan(1), at -> {})).isEqualTo(withStore().explore(plan(1), at -> {}));
    }

    @Test
    void aBrainThatStopsNothingIsFound() {
        assertThat(withoutStops().run(plan(1)).found()).isPresent();
    }
}
