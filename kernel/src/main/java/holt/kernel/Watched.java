package holt.kernel;

import holt.model.Process;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is intended of one process that was given to a host, and what its host last said of it. Owned by the health manager. */
final class Watched {
    /** Is told of each new word of its agent, whether or not anything changed. */
    interface Usages {
        void used(ProcessReport report, Instant now);
    }

    final long pid;
    final int incarnation;
    final long version;
    final WatchedHost host;
    final Usages usages;
    /** Where its host keeps it. */
    int position;
    /** The full report that last showed it. */
    long shownBy;

    @Nullable
    Instant startAskedAt;

    @Nullable
    Instant stopAskedAt;

    /** Why it takes no requests though it runs, as its host last said; null where it does. */
    @Nullable
    String unready;

    private ProcessState state;
    private @Nullable String address;
    private int port;
    private boolean ready;
    private @Nullable String seenEpoch;
    private long seenSequence;

    Watched(Process row, WatchedHost host, Usages usages) {
        this.pid = row.pid();
        this.incarnation = row.incarnation();
        this.version = row.version();
        this.host = host;
        this.usages = usages;
        this.state = row.state();
    }

    /** Whether the row is of the same start in the same place. */
    boolean isOf(Process row) {
        return incarnation == row.incarnation() && version == row.version() && host.name.equals(row.host());
    }

    /** Whether it is spoken of as what is intended, wherever that is. */
    boolean isOf(ProcessReport report) {
        return incarnation == report.incarnation() && version == report.version();
    }

    void follow(Process row) {
        state = row.state();
        address = row.address();
        port = row.port();
        ready |= state == ProcessState.RUNNING || address != null;
    }

    ProcessState state() {
        return state;
    }

    /** Whether this start of it was ever known to be ready. */
    boolean wasReady() {
        return ready;
    }

    /** Whether it is known to be ready, and there. */
    boolean isReadyAt(@Nullable String where, int there) {
        return state == ProcessState.RUNNING && port == there && Objects.equals(address, where);
    }

    void see(String epoch, long sequence) {
        seenEpoch = epoch;
        seenSequence = sequence;
    }

    boolean wasSeen() {
        return seenEpoch != null;
    }

    /** Whether something at least as new as this was seen already. */
    boolean hasSeen(String epoch, long sequence) {
        return seenSequence >= sequence && epoch.equals(seenEpoch);
    }
}
