package holt.kernel;

import holt.model.HostReport;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One host at one moment.
 *
 * @param name its name
 * @param lost whether it has been silent longer than the lease
 * @param heardAt when it was last heard; for a host not heard since the brain began, when that was
 * @param freeBytes memory that can still be promised to processes
 * @param processes number of processes the brain has placed there
 * @param report its last full report; null when it was not heard since the brain began
 */
public record HostStatus(
        String name,
        boolean lost,
        Instant heardAt,
        long freeBytes,
        int processes,
        @Nullable HostReport report) {}
