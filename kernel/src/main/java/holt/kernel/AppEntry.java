package holt.kernel;

import holt.model.App;
import holt.model.Limits;
import holt.model.ProcessState;
import holt.model.Release;
import holt.model.Resources;
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

    private @Nullable Resources need;
    private long needOf;

    AppEntry(App row) {
        this.row = row;
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
            Release release = releases.get(version);
            need = Resources.of(release == null ? Limits.standard() : release.limits());
            needOf = version;
        }
        return need;
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
