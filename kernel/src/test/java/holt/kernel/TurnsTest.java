package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();

    @Test
    void theMostUrgentComesFirstAndOfThoseTheOldest() {
        add(1, Turns.Urgency.REBALANCE);
        add(2, Turns.Urgency.GROWTH);
        add(3, Turns.Urgency.REPAIR);
        add(4, Turns.Urgency.NOBODY_SERVES);
        add(5, Turns.Urgency.NOBODY_SERVES);

        assertThat(takeAll()).containsExactly(4L, 5L, 3L, 2L, 1L);
    }

    @Test
    void whatWaitsAlreadyKeepsItsPlaceAndWhatIsTakenAwayHasNone() {
        add(1, Turns.Urgency.GROWTH);
        add(2, Turns.Urgency.GROWTH);
        add(1, Turns.Urgency.NOBODY_SERVES);
        add(3, Turns.Urgency.GROWTH);
        turns.remove(2);
        turns.remove(99);

        assertThat(takeAll()).containsExactly(1L, 3L);
    }

    @Test
    void saysHowManyComeBefore() {
        add(1, Turns.Urgency.GROWTH);
        add(2, Turns.Urgency.REPAIR);
        add(3, Turns.Urgency.GROWTH);

        List<Long> before = new ArrayList<>();
        for (Turns.Turn turn = turns.takeUntold(World.START); turn != null; turn = turns.takeUntold(World.START)) {
            before.add(turns.before(turn));
        }

        assertThat(before).containsExactly(1L, 0L, 2L);
        assertThat(turns.untoldSince()).isNull();
    }

    @Test
    void theLeastUrgentGetsItsTurnThoughMoreUrgentOnesKeepComing() {
        add(1, Turns.Urgency.REBALANCE);
        long pid = 2;
        int taken = 0;
        Turns.Turn turn;
        do {
            add(pid++, Turns.Urgency.NOBODY_SERVES);
            add(pid++, Turns.Urgency.NOBODY_SERVES);
            turn = turns.take();
            taken++;
        } while (turn.pid() != 1);

        assertThat(taken).isLessThanOrEqualTo(Turns.FAIR_SHARE);
    }

    /** Each turn is the most urgent one's or, in its share, the oldest one's; all come to their turn once. */
    @Property
    void givesTheTurnsThatAListSortedAnewEachTimeWouldGive(@ForAll long seed) {
        Random random = new Random(seed);
        Turns turns = new Turns();
        List<Long> model = new ArrayList<>();
        List<Turns.Urgency> urgencies = new ArrayList<>();
        Set<Long> gone = new HashSet<>();
        long taken = 0;
        for (int step = 0; step < 200; step++) {
            if (random.nextInt(3) > 0) {
                Turns.Urgency urgency = Turns.Urgency.values()[random.nextInt(4)];
                long pid = urgencies.size();
                urgencies.add(urgency);
                model.add(pid);
                turns.add(pid, new Decision.Place(pid), urgency, World.START);
            } else if (random.nextInt(4) == 0 && !model.isEmpty()) {
                long pid = model.remove(random.nextInt(model.size()));
                turns.remove(pid);
            } else if (!model.isEmpty()) {
                taken++;
                Comparator<Long> order = taken % Turns.FAIR_SHARE == 0
                        ? Comparator.naturalOrder()
                        : Comparator.<Long, Turns.Urgency>comparing(pid -> urgencies.get(pid.intValue()))
                                .thenComparing(Comparator.naturalOrder());
                long expected = model.stream().min(order).orElseThrow();
                assertThat(turns.take().pid()).isEqualTo(expected);
                model.remove(expected);
                assertThat(gone.add(expected)).isTrue();
            }
            assertThat(turns.size()).isEqualTo(model.size());
        }
    }

    private void add(long pid, Turns.Urgency urgency) {
        turns.add(pid, new Decision.Place(pid), urgency, World.START);
    }

    private List<Long> takeAll() {
        List<Long> pids = new ArrayList<>();
        while (!turns.isEmpty()) {
            pids.add(turns.take().pid());
        }
        return pids;
    }
}
