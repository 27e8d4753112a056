package holt.kernel;

import holt.model.App;
import holt.model.Limits;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.Release;
import holt.model.Resources;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One app with its releases and processes: a group. Owned by the brain's thread. */
final class AppEntry {
    private static final int RELEASES_KEPT = 20;

    App row;
    /** Whether readers have not seen yet what its processes use. */
    boolean usageChanged;

    /** Whether routers know where its requests may be sent; else they know why not. */
    boolean isServed;

    final NavigableMap<Long, Release> releases = new TreeMap<>();
    /** Its instances. */
    final NavigableMap<Long, Slot> slots = new TreeMap<>();
    /** All processes that programs of the group have forked. */
    final NavigableMap<Long, Slot> forked = new TreeMap<>();
    /** Those of them whose parent is the app's supervisor. */
    final NavigableMap<Long, Slot> detached = new TreeMap<>();

    final Spread spread = new Spread();
    /** The one instance that moves to a better host; null for none. */
    RebalancePlan.@Nullable Move move;

    private static final Slot[] NOBODY = {};

    /** Its instances by index, and for one index by pid. */
    private Slot[][] seats = {};
    /** Indexes to which something happened since the last plan. */
    private final BitSet stirred = new BitSet();
    /** Whether a plan has to look at all indexes, because what is wanted has changed or time has come. */
    private boolean stirredAll = true;
    /** Whether routers may have to be told something. */
    private boolean routesStale = true;

    private @Nullable Resources need;
    private long needOf;

    AppEntry(App row) {
        this.row = row;
    }

    /** Takes in a new instance. */
    void seat(Slot slot) {
        int index = slot.index();
        if (index >= seats.length) {
            int length = seats.length;
            seats = Arrays.copyOf(seats, Math.max(index + 1, Math.min(2 * length, App.MAX_INSTANCES)));
            Arrays.fill(seats, length, seats.length, NOBODY);
        }
        Slot[] before = seats[index];
        seats[index] = Arrays.copyOf(before, before.length + 1);
        seats[index][before.length] = slot;
        slots.put(slot.pid(), slot);
        stir(index);
    }

    /** Lets an instance go. */
    void unseat(Slot slot) {
        if (slots.remove(slot.pid()) != null) {
            seats[slot.index()] = Arrays.stream(seats[slot.index()])
                    .filter(other -> other != slot)
                    .toArray(Slot[]::new);
            stir(slot.index());
            routesStale = true;
        }
    }

    /** The processes that stand or stood for one index, by pid. */
    Slot[] at(int index) {
        return index < seats.length ? seats[index] : NOBODY;
    }

    /** More than the highest index that any process has or had. */
    int seats() {
        return seats.length;
    }

    /** Something happened at one index. */
    void stir(int index) {
        stirred.set(index);
    }

    /** The next plan looks at everything. */
    void stirAll() {
        stirredAll = true;
        routesStale = true;
    }

    /** One of its instances takes requests no longer, or again. */
    void readinessChanged() {
        routesStale = true;
    }

    /** An instance's row follows another: routers need not know of one that never served. */
    void follows(Process before, Process after) {
        routesStale |= mayServe(before) || mayServe(after);
    }

    private static boolean mayServe(Process row) {
        return row.state() == ProcessState.RUNNING || row.state() == ProcessState.LOST;
    }

    /** Whether a plan for the indexes to which something happened is a plan for all: nothing goes on between indexes. */
    boolean isAtRest() {
        boolean alone = !row.isRolling() || isFirstRelease();
        return !stirredAll && row.started() && row.targetVersion() > 0 && alone && move == null;
    }

    private boolean isFirstRelease() {
        return row.liveVersion() == 0 && releases.size() == 1;
    }

    BitSet stirred() {
        return stirred;
    }

    /** What has happened so far is planned for. While releases are mixed, what happens at one index concerns others. */
    void planned(boolean mixed) {
        stirred.clear();
        stirredAll = mixed;
    }

    /** Whether routers may have to be told something, asked once. */
    boolean takeStaleRoutes() {
        boolean stale = routesStale;
        routesStale = false;
        return stale;
    }

    String name() {
        return row.name();
    }

    @Nullable
    Release target() {
        return releases.get(row.targetVersion());
    }

    @Nullable
    Release live() {
        return releases.get(row.liveVersion());
    }

    @Nullable
    Release latest() {
        return releases.isEmpty() ? null : releases.lastEntry().getValue();
    }

    /** The release a new one carries over from: the target, else the newest there was. */
    @Nullable
    Release base() {
        Release target = target();
        return target != null ? target : latest();
    }

    long nextVersion() {
        return Math.max(releases.isEmpty() ? 0 : releases.lastKey(), row.targetVersion()) + 1;
    }

    void put(Release release) {
        releases.put(release.version(), release);
        if (releases.size() > RELEASES_KEPT) {
            releases.keySet().stream()
                    .filter(version -> !isNeeded(version))
                    .findFirst()
                    .ifPresent(releases::remove);
        }
    }

    private boolean isNeeded(long version) {
        return version == row.targetVersion()
                || version == row.liveVersion()
                || slots.values().stream().anyMatch(slot -> slot.version() == version)
                || forked.values().stream().anyMatch(slot -> slot.version() == version);
    }

    /** What one instance of a release takes: one value for all of them. */
    Resources need(long version) {
        if (need == null || needOf != version) {
            need = Resources.of(limits(version));
            needOf = version;
        }
        return need;
    }

    /** What one instance of a release may use. */
    Limits limits(long version) {
        Release release = releases.get(version);
        return release == null ? Limits.standard() : release.limits();
    }

    List<Slot> active() {
        return slots.values().stream().filter(Slot::isActive).toList();
    }

    /** Whether an instance is ready, or will be: on its way up, or next to be started. */
    boolean isCovered() {
        for (Slot slot : slots.values()) {
            if (slot.awaitsStart || slot.is(ProcessState.RUNNING) || slot.is(ProcessState.STARTING)) {
                return true;
            }
        }
        return false;
    }

    /** The number of wanted instances that are ready. */
    int running() {
        return (int) slots.values().stream()
                .filter(slot -> slot.is(ProcessState.RUNNING) && slot.index() < row.instances())
                .map(Slot::index)
                .distinct()
                .count();
    }
}
