package holt.model;

import org.jspecify.annotations.Nullable;

/**
 * How a process shows that it is ready.
 *
 * @param kind what is looked at
 * @param limitSeconds how long it may take from its start, seconds
 * @param target the path that is asked for, or the command that is run; empty where the kind needs none
 */
public record Readiness(Kind kind, int limitSeconds, String target) {
    public static final int DEFAULT_LIMIT_SECONDS = 60;

    /** What is looked at. */
    public enum Kind {
        /** It accepts connections at its port. */
        PORT,
        /** It answers an HTTP request for a path at its port with a status of 200 to 399. */
        HTTP,
        /** A command, run inside it, succeeds. */
        COMMAND,
        /** Nothing: a program that runs is ready. */
        NONE
    }

    public Readiness(Kind kind, int limitSeconds, @Nullable String target) {
        this.kind = kind;
        this.limitSeconds = limitSeconds;
        this.target = target == null ? "" : target;
    }

    /** A kind that needs no target. */
    public Readiness(Kind kind, int limitSeconds) {
        this(kind, limitSeconds, "");
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
