package holt.model;

import java.time.Instant;
import java.util.List;

/**
 * One line of a program's output, or of the platform about it.
 *
 * @param at when it was read
 * @param app name of the app
 * @param index of the instance; -1 for lines of the platform
 * @param pid of the process; 0 for lines of the platform
 * @param stream {@code out}, {@code err} or {@code holt}
 * @param text without line end, at most {@link #MAX_CHARS} characters
 */
public record LogLine(Instant at, String app, int index, long pid, String stream, String text) {
    /** Longer lines are cut into several. */
    public static final int MAX_CHARS = 16_384;

    /** Lines that travel together on {@link Subjects#logs}, oldest first. */
    public record Batch(List<LogLine> lines) {}
}
