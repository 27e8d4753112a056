package holt.agent;

import holt.model.Liveness;
import holt.model.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides what follows from looks at one instance that was ready once: when to look next, when it is alive no longer, and
 * when it is to be left out of the routes. Liveness fails at so many failures in a row as were asked for. Readiness is
 * lost at two in a row, the second look being soon after the first, and is back with the first that succeeds. No clock:
 * moments are nanoseconds of one that never goes back. One thread at a time.
 */
final class HealthWatch {
    static final int UNREADY_FAILURES = 2;
    static final Duration SOON = Duration.ofSeconds(1);

    private static final List<String> TIMES =
            List.of("never", "once", "twice", "three times", "four times", "five times");

    /** What is looked after. */
    enum Concern {
        LIVENESS,
        READINESS
    }

    /** What a look leads to. */
    sealed interface Verdict {
        /** It is alive no longer. */
        record Unhealthy(String detail) implements Verdict {}

        /** Requests had better go elsewhere. */
        record Unready(String detail) implements Verdict {}

        /** Requests may come again. */
        record ReadyAgain() implements Verdict {}
    }

    /** The next look. */
    record Due(Concern concern, long atNanos) {}

    private final Liveness liveness;
    private final boolean looksAtLiveness;
    private final boolean looksAtReadiness;
    private final long intervalNanos;
    private long livenessAt;
    private long readinessAt;
    private int livenessFailures;
    private int readinessFailures;
    private boolean ready;
    private boolean over;

    /**
     * @param ready whether it was ready when it was last looked at
     * @param share of an interval to wait before the first look, 0 to 1: so that not all instances are looked at at once
     */
    HealthWatch(Liveness liveness, Readiness readiness, boolean ready, long nowNanos, double share) {
        this.liveness = liveness;
        this.ready = ready;
        looksAtLiveness = liveness.kind() != Readiness.Kind.NONE;
        looksAtReadiness = staysLookedAt(readiness);
        intervalNanos =
                Duration.ofSeconds(Math.max(1, liveness.intervalSeconds())).toNanos();
        livenessAt = nowNanos + (long) (intervalNanos * share);
        readinessAt = livenessAt;
    }

    private static boolean staysLookedAt(Readiness readiness) {
        return switch (readiness.kind()) {
            case HTTP, COMMAND -> true;
            case PORT, NONE -> false;
        };
    }

    /** Whether there is anything to look at after the start. */
    static boolean isNeeded(Liveness liveness, Readiness readiness) {
        return liveness.kind() != Readiness.Kind.NONE || staysLookedAt(readiness);
    }

    /** The next look; none where nothing is to be looked at, or any more. */
    Optional<Due> next() {
        if (over || !looksAtLiveness && !looksAtReadiness) {
            return Optional.empty();
        }
        boolean livenessFirst = looksAtLiveness && (!looksAtReadiness || livenessAt - readinessAt <= 0);
        return Optional.of(
                livenessFirst ? new Due(Concern.LIVENESS, livenessAt) : new Due(Concern.READINESS, readinessAt));
    }

    /** Takes in what came of a look. */
    Optional<Verdict> looked(Concern concern, Check.Result result, long nowNanos) {
        if (over) {
            return Optional.empty();
        }
        return switch (concern) {
            case LIVENESS -> lookedAlive(result, nowNanos);
            case READINESS -> lookedReady(result, nowNanos);
        };
    }

    private Optional<Verdict> lookedAlive(Check.Result result, long nowNanos) {
        livenessAt = after(livenessAt, nowNanos);
        livenessFailures = result.passed() ? 0 : livenessFailures + 1;
        if (livenessFailures < Math.max(1, liveness.failures())) {
            return Optional.empty();
        }
        over = true;
        return Optional.of(new Verdict.Unhealthy(result.seen() + inARow(livenessFailures)));
    }

    private Optional<Verdict> lookedReady(Check.Result result, long nowNanos) {
        readinessFailures = result.passed() ? 0 : readinessFailures + 1;
        long soon = nowNanos + Math.min(intervalNanos, SOON.toNanos());
        readinessAt = result.passed() ? after(readinessAt, nowNanos) : soon;
        if (result.passed() && !ready) {
            ready = true;
            return Optional.of(new Verdict.ReadyAgain());
        }
        if (ready && readinessFailures >= UNREADY_FAILURES) {
            ready = false;
            return Optional.of(new Verdict.Unready(result.seen()));
        }
        return Optional.empty();
    }

    /** One interval after the last look was due; a look that took longer is followed by one at once. */
    private long after(long dueNanos, long nowNanos) {
        long next = dueNanos + intervalNanos;
        return next - nowNanos > 0 ? next : nowNanos;
    }

    private static String inARow(int times) {
        if (times == 1) {
            return "";
        }
        return " " + (times < TIMES.size() ? TIMES.get(times) : times + " times") + " in a row";
    }
}
