package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.ErrorCode;
import holt.model.StageProgress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BuildProgressTest {
    private static final long START = Long.MAX_VALUE - 5;
    private static final StageProgress.Result DONE = new StageProgress.Result("d", "node", "node x", null, null);

    private final BuildProgress build = new BuildProgress("b", START);

    private static long minutes(long minutes) {
        return START + Duration.ofMinutes(minutes).toNanos();
    }

    @Test
    void endsByTenMinutesOfSilence() {
        assertThat(build.woken(minutes(10) - 1)).isFalse();
        assertThat(build.woken(minutes(10))).isTrue();
        assertThat(build.build().state()).isEqualTo("failed");
        assertThat(build.build().detail()).contains("said nothing for 10 min");
        assertThat(build.woken(minutes(11))).isFalse();
    }

    @Test
    void livesAsLongAsSomethingIsSaid() {
        for (int i = 1; i <= 20; i++) {
            build.said("line " + i, minutes(9L * i));
            assertThat(build.woken(minutes(9L * i + 9))).isFalse();
        }
        assertThat(build.wakeAtNanos()).isEqualTo(minutes(9 * 20 + 10));
        assertThat(build.woken(minutes(9 * 20 + 10))).isTrue();
    }

    @Test
    void linesThatAreNotKeptAreSignsOfLife() {
        for (int i = 0; i < BuildProgress.MAX_LINES + 10; i++) {
            build.said("line", START);
        }
        build.said("one more", minutes(9));
        assertThat(build.linesFrom(0)).hasSize(BuildProgress.MAX_LINES + 1);
        assertThat(build.linesFrom(BuildProgress.MAX_LINES))
                .singleElement()
                .asString()
                .contains("longer");
        assertThat(build.woken(minutes(18))).isFalse();
    }

    @Test
    void theFirstEndCounts() {
        assertThat(build.end(DONE)).isTrue();
        assertThat(build.end(BuildProgress.failed(ErrorCode.UNAVAILABLE, "late")))
                .isFalse();
        assertThat(build.woken(minutes(100))).isFalse();
        assertThat(build.build().state()).isEqualTo("succeeded");
    }

    @Test
    void givesTheLogFromALineOn() {
        build.said("one", START);
        build.said("two", START);
        assertThat(build.linesFrom(0)).containsExactly("one", "two");
        assertThat(build.linesFrom(1)).containsExactly("two");
        assertThat(build.linesFrom(7)).isEmpty();
    }
}
