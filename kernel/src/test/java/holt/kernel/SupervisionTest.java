package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.kernel.Supervision.Escalate;
import holt.kernel.Supervision.GiveUp;
import holt.kernel.Supervision.Keeper;
import holt.kernel.Supervision.Leave;
import holt.kernel.Supervision.Restart;
import holt.kernel.Supervision.Sibling;
import holt.model.AfterStop;
import holt.model.Exit;
import holt.model.Keeping;
import holt.model.Keeping.Strategy;
import holt.model.ProcessState;
import holt.model.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SupervisionTest {
    private static final Instant NOW = World.START;
    private static final RestartRule RULE = RestartRule.standard();
    private static final Exit OK = new Exit(Exit.Reason.EXITED, 0, "exited with 0", List.of());
    private static final Exit BAD = new Exit(Exit.Reason.EXITED, 3, "exited with 3", List.of());
    private static final Exit KILLED = new Exit(Exit.Reason.SIGNALED, 137, "killed by SIGKILL", List.of());
    private static final Exit UNSEEN = new Exit(Exit.Reason.UNKNOWN, -1, "its host is silent", List.of());

    private static Keeping keeping(Strategy strategy) {
        return new Keeping(strategy, 3, Duration.ofSeconds(10));
    }

    private static Supervision.Verdict end(
            RestartPolicy policy,
            Exit exit,
            int crashes,
            Keeping keeping,
            List<Instant> restarts,
            List<Sibling> siblings) {
        return Supervision.afterEnd(5, policy, exit, crashes, new Keeper(keeping, RULE), restarts, siblings, NOW);
    }

    private static Sibling sibling(long pid, ProcessState state) {
        return new Sibling(pid, state, null);
    }

    @Test
    void policiesSayWhoStaysEnded() {
        record Row(RestartPolicy policy, Exit exit, boolean stays) {}
        List<Row> table = List.of(
                new Row(RestartPolicy.NEVER, OK, true),
                new Row(RestartPolicy.NEVER, BAD, true),
                new Row(RestartPolicy.NEVER, UNSEEN, true),
                new Row(RestartPolicy.ON_FAILURE, OK, true),
                new Row(RestartPolicy.ON_FAILURE, BAD, false),
                new Row(RestartPolicy.ON_FAILURE, KILLED, false),
                new Row(RestartPolicy.ON_FAILURE, UNSEEN, false),
                new Row(RestartPolicy.ALWAYS, OK, false),
                new Row(RestartPolicy.ALWAYS, BAD, false));
        for (Row row : table) {
            assertThat(
                            end(row.policy, row.exit, 1, keeping(Strategy.ONE_FOR_ONE), List.of(), List.of())
                                    instanceof Leave)
                    .as("%s", row)
                    .isEqualTo(row.stays);
        }
    }

    @Test
    void strategiesSayWhoIsRestartedTogether() {
        List<Sibling> siblings = List.of(
                sibling(3, ProcessState.RUNNING),
                sibling(4, ProcessState.EXITED),
                sibling(5, ProcessState.RUNNING),
                sibling(6, ProcessState.STARTING),
                sibling(7, ProcessState.STOPPING),
                sibling(8, ProcessState.LOST),
                sibling(9, ProcessState.WAITING));
        record Row(Strategy strategy, List<Long> with) {}
        List<Row> table = List.of(
                new Row(Strategy.ONE_FOR_ONE, List.of()),
                new Row(Strategy.REST_FOR_ONE, List.of(6L, 8L, 9L)),
                new Row(Strategy.ALL_FOR_ONE, List.of(3L, 6L, 8L, 9L)));
        for (Row row : table) {
            assertThat(end(RestartPolicy.ALWAYS, BAD, 1, keeping(row.strategy), List.of(), siblings))
                    .isEqualTo(new Restart(Duration.ZERO, false, row.with));
        }
    }

    @Test
    void delaysAreThoseOfTheRule() {
        assertThat(end(RestartPolicy.ALWAYS, BAD, 5, null, List.of(), List.of()))
                .isEqualTo(new Restart(Duration.ofSeconds(4), true, List.of()));
    }

    @Test
    void thereIsNobodyAboveTheAppsSupervisor() {
        List<Instant> many = java.util.Collections.nCopies(1000, NOW);

        assertThat(end(RestartPolicy.ALWAYS, BAD, 1, null, many, List.of())).isInstanceOf(Restart.class);
        assertThat(end(RestartPolicy.ALWAYS, BAD, 20, null, many, List.of())).isEqualTo(new GiveUp());
    }

    @Test
    void whatCannotBeKeptIsItsParentsFailure() {
        assertThat(end(RestartPolicy.ALWAYS, BAD, 20, keeping(Strategy.ONE_FOR_ONE), List.of(), List.of()))
                .isInstanceOf(Escalate.class);
    }

    @Test
    void anEndThatNobodySawIsNotCountedAgainstTheParent() {
        List<Instant> full = List.of(NOW, NOW, NOW);

        assertThat(end(RestartPolicy.ALWAYS, BAD, 1, keeping(Strategy.ONE_FOR_ONE), full, List.of()))
                .isInstanceOf(Escalate.class);
        assertThat(end(RestartPolicy.ALWAYS, UNSEEN, 1, keeping(Strategy.ONE_FOR_ONE), full, List.of()))
                .isInstanceOf(Restart.class);
    }

    @Test
    void aParentThatBearsNoRestartFailsWithTheFirst() {
        Keeping none = new Keeping(Strategy.ONE_FOR_ONE, 0, Duration.ofSeconds(1));

        assertThat(end(RestartPolicy.ALWAYS, BAD, 1, none, List.of(), List.of()))
                .isInstanceOf(Escalate.class);
        assertThat(end(RestartPolicy.ON_FAILURE, OK, 1, none, List.of(), List.of()))
                .isEqualTo(new Leave());
    }

    /** Times in any order: standing still, going back, far ahead. */
    @Property
    void escalatesExactlyWhenTheWindowIsFull(
            @ForAll @Size(max = 12) List<@IntRange(min = -30, max = 30) Integer> seconds,
            @ForAll @IntRange(max = 10) int allowed,
            @ForAll @IntRange(min = 1, max = 20) int period) {
        List<Instant> restarts = seconds.stream().map(NOW::plusSeconds).toList();
        long within = seconds.stream().filter(each -> each > -period).count();
        Keeping keeping = new Keeping(Strategy.ONE_FOR_ONE, allowed, Duration.ofSeconds(period));

        assertThat(end(RestartPolicy.ALWAYS, BAD, 1, keeping, restarts, List.of()) instanceof Escalate)
                .isEqualTo(within >= allowed);
    }

    @Provide
    Arbitrary<List<Sibling>> families() {
        Arbitrary<Sibling> one = Combinators.combine(
                        Arbitraries.longs().between(1, 12),
                        Arbitraries.of(ProcessState.class),
                        Arbitraries.of(AfterStop.class).injectNull(0.4))
                .as((pid, state, after) -> new Sibling(pid, state, state == ProcessState.STOPPING ? after : null));
        return one.list().ofMaxSize(8).uniqueElements(Sibling::pid);
    }

    /** Against a plain search over the whole family. */
    @Property
    void startsInOrderAndOnlyWhenNoneStops(@ForAll("families") List<Sibling> family) {
        Long next = Supervision.nextToStart(family);
        List<Long> allowed = family.stream()
                .filter(each -> each.state() == ProcessState.WAITING)
                .filter(each -> family.stream().noneMatch(SupervisionTest::stops))
                .filter(each -> family.stream()
                        .filter(elder -> elder.pid() < each.pid())
                        .allMatch(elder -> elder.state() == ProcessState.RUNNING
                                || elder.state() == ProcessState.EXITED
                                || elder.state() == ProcessState.STOPPING))
                .map(Sibling::pid)
                .toList();

        assertThat(next == null ? List.of() : List.of(next)).isEqualTo(allowed);
    }

    @Property
    void stopsTheYoungestFirst(@ForAll("families") List<Sibling> family) {
        Long youngest = family.stream()
                .filter(SupervisionTest::stops)
                .map(Sibling::pid)
                .max(Comparator.naturalOrder())
                .orElse(null);

        assertThat(Objects.equals(Supervision.nextToStop(family), youngest)).isTrue();
    }

    @Property
    void restartsTheSameSetWhateverTheOrderOfTheFamily(
            @ForAll("families") List<Sibling> family, @ForAll Strategy strategy) {
        List<Long> naive = new ArrayList<>();
        for (Sibling each : family) {
            boolean goes = each.state() != ProcessState.EXITED && each.state() != ProcessState.STOPPING;
            boolean meant = switch (strategy) {
                case ONE_FOR_ONE -> false;
                case REST_FOR_ONE -> each.pid() > 5;
                case ALL_FOR_ONE -> each.pid() != 5;
            };
            if (goes && meant) {
                naive.add(each.pid());
            }
        }
        naive.sort(Comparator.naturalOrder());

        assertThat(end(RestartPolicy.ALWAYS, BAD, 1, keeping(strategy), List.of(), family))
                .isEqualTo(new Restart(Duration.ZERO, false, naive));
    }

    private static boolean stops(Sibling sibling) {
        return sibling.state() == ProcessState.STOPPING && sibling.afterStop() != null;
    }
}
