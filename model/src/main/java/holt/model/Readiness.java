package holt.model;

/**
 * How a process shows that it is ready.
 *
 * @param kind what is looked at
 * @param limitSeconds how long it may take from its start, seconds
 */
public record Readiness(Kind kind, int limitSeconds) {
    public static final int DEFAULT_LIMIT_SECONDS = 60;

    /** What is looked at. */
    public enum Kind {
        /** It accepts connections at its port. */
        PORT,
        /** Nothing: a program that runs is ready. */
        NONE
    }

    /** The port accepts within the default limit. */
    public static Readiness port() {
        return new Readiness(Kind.PORT, DEFAULT_LIMIT_SECONDS);
    }

    /** A program that runs is ready. */
    public static Readiness none() {
        return new Readiness(Kind.NONE, DEFAULT_LIMIT_SECONDS);
    }
}
