package holt.kernel;

import holt.model.ProcessReport;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a process uses, as its agent says. Cpu is told between two reports that lie apart. Owned by the brain's thread. */
final class Usage {
    private static final long APART_MILLIS = 500;
    private static final double NANOS_PER_PERCENT_MILLI = 1e4;

    private boolean known;
    private long atMillis;
    private long cpuNanos;
    private long memoryBytes;
    private double cpuPercent;
    private @Nullable Instant startedAt;

    /** Takes a report in; tells whether readers see anything different. */
    boolean take(ProcessReport report, Instant now) {
        long millis = now.toEpochMilli() - atMillis;
        if (known && millis < APART_MILLIS) {
            return startedAt == null && started(report.startedAt());
        }
        double percent = known
                ? Math.max(0, ((double) report.cpuNanos() - cpuNanos) / NANOS_PER_PERCENT_MILLI / millis)
                : cpuPercent;
        long bytes = Math.max(0, report.memoryBytes());
        boolean changed = started(report.startedAt()) || bytes != memoryBytes || percent != cpuPercent || !known;
        known = true;
        atMillis = now.toEpochMilli();
        cpuNanos = report.cpuNanos();
        memoryBytes = bytes;
        cpuPercent = percent;
        return changed;
    }

    private boolean started(@Nullable Instant moment) {
        boolean changed = moment != null && !moment.equals(startedAt);
        startedAt = moment;
        return changed;
    }

    /** Another start of the process is spoken of from now on. */
    void forget() {
        known = false;
        memoryBytes = 0;
        cpuPercent = 0;
        startedAt = null;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    double cpuPercent() {
        return cpuPercent;
    }

    @Nullable
    Instant startedAt() {
        return startedAt;
    }
}
