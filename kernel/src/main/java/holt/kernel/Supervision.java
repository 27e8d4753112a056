package holt.kernel;

import holt.model.AfterStop;
import holt.model.Exit;
import holt.model.Keeping;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows when a process ended that nobody asked to end, and in which order siblings stop and start: pure
 * functions of what is declared and of the states. App's instances and forked processes are kept by the same rules;
 * only the app's supervisor, above whom there is nobody, keeps without a limit of restarts.
 *
 * <p>The strategies and the limit of restarts in a period are those of Erlang/OTP's supervisors.
 */
final class Supervision {

    /** What follows. */
    sealed interface Verdict {}

    /** It stays ended, as it was declared. */
    record Leave() implements Verdict {}

    /**
     * It is started again after this delay, zero for at once.
     *
     * @param flapping whether it has crashed too often in a row to be called well
     * @param siblings pids of those to be stopped and started with it, oldest first
     */
    record Restart(Duration delay, boolean flapping, List<Long> siblings) implements Verdict {
        Restart {
            siblings = List.copyOf(siblings);
        }
    }

    /** It is not started again until a person asks for it. */
    record GiveUp() implements Verdict {}

    /** Its parent has failed in keeping it. */
    record Escalate(String why) implements Verdict {}

    /**
     * Who keeps it.
     *
     * @param keeping as declared; null for the app's supervisor: each for itself, without limit
     * @param rule of delays and of giving up
     */
    record Keeper(@Nullable Keeping keeping, RestartRule rule) {
        boolean concernsSiblings() {
            return keeping != null && keeping.concernsSiblings();
        }
    }

    /** A process as its siblings matter to it. */
    record Sibling(long pid, ProcessState state, @Nullable AfterStop afterStop) {
        static Sibling of(Process row) {
            return new Sibling(row.pid(), row.state(), row.afterStop());
        }

        /** Whether it stops as one of the family: not to leave it for good without a trace. */
        private boolean stopsInOrder() {
            return state == ProcessState.STOPPING && afterStop != null;
        }
    }

    private Supervision() {}

    /**
     * What follows on an end.
     *
     * @param pid of the process that ended
     * @param crashes its ends in a row, this one included
     * @param restarts when its parent's children were restarted before, as far as the parent's period may reach
     * @param siblings all children of its parent; looked at only where the keeping concerns siblings
     */
    static Verdict afterEnd(
            long pid,
            RestartPolicy policy,
            Exit exit,
            int crashes,
            Keeper keeper,
            Collection<Instant> restarts,
            Collection<Sibling> siblings,
            Instant now) {
        if (staysEnded(policy, exit)) {
            return new Leave();
        }
        Keeping keeping = keeper.keeping();
        if (keeping != null && isCounted(exit) && recent(restarts, keeping.period(), now) >= keeping.maxRestarts()) {
            return new Escalate(tooMany(keeping));
        }
        return switch (keeper.rule().after(crashes)) {
            case RestartRule.GiveUp up
            when keeping != null -> new Escalate("a child crashed " + crashes + " times in a row");
            case RestartRule.GiveUp up -> new GiveUp();
            case RestartRule.Restart restart ->
                new Restart(restart.delay(), restart.flapping(), together(pid, keeping, siblings));
        };
    }

    private static boolean staysEnded(RestartPolicy policy, Exit exit) {
        return switch (policy) {
            case NEVER -> true;
            case ON_FAILURE -> exit.succeeded();
            case ALWAYS -> false;
        };
    }

    /** Whether the end counts against its parent's limit: one that nobody saw is rather its host's failure. */
    static boolean isCounted(Exit exit) {
        return exit.reason() != Exit.Reason.UNKNOWN;
    }

    /** Restarts that count. One that is dated after now counts too: the clock was set back, not the children mended. */
    static int recent(Collection<Instant> restarts, Duration period, Instant now) {
        Instant begin = now.minus(period);
        int count = 0;
        for (Instant restart : restarts) {
            if (restart.isAfter(begin)) {
                count++;
            }
        }
        return count;
    }

    private static String tooMany(Keeping keeping) {
        return "its children were restarted " + Sentences.count(keeping.maxRestarts(), "time") + " in "
                + Sentences.seconds(keeping.period()) + " and one failed again";
    }

    /** Those that have ended stay so; those that are on their way out for good go on leaving. */
    private static List<Long> together(long pid, @Nullable Keeping keeping, Collection<Sibling> siblings) {
        if (keeping == null || !keeping.concernsSiblings()) {
            return List.of();
        }
        List<Long> with = new ArrayList<>();
        for (Sibling sibling : siblings) {
            boolean meant = keeping.strategy() == Keeping.Strategy.ALL_FOR_ONE || sibling.pid() > pid;
            if (meant && sibling.pid() != pid && mayBeRestarted(sibling.state())) {
                with.add(sibling.pid());
            }
        }
        with.sort(null);
        return with;
    }

    private static boolean mayBeRestarted(ProcessState state) {
        return switch (state) {
            case WAITING, STARTING, RUNNING, LOST -> true;
            case STOPPING, EXITED -> false;
        };
    }

    /** The sibling that is stopped next: the youngest of those that stop. Null where none does. */
    static @Nullable Long nextToStop(Collection<Sibling> siblings) {
        Long youngest = null;
        for (Sibling sibling : siblings) {
            if (sibling.stopsInOrder() && (youngest == null || sibling.pid() > youngest)) {
                youngest = sibling.pid();
            }
        }
        return youngest;
    }

    /**
     * The sibling that may be started next: the eldest that waits, once none stops any more and all its
     * elders run or are ended for good. Null where none may.
     */
    static @Nullable Long nextToStart(Collection<Sibling> siblings) {
        Long next = null;
        long unready = Long.MAX_VALUE;
        for (Sibling sibling : siblings) {
            if (sibling.stopsInOrder()) {
                return null;
            }
            boolean waits = sibling.state() == ProcessState.WAITING;
            if (waits && (next == null || sibling.pid() < next)) {
                next = sibling.pid();
            }
            boolean comesUp = sibling.state() == ProcessState.STARTING || sibling.state() == ProcessState.LOST;
            if (comesUp) {
                unready = Math.min(unready, sibling.pid());
            }
        }
        return next != null && next < unready ? next : null;
    }
}
