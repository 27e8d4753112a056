package holt.model;

/**
 * How a process that is ready is watched: one that fails too often in a row is ended and started again.
 *
 * @param kind what is looked at, as for {@link Readiness}
 * @param target the path that is asked for, or the command that is run; empty where the kind needs none
 * @param intervalSeconds time between two looks, seconds
 * @param timeoutSeconds how long one may take, seconds
 * @param failures how many in a row end the process
 */
public record Liveness(Readiness.Kind kind, String target, int intervalSeconds, int timeoutSeconds, int failures) {
    public static final int DEFAULT_INTERVAL_SECONDS = 10;
    public static final int DEFAULT_TIMEOUT_SECONDS = 5;
    public static final int DEFAULT_FAILURES = 3;

    /** Not watched: a program that runs is alive. */
    public static final Liveness NONE =
            new Liveness(Readiness.Kind.NONE, "", DEFAULT_INTERVAL_SECONDS, DEFAULT_TIMEOUT_SECONDS, DEFAULT_FAILURES);
}
