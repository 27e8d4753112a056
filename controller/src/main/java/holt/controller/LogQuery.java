package holt.controller;

import holt.model.LogLine;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which log lines somebody wants.
 *
 * @param limit the most that are wanted, the newest
 * @param since not older than this; null for any age
 * @param instance only of the instance with this index; null for all and for the platform's own lines
 */
record LogQuery(
        int limit, @Nullable Instant since, @Nullable Integer instance) {
    static final int MAX_LINES = 10_000;

    boolean wants(LogLine line) {
        return !isBefore(line) && (instance == null || instance == line.index());
    }

    /** Whether a line is older than all that are wanted. */
    boolean isBefore(LogLine line) {
        return since != null && line.at().isBefore(since);
    }
}
