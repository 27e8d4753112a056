package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RestartRuleTest {
    private final RestartRule rule = RestartRule.standard();

    @Test
    void delaysGrowFromNothingToAMinute() {
        List<Long> delays = IntStream.rangeClosed(1, 10)
                .mapToObj(crashes -> delay(crashes).toSeconds())
                .toList();

        assertThat(delays).containsExactly(0L, 0L, 1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void saysFlappingFromTheFourthCrashOn() {
        assertThat(rule.isFlapping(3)).isFalse();
        assertThat(rule.isFlapping(4)).isTrue();
    }

    @Test
    void givesUpWithTheTwentiethCrash() {
        assertThat(rule.after(19)).isInstanceOf(RestartRule.Restart.class);
        assertThat(rule.after(20)).isInstanceOf(RestartRule.GiveUp.class);
    }

    @Test
    void countsAnewAfterAMinuteOfRunning() {
        assertThat(rule.count(7, Duration.ofSeconds(59))).isEqualTo(8);
        assertThat(rule.count(7, Duration.ofSeconds(60))).isEqualTo(1);
    }

    @Property
    void delaysNeverShrinkAndNeverPassTheLimit(@ForAll @IntRange(min = 1, max = 18) int crashes) {
        assertThat(delay(crashes)).isLessThanOrEqualTo(delay(crashes + 1)).isLessThanOrEqualTo(rule.maxDelay());
    }

    @Property
    void givingUpIsFinalWithinARow(@ForAll @IntRange(min = 20) int crashes) {
        assertThat(rule.after(crashes)).isInstanceOf(RestartRule.GiveUp.class);
    }

    @Property
    void theCountIsAlwaysPositive(@ForAll int before, @ForAll @IntRange(min = 0, max = 1000) int seconds) {
        int known = Math.min(before, Integer.MAX_VALUE - 1);

        assertThat(rule.count(known, Duration.ofSeconds(seconds))).isPositive();
    }

    private Duration delay(int crashes) {
        return ((RestartRule.Restart) rule.after(crashes)).delay();
    }
}
