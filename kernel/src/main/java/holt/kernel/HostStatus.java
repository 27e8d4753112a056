package holt.kernel;

import holt.model.HostReport;
import holt.model.Resources;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One host at one moment.
 *
 * @param name its name
 * @param lost whether it has been silent longer than the lease
 * @param heardAt when it was last heard; for a host not heard since the brain began, when that was
 * @param capacity what may be given to processes; nothing while that is unknown
 * @param free what can still be promised to processes
 * @param processes number of processes the brain has placed there
 * @param report its last full report; null when it was not heard since the brain began
 * @param drain how far it is on its way to hold nothing; null where it is not drained
 */
public record HostStatus(
        String name,
        boolean lost,
        Instant heardAt,
        Resources capacity,
        Resources free,
        int processes,
        @Nullable HostReport report,
        @Nullable DrainStatus drain) {

    /** Memory that can still be promised to processes. */
    public long freeBytes() {
        return free.memoryBytes();
    }

    /** How much is promised of the resource it is shortest of: 0 for nothing, 1 for all. */
    public double load() {
        return capacity.minus(free).dominantShareOf(capacity);
    }

    /** Whether processes can be placed there. */
    public boolean isBidding() {
        return !lost && report != null && drain == null;
    }

    public String zone() {
        return report == null ? "" : report.zone();
    }

    /** What a process may ask for. */
    public List<String> tags() {
        return report == null ? List.of() : report.placementTags();
    }
}
