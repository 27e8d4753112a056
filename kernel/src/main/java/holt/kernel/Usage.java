package holt.kernel;

import holt.model.ProcessReport;
import holt.model.Use;
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
    private Use last = Use.NONE;
    private Load load = Load.NONE;
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
        Load present = Load.between(last, report.used(), known ? millis : 0);
        boolean changed = started(report.startedAt())
                || bytes != memoryBytes
                || percent != cpuPercent
                || !present.equals(load)
                || !known;
        last = report.used();
        load = present;
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
        last = Use.NONE;
        load = Load.NONE;
        startedAt = null;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    double cpuPercent() {
        return cpuPercent;
    }

    Load load() {
        return load;
    }

    @Nullable
    Instant startedAt() {
        return startedAt;
    }
}
