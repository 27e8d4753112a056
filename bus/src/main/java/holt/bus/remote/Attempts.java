package holt.bus.remote;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import io.nats.client.AuthenticationException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Tries to connect, with pauses that grow to about a second and differ, so that not all clients come at once. */
final class Attempts {
    private static final Logger LOGGER = System.getLogger(Attempts.class.getName());
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 800;

    private final RemoteSettings settings;
    private final CountDownLatch ended = new CountDownLatch(1);

    Attempts(RemoteSettings settings) {
        this.settings = settings;
    }

    /** One attempt; true where there is nothing more to try. */
    @FunctionalInterface
    interface Attempt {
        boolean run() throws IOException;
    }

    /** Tries on the caller's thread, for as long as the settings say; a server that knows us not is not asked again. */
    void first(Attempt attempt) {
        long end = System.nanoTime() + settings.patience().toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            try {
                attempt.run();
                return;
            } catch (AuthenticationException refused) {
                throw refused(refused);
            } catch (IOException fault) {
                if (System.nanoTime() - end >= 0 || !pause(pause)) {
                    throw unreachable(fault);
                }
                pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
            }
        }
    }

    /** Tries on a thread of its own until it works or {@link #end} is called. */
    void again(Attempt attempt) {
        Thread.ofVirtual().name("bus reconnect").start(() -> untilItWorks(attempt));
    }

    private void untilItWorks(Attempt attempt) {
        long pause = FIRST_PAUSE_MILLIS;
        String told = "";
        while (pause(pause)) {
            try {
                if (attempt.run()) {
                    return;
                }
            } catch (IOException | RuntimeException fault) {
                // Said again only where it changes: a server that is away for a day is one line, not many.
                String reason = String.valueOf(fault.getMessage());
                if (!reason.equals(told)) {
                    LOGGER.log(Level.WARNING, "bus unreachable servers={0} reason=\"{1}\"", settings.place(), reason);
                    told = reason;
                }
            }
            pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
        }
    }

    /** False where it is over. */
    private boolean pause(long millis) {
        try {
            long withJitter = millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1);
            return !ended.await(withJitter, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Nothing is tried any more. */
    void end() {
        ended.countDown();
    }

    private ProblemException unreachable(IOException fault) {
        return new ProblemException(
                Problem.of(
                                ErrorCode.UNAVAILABLE,
                                "The bus at " + settings.place() + " cannot be reached: tried for "
                                        + settings.patience().toSeconds() + " s, at last: " + fault.getMessage() + ".")
                        .remedy("Start the nats-server there, or correct bus.url; without bus.url Holt uses its own."),
                fault);
    }

    private ProblemException refused(IOException fault) {
        String who = settings.credentials() == null
                ? "we said nothing of ourselves"
                : "the login is in " + settings.credentials();
        return new ProblemException(
                Problem.of(
                                ErrorCode.UNAVAILABLE,
                                "The bus at " + settings.place() + " does not let us in: " + fault.getMessage() + "; "
                                        + who + ".")
                        .remedy("Put a login that the server knows into a file, and name it in bus.credentials."),
                fault);
    }
}
