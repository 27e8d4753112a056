package holt.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Searches for histories that break the brains: fixed seeds, new ones, and each fault alone. */
final class SimulationTest {
    private static final int NEW_SEEDS = 6;

    static SimulationSettings small(long seed) {
        return new SimulationSettings(seed, 5, 0.5, 6, 24, Set.of(FaultKind.values()));
    }

    private static void holds(SimulationSettings settings) {
        Simulator.Findings findings = new Simulator().explore(Planner.plan(settings), at -> {});
        assertThat(findings.failure().map(Simulator.Failure::text))
                .as("seed %d", settings.seed())
                .isEmpty();
        assertThat(findings.outcome().summary().placements()).isPositive();
    }

    static LongStream fixedSeeds() {
        return LongStream.rangeClosed(1, 12);
    }

    @ParameterizedTest
    @MethodSource("fixedSeeds")
    void allRulesHoldInTheHistoryOfThisSeed(long seed) {
        holds(small(seed));
    }

    static Stream<Long> newSeeds() {
        return new SplittableRandom(System.nanoTime()).longs(NEW_SEEDS).boxed();
    }

    /** Prints its seeds in their names: a failing one is repeated with allRulesHoldInTheHistoryOfThisSeed. */
    @ParameterizedTest
    @MethodSource("newSeeds")
    void allRulesHoldInTheHistoryOfANewSeed(long seed) {
        holds(small(seed));
    }

    @ParameterizedTest
    @EnumSource(FaultKind.class)
    void allRulesHoldWithThisFaultAlone(FaultKind kind) {
        holds(small(7).withFaults(Set.of(kind)));
    }

    @Test
    void withoutFaultsNothingIsLostAndNoHostIsMissed() {
        Outcome outcome = new Simulator().run(Planner.plan(small(3).withFaults(Set.of())));
        assertThat(outcome.found()).isEmpty();
        assertThat(outcome.summary().lost()).isZero();
        assertThat(outcome.summary().hostsLost()).isLessThanOrEqualTo(drains(Planner.plan(small(3))));
    }

    /** A host that was drained is silent for as long as it is away. */
    private static long drains(Plan plan) {
        return plan.entries().stream()
                .filter(entry -> entry.action() instanceof Action.Drain)
                .count();
    }

    @Test
    void theSameSeedLeadsToTheSameRun() {
        Plan plan = Planner.plan(small(11));
        Outcome first = new Simulator().run(plan);
        Outcome second = new Simulator().run(Planner.plan(small(11)));
        assertThat(second.trace()).isEqualTo(first.trace());
        assertThat(second).isEqualTo(first);
    }

    @Test
    void anotherSeedLeadsToAnotherRun() {
        assertThat(new Simulator().run(Planner.plan(small(11))).trace())
                .isNotEqualTo(new Simulator().run(Planner.plan(small(12))).trace());
    }

    @Test
    void aWrittenHistoryLeadsToTheSameRun() {
        Plan plan = Planner.plan(small(13));
        Plan read = HistoryText.read(HistoryText.write(plan));
        assertThat(read).isEqualTo(plan);
        assertThat(new Simulator().run(read).trace())
                .isEqualTo(new Simulator().run(plan).trace());
    }
}
