package holt.model;

import java.time.Duration;

/**
 * How a parent has its children kept.
 *
 * @param strategy which children are restarted when one is
 * @param maxRestarts restarts within the period that are borne; the next one is the parent's failure. 0 bears none
 * @param period over which restarts are counted, 1 ms to {@link #MAX_PERIOD}
 */
public record Keeping(Strategy strategy, int maxRestarts, Duration period) {
    public static final int MAX_RESTARTS = 100;
    public static final Duration MAX_PERIOD = Duration.ofHours(24);

    /** Which children are restarted together. "Younger" means forked later: the pid is higher. */
    public enum Strategy {
        /** Only the one that ended. */
        ONE_FOR_ONE,
        /** The one that ended and all younger ones. */
        REST_FOR_ONE,
        /** All of them. */
        ALL_FOR_ONE
    }

    public Keeping {
        if (strategy == null) {
            throw invalid("It names no strategy.", "one-for-one, rest-for-one or all-for-one", "nothing");
        }
        if (maxRestarts < 0 || maxRestarts > MAX_RESTARTS) {
            throw invalid("Its number of restarts is out of range.", "0 to " + MAX_RESTARTS, "" + maxRestarts);
        }
        if (period == null || period.toMillis() < 1 || period.compareTo(MAX_PERIOD) > 0) {
            throw invalid("Its period is out of range.", "1 ms to " + MAX_PERIOD.toHours() + " h", "" + period);
        }
    }

    private static ProblemException invalid(String why, String expected, String found) {
        return Problem.of(ErrorCode.KEEPING_INVALID, "Children cannot be kept like this. " + why)
                .expected(expected, found)
                .exception();
    }

    /** For a parent that declares nothing: each child for itself, 5 restarts a minute. */
    public static Keeping standard() {
        return new Keeping(Strategy.ONE_FOR_ONE, 5, Duration.ofSeconds(60));
    }

    /** Whether one child's restart may concern others. */
    public boolean concernsSiblings() {
        return strategy != Strategy.ONE_FOR_ONE;
    }
}
