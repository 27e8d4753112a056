package holt.kernel;

import holt.model.Endpoint;
import holt.model.Process;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import holt.model.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the brain knows of one process: its row, which is in the truth too, and what is soft and found out anew after a
 * restart. Owned by the brain's thread.
 */
final class Slot {
    final AppEntry owner;
    /** What it takes of its host. */
    final Resources need;

    private Process row;

    /** Whether any incarnation was ever ready. */
    boolean ran;
    /** When its start or stop was last asked for by this brain; null for not yet. */
    @Nullable
    Instant askedAt;
    /** When its present start began to count against the deadline. */
    Instant startingSince;
    /** Whether its stop was asked for by this brain. */
    boolean stopAsked;
    /** Latest moment of the stop of a process that drains; null when it does not drain. */
    @Nullable
    Instant drainUntil;
    /** Routers that have not said yet that they are through with it; null when they are not known. */
    @Nullable
    Set<String> awaitedRouters;
    /** Hosts that refused it; null for none, as for nearly all. */
    private @Nullable Map<String, Need.Refusal> refusedBy;

    int refusals;
    /** Why it was given its host, see {@link Choice}; 0 for not known. */
    long chosen;
    /** Whether it waits until a host has room. */
    boolean waitsForRoom;
    /** Moment before which no placement is tried, besides the row's; null for none. */
    @Nullable
    Instant placeNotBefore;
    /** Whether people were told that it waits. */
    boolean waitingTold;

    @Nullable
    String note;

    private @Nullable String seenEpoch;
    private long seenSequence;
    private @Nullable ProcessReport usage;
    private Instant usageAt = Instant.EPOCH;
    private double cpuPercent;
    private @Nullable ProcessStatus status;

    Slot(AppEntry owner, Process row, Resources need, Instant startingSince) {
        this.owner = owner;
        this.row = row;
        this.need = need;
        this.startingSince = startingSince;
        this.ran = row.state() == ProcessState.RUNNING || row.exit() != null || row.address() != null;
    }

    Process row() {
        return row;
    }

    void replaceRow(Process next) {
        if (next.incarnation() != row.incarnation()) {
            forgetReports();
        }
        row = next;
        status = null;
    }

    long pid() {
        return row.pid();
    }

    int index() {
        return row.index();
    }

    long version() {
        return row.version();
    }

    boolean is(ProcessState state) {
        return row.state() == state;
    }

    /** Whether it still stands for its instance: not on its way out. */
    boolean isActive() {
        return row.state() != ProcessState.STOPPING;
    }

    /** Whether requests are sent to it. A lost one stays in the routes: routers find out by themselves. */
    boolean isServing() {
        return is(ProcessState.RUNNING) || (is(ProcessState.LOST) && ran);
    }

    boolean isDraining() {
        return is(ProcessState.STOPPING) && !stopAsked;
    }

    /** Where requests reach it; null where none can. */
    @Nullable
    Endpoint endpoint() {
        String address = row.address();
        return address == null || row.port() <= 0
                ? null
                : new Endpoint(
                        row.app(), row.pid(), row.incarnation(), row.index(), row.instanceId(), address, row.port());
    }

    /** {@code hello/0 (pid 7)}, as people read it. */
    String label() {
        return row.app() + "/" + row.index() + " (pid " + row.pid() + ")";
    }

    void see(String epoch, long sequence, ProcessReport report, Instant now) {
        boolean first = usage == null;
        double seconds = Duration.between(usageAt, now).toMillis() / 1000.0;
        if (usage != null && seconds >= 0.5) {
            cpuPercent = Math.max(0, (report.cpuNanos() - usage.cpuNanos()) / 1e7 / seconds);
        }
        if (first || seconds >= 0.5) {
            usage = report;
            usageAt = now;
        } else if (usage != null && usage.startedAt() == null) {
            usage = report;
        }
        seenEpoch = epoch;
        seenSequence = sequence;
        status = null;
    }

    boolean wasSeen() {
        return seenEpoch != null;
    }

    /** Whether something at least as new as this was seen already. */
    boolean hasSeen(String epoch, long sequence) {
        return epoch.equals(seenEpoch) && seenSequence >= sequence;
    }

    void forgetReports() {
        seenEpoch = null;
        seenSequence = 0;
        usage = null;
        cpuPercent = 0;
        status = null;
    }

    /** Hosts that refused it since it was last ready, by name. */
    Map<String, Need.Refusal> refusedBy() {
        return refusedBy == null ? Map.of() : refusedBy;
    }

    void refuse(String host, Need.Refusal refusal) {
        if (refusedBy == null) {
            refusedBy = new TreeMap<>();
        }
        refusedBy.put(host, refusal);
        status = null;
    }

    void forgetRefusals() {
        refusedBy = null;
        status = null;
    }

    void note(@Nullable String text) {
        note = text;
        status = null;
    }

    ProcessStatus status() {
        ProcessStatus made = status;
        if (made == null) {
            made = new ProcessStatus(
                    row,
                    need,
                    usage == null ? 0 : Math.max(0, usage.memoryBytes()),
                    cpuPercent,
                    usage == null ? null : usage.startedAt(),
                    isDraining(),
                    note,
                    chosen,
                    refusedBy());
            status = made;
        }
        return made;
    }
}
