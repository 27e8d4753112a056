package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PreparedSizingTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final PreparedSizing<String> sizing = new PreparedSizing<>(100);

    private void start(String kind, int times, long nanos) {
        for (int each = 0; each < times; each++) {
            sizing.started(kind, nanos);
        }
    }

    @Test
    void nothingIsPreparedForWhatIsStartedSeldom() {
        start("seldom", PreparedSizing.OFTEN - 1, 0);
        assertThat(sizing.wishes(SECOND)).isEmpty();
        start("seldom", 1, PreparedSizing.WINDOW_NANOS + SECOND);
        assertThat(sizing.wishes(PreparedSizing.WINDOW_NANOS + SECOND)).isEmpty();
    }

    @Test
    void asManyAreWantedAsWereStartedInTheLastMinute() {
        start("busy", 30, 0);
        assertThat(sizing.wishes(SECOND)).isEqualTo(Map.of("busy", 30));
        start("busy", 1000, 2 * SECOND);
        assertThat(sizing.wishes(3 * SECOND)).isEqualTo(Map.of("busy", PreparedSizing.MOST_OF_A_KIND));
    }

    @Test
    void afterTheMinuteAFewStayUntilNobodyAsksForLong() {
        start("busy", 30, 0);
        assertThat(sizing.wishes(PreparedSizing.WINDOW_NANOS + 1))
                .isEqualTo(Map.of("busy", PreparedSizing.LEAST_OF_A_KIND));
        assertThat(sizing.wishes(PreparedSizing.IDLE_NANOS + 1)).isEmpty();
        assertThat(sizing.wishes(0)).isEmpty();
    }

    @Test
    void theBusiestComeFirstWhereThereIsNotRoomForAll() {
        start("busy", 20, 0);
        start("busier", 90, 0);
        start("busiest", 64, SECOND);
        start("busier", 64, SECOND);
        assertThat(sizing.wishes(SECOND)).hasSize(2).doesNotContainKey("busy");
        assertThat(sizing.wishes(SECOND).values()).containsExactly(64, 36);
    }

    @Property
    void neverMoreThanAllowedAndNeverForWhatWasNotStarted(
            @ForAll @IntRange(max = 200) int most, @ForAll @Size(max = 300) List<@IntRange(max = 9) Integer> starts) {
        PreparedSizing<Integer> any = new PreparedSizing<>(most);
        long now = 0;
        for (int kind : starts) {
            any.started(kind, now);
            now += SECOND / 3;
            Map<Integer, Integer> wishes = any.wishes(now);
            assertThat(wishes.values().stream().mapToInt(Integer::intValue).sum())
                    .isLessThanOrEqualTo(most);
            assertThat(wishes.values()).allMatch(wish -> wish > 0 && wish <= PreparedSizing.MOST_OF_A_KIND);
            assertThat(starts).containsAll(wishes.keySet());
        }
        assertThat(any.wishes(now + PreparedSizing.IDLE_NANOS + 1)).isEmpty();
    }

    @Property
    void networksAreMadeAheadAsManyAsAreTakenWithinBounds(
            @ForAll @IntRange(min = 1, max = 100) int least, @ForAll @IntRange(max = 200) int takes) {
        NetworkDemand demand = new NetworkDemand(least);
        int stock = demand.least();
        for (int take = 0; take < takes; take++) {
            stock += demand.taken(take * SECOND / 100) - 1;
            assertThat(stock).isBetween(Math.min(demand.least(), NetworkDemand.MOST), NetworkDemand.MOST);
        }
        assertThat(stock).isEqualTo(Math.max(demand.least(), Math.min(NetworkDemand.MOST, takes)));
    }
}
