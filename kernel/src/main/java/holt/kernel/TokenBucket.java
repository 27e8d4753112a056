package holt.kernel;

import java.time.Duration;
import java.time.Instant;

/**
 * Lets at most {@code burst} things happen at once and one more after each interval: in any window of time {@code T} no
 * more than {@code burst + T / interval}. Owned by one thread.
 *
 * <p>It keeps the moment at which the bucket will be full again and nothing else: the generic cell rate algorithm of
 * ITU-T I.371.
 */
final class TokenBucket {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Duration interval;
    private final Duration tolerance;
    private Instant fullAt = Instant.MIN;

    TokenBucket(Duration interval, int burst) {
        this.interval = interval;
        this.tolerance = interval.multipliedBy(burst - 1L);
    }

    /** Rounded so that the rate is never exceeded. */
    static TokenBucket perSecond(int rate, int burst) {
        return new TokenBucket(Duration.ofNanos((NANOS_PER_SECOND + rate - 1) / rate), burst);
    }

    /** Takes a token if there is one. */
    boolean take(Instant now) {
        if (now.isBefore(nextAt())) {
            return false;
        }
        fullAt = (fullAt.isBefore(now) ? now : fullAt).plus(interval);
        return true;
    }

    /** Gives a token back that came to nothing. */
    void giveBack() {
        if (!fullAt.equals(Instant.MIN)) {
            fullAt = fullAt.minus(interval);
        }
    }

    /** The first moment at which there is a token. */
    Instant nextAt() {
        return fullAt.equals(Instant.MIN) ? fullAt : fullAt.minus(tolerance);
    }
}
