package holt.kernel;

import holt.model.Endpoint;
import holt.model.HostReport;
import holt.model.Keeping;
import holt.model.Process;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import holt.model.Resources;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the brain knows of one process: its row, which is in the truth too, and what is soft and found out anew after a
 * restart. Owned by the brain's thread.
 */
final class Slot implements Watched.Usages {
    final AppEntry owner;
    /** What it takes of its host. */
    final Resources need;

    private Process row;

    /** The process that forked it; null where its parent is the app's supervisor. */
    @Nullable
    Slot parent;
    /** Made with the first child, so that a process without children costs nothing. */
    private @Nullable TreeMap<Long, Slot> children;
    /** When children were restarted, oldest first, as many as its keeping counts; null before the first. */
    @Nullable
    ArrayDeque<Instant> childRestarts;
    /** Whether it may be stopped as soon as what is below it is gone: on its way out, and not draining. */
    boolean ending;
    /** Moment after which others wait no longer for it to stop; null before its stop was asked for. */
    @Nullable
    Instant waitedForUntil;

    /** Whether any incarnation was ever ready. */
    boolean ran;
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
    /** Before this moment there may be routers that were not heard yet. */
    Instant othersHeardFrom = Instant.MIN;
    /** Hosts that refused it; null for none, as for nearly all. */
    private @Nullable Map<String, Need.Refusal> refusedBy;

    int refusals;
    /** The last report of its host in which it was counted. */
    @Nullable
    HostReport countedIn;
    /** Why it was given its host, see {@link Choice}; 0 for not known. */
    long chosen;
    /** Whether it waits until a host has room. */
    boolean waitsForRoom;
    /** Whether its start or replacement waits for its turn. */
    boolean awaitsStart;
    /** Whether its stop waits for its turn. */
    boolean awaitsStop;
    /** Whether it was made when it was the turn of what it replaces: its start waits for no other. */
    boolean hadItsTurn;
    /** Moment before which no placement is tried, besides the row's; null for none. */
    @Nullable
    Instant placeNotBefore;
    /** Whether people were told that it waits. */
    boolean waitingTold;

    @Nullable
    String note;

    /** Why it takes no requests though it runs, as its agent says; null where it does. Soft. */
    private @Nullable String unready;

    private final Usage usage = new Usage();
    private @Nullable ProcessStatus status;
    private @Nullable Endpoint endpoint;

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
            usage.forget();
            childRestarts = null;
            unready = null;
        }
        if (next.state() != ProcessState.STOPPING) {
            ending = false;
            stopAsked = false;
            waitedForUntil = null;
        }
        if (!isForked()) {
            owner.follows(row, next);
        }
        row = next;
        status = null;
        endpoint = null;
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

    boolean isForked() {
        return row.isForked();
    }

    /** Its children, oldest first. */
    Collection<Slot> children() {
        return children == null ? List.of() : children.values();
    }

    void adopt(Slot child) {
        if (children == null) {
            children = new TreeMap<>();
        }
        children.put(child.pid(), child);
        child.parent = this;
    }

    void disinherit(Slot child) {
        if (children != null) {
            children.remove(child.pid());
            children = children.isEmpty() ? null : children;
        }
        child.parent = null;
    }

    /** How it has its children kept. */
    Keeping keeping() {
        Keeping declared = row.keeping();
        return declared == null ? Keeping.standard() : declared;
    }

    /** Whether it still stands for its instance: not on its way out for good. */
    boolean isActive() {
        return row.state() != ProcessState.STOPPING || row.afterStop() != null;
    }

    /** Whether requests are sent to it. A lost one stays in the routes: routers find out by themselves. */
    boolean isServing() {
        return is(ProcessState.RUNNING) || (is(ProcessState.LOST) && ran);
    }

    /** Whether its start or replacement waits for something that will be told. */
    boolean isHeldBack() {
        return waitsForRoom || awaitsStart;
    }

    @Nullable
    String unready() {
        return unready;
    }

    void unready(@Nullable String why) {
        unready = why;
        note = why == null ? null : "takes no requests: " + why;
        status = null;
        owner.readinessChanged();
    }

    boolean isDraining() {
        return is(ProcessState.STOPPING) && !ending && !isForked();
    }

    /** Whether it was asked to stop so long ago that nobody waits for it any more. */
    boolean isOverdue(Instant now) {
        Instant until = waitedForUntil;
        return until != null && !now.isBefore(until);
    }

    /** Where requests reach it; null where none can. */
    @Nullable
    Endpoint endpoint() {
        String address = row.address();
        if (endpoint == null && address != null && row.port() > 0) {
            endpoint = new Endpoint(
                    row.app(), row.pid(), row.incarnation(), row.index(), row.instanceId(), address, row.port());
        }
        return endpoint;
    }

    /** {@code hello/0 (pid 7)}, as people read it; {@code hello (pid 9)} where it was forked. */
    String label() {
        return isForked()
                ? row.app() + " (pid " + row.pid() + ")"
                : row.app() + "/" + row.index() + " (pid " + row.pid() + ")";
    }

    @Override
    public void used(ProcessReport report, Instant now) {
        if (usage.take(report, now)) {
            status = null;
            owner.usageChanged = true;
        }
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
                    usage.memoryBytes(),
                    usage.cpuPercent(),
                    usage.startedAt(),
                    isDraining(),
                    note,
                    chosen,
                    refusedBy(),
                    owner.limits(row.version()),
                    usage.load());
            status = made;
        }
        return made;
    }
}
