package holt.kernel;

import holt.model.Process;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One process at one moment.
 *
 * @param process its row
 * @param memoryLimitBytes what it may use
 * @param memoryBytes what it uses, as its agent last said; 0 while unknown
 * @param cpuPercent of one core, between its agent's last two reports; 0 while unknown
 * @param startedAt when its program was started, as its agent says; null while unknown
 * @param draining whether it only finishes requests under way before it is stopped
 * @param note why it waits, how it ended; null for nothing to say
 */
public record ProcessStatus(
        Process process,
        long memoryLimitBytes,
        long memoryBytes,
        double cpuPercent,
        @Nullable Instant startedAt,
        boolean draining,
        @Nullable String note) {}
