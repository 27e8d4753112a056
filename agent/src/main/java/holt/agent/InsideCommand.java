package holt.agent;

import holt.model.ProcessSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** Runs commands inside instances, as their own user and with their own environment. Any thread. */
@FunctionalInterface
interface InsideCommand {
    /** Its output is read, but no more of it is passed on than this, bytes of either stream. */
    int MAX_OUTPUT_BYTES = 64 << 10;

    /**
     * Runs a command for a shell inside an instance, and ends it with all it began when its time is over.
     *
     * @param output takes its lines
     * @return its exit status as a shell gives it
     * @throws TimedOut where it took longer
     * @throws IOException where it cannot be run
     */
    int run(ProcessSpec spec, String command, Duration limit, Consumer<String> output)
            throws IOException, InterruptedException;

    /** The command did not end in time. */
    final class TimedOut extends IOException {
        private static final long serialVersionUID = 1;

        TimedOut(Duration limit) {
            super("it did not end within " + Checker.seconds(limit));
        }
    }
}
