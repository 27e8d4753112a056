package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Placement;
import holt.model.Resources;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private final Estate estate = new Estate();
    private final Waiting waiting = new Waiting();

    @Test
    void offersRoomToTheOldestFirstWhateverTheyNeed() {
        waiting.add(7, shape(10));
        waiting.add(5, shape(20));
        waiting.add(6, shape(10));

        assertThat(waiting.fitting(estate.host("a", 40))).containsExactly(5L, 6L, 7L);
    }

    @Test
    void offersNoMoreThanFitsTogether() {
        waiting.add(1, shape(30));
        waiting.add(2, shape(30));
        waiting.add(3, shape(10));

        assertThat(waiting.fitting(estate.host("a", 40))).containsExactly(1L, 3L);
    }

    @Test
    void leavesThoseAsideThatNeedATagTheHostLacks() {
        waiting.add(1, new Need.Shape(memory(1), new Placement(List.of("gpu"), false, List.of()), ""));

        assertThat(waiting.fitting(estate.host("a", 40))).isEmpty();
        assertThat(waiting.fitting(estate.host("b", Resources.ofMemory(40), "", "gpu")))
                .containsExactly(1L);
    }

    @Test
    void whatWaitsNoLongerIsNotOffered() {
        waiting.add(1, shape(10));
        assertThat(waiting.remove(1)).isTrue();
        assertThat(waiting.remove(1)).isFalse();

        assertThat(waiting.fitting(estate.host("a", 40))).isEmpty();
    }

    @Test
    void whatWaitsForSomethingElseNowIsOfferedOnce() {
        waiting.add(1, shape(50));
        waiting.add(1, shape(10));

        assertThat(waiting.fitting(estate.host("a", 100))).containsExactly(1L);
    }

    private static Need.Shape shape(long bytes) {
        return new Need.Shape(memory(bytes), Placement.ANYWHERE, "");
    }

    private static Resources memory(long bytes) {
        return new Resources(bytes, 0, 0, 0);
    }
}
