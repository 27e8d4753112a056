package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    @Test
    void givesABurstAtOnceAndThenOneAnInterval() {
        TokenBucket bucket = TokenBucket.perSecond(10, 3);
        assertThat(List.of(take(bucket, 0), take(bucket, 0), take(bucket, 0), take(bucket, 0)))
                .containsExactly(true, true, true, false);
        assertThat(take(bucket, 99)).isFalse();
        assertThat(bucket.nextAt()).isEqualTo(World.START.plusMillis(100));
        assertThat(take(bucket, 100)).isTrue();
        assertThat(take(bucket, 100)).isFalse();
    }

    @Test
    void isFullAgainAfterALongTimeAndNeverMore() {
        TokenBucket bucket = TokenBucket.perSecond(10, 2);
        take(bucket, 0);
        int taken = 0;
        while (take(bucket, 1_000_000)) {
            taken++;
        }

        assertThat(taken).isEqualTo(2);
    }

    @Test
    void aTokenThatIsGivenBackIsThereAgainAndAFullBucketGetsNoFuller() {
        TokenBucket bucket = TokenBucket.perSecond(10, 2);
        bucket.giveBack();
        assertThat(List.of(take(bucket, 0), take(bucket, 0), take(bucket, 0))).containsExactly(true, true, false);
        bucket.giveBack();
        assertThat(List.of(take(bucket, 0), take(bucket, 0))).containsExactly(true, false);
        bucket.giveBack();
        bucket.giveBack();
        bucket.giveBack();
        assertThat(List.of(take(bucket, 0), take(bucket, 0), take(bucket, 0))).containsExactly(true, true, false);
    }

    @Property
    void inNoWindowIsMoreTakenThanTheBurstAndOneAnInterval(
            @ForAll @IntRange(min = 1, max = 50) int burst,
            @ForAll @IntRange(min = 1, max = 2000) int rate,
            @ForAll @Size(max = 200) List<@IntRange(max = 300) Integer> gaps) {
        TokenBucket bucket = TokenBucket.perSecond(rate, burst);
        List<Instant> taken = new ArrayList<>();
        Instant now = World.START;
        for (int gap : gaps) {
            now = now.plusMillis(gap);
            boolean promised = !now.isBefore(bucket.nextAt());
            boolean given = bucket.take(now);
            assertThat(given).isEqualTo(promised);
            if (given) {
                taken.add(now);
            }
        }
        for (int first = 0; first < taken.size(); first++) {
            for (int last = first; last < taken.size(); last++) {
                Duration window = Duration.between(taken.get(first), taken.get(last));
                double allowed = burst + window.toNanos() * (double) rate / 1e9;
                assertThat((double) (last - first + 1)).isLessThanOrEqualTo(allowed);
            }
        }
    }

    private static boolean take(TokenBucket bucket, long millis) {
        return bucket.take(World.START.plusMillis(millis));
    }
}
