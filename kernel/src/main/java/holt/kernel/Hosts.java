package holt.kernel;

import holt.model.Drain;
import holt.model.HostReport;
import holt.model.Process;
import holt.model.ProcessReport;
import holt.model.Resources;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The hosts: when each was heard, what it offers, which processes were placed there. Owned by the brain's thread. */
final class Hosts {
    private final Map<String, Host> byName = new LinkedHashMap<>();
    private final Scheduler scheduler = new Scheduler(Collections.unmodifiableCollection(byName.values()));
    private final Map<String, Drain> drains = new TreeMap<>();
    private int bidding;

    /** One host. */
    final class Host {

        final String name;
        Instant heardAt;
        private boolean lost;

        @Nullable
        HostReport report;
        /** Processes placed here, by pid. */
        final Map<Long, Slot> slots = new HashMap<>();

        private String zone = "";
        private List<String> tags = List.of();
        private HostPool.Kind kind = HostPool.kind("", List.of(), 0);
        private Resources capacity = Resources.NONE;
        private Resources placed = Resources.NONE;
        /** Promised to processes that are not in the table: those on their way out, and strangers. */
        private Resources foreign = Resources.NONE;

        private Resources free = Resources.NONE;
        private double load;
        /** Where it stands in line for processes; null while it takes none. */
        private @Nullable HostPool pool;

        private boolean gained;
        /** What does not leave though the host is drained. */
        private List<DrainStatus.Stuck> stuck = List.of();
        /** Whether people were told that nothing is here any more. */
        boolean drainedTold;

        private Host(String name, Instant heardAt) {
            this.name = name;
            this.heardAt = heardAt;
        }

        boolean isLost() {
            return lost;
        }

        /** It is silent: nothing is placed there any more. */
        void lose() {
            lost = true;
            settle();
        }

        void comeBack() {
            lost = false;
            settle();
        }

        void accept(HostReport next, Instant now) {
            HostReport told = next.withoutProcesses();
            report = told;
            heardAt = now;
            if (!zone.equals(next.zone())) {
                rezone(next.zone());
            }
            tags = next.placementTags();
            capacity = next.capacity();
            kind = HostPool.kind(zone, tags, capacity.memoryBytes());
            foreign = next.reserved().minus(known(next, told));
            settle();
        }

        private void rezone(String next) {
            slots.values().stream()
                    .map(slot -> slot.owner)
                    .distinct()
                    .forEach(app -> app.spread.rezone(name, zone, next));
            zone = next;
        }

        /** What those take that the report counts and that are in the table; one named twice counts once. */
        private Resources known(HostReport next, HostReport told) {
            Resources known = Resources.NONE;
            for (ProcessReport process : next.processes()) {
                Slot slot = slots.get(process.pid());
                if (slot != null
                        && slot.countedIn != told
                        && process.state() != null
                        && process.state().isLive()) {
                    slot.countedIn = told;
                    known = known.plus(slot.need);
                }
            }
            return known;
        }

        void place(Slot slot) {
            if (slots.put(slot.pid(), slot) == null) {
                placed = placed.plus(slot.need);
                settle();
            }
        }

        /** Takes a process away that holds nothing any more. */
        void release(Slot slot) {
            if (slots.remove(slot.pid()) != null) {
                placed = placed.minus(slot.need);
                settle();
            }
        }

        /** Takes a process away that may run on for a while; its room is not offered before the next full report. */
        void disown(Slot slot) {
            if (slots.remove(slot.pid()) != null) {
                placed = placed.minus(slot.need);
                foreign = foreign.plus(slot.need);
                settle();
            }
        }

        /** Takes its place in line for what it offers now. */
        private void settle() {
            Resources promised = foreign.plus(placed);
            Resources left = capacity.minus(promised);
            double share = promised.dominantShareOf(capacity);
            HostPool next = nextPool();
            boolean moved = next != pool;
            boolean more = moved || !left.fitsIn(free);
            if (moved || share != load) {
                if (pool != null) {
                    scheduler.leave(pool, this);
                }
                load = share;
                if (next != null) {
                    scheduler.enter(next, this);
                }
            }
            free = left;
            if (moved) {
                bidding += (next == null ? 0 : 1) - (pool == null ? 0 : 1);
                pool = next;
                scheduler.hostsChanged();
            }
            if (more && next != null) {
                gained = true;
                scheduler.gained(this);
            }
        }

        private @Nullable HostPool nextPool() {
            if (!isBidding()) {
                return null;
            }
            return pool != null && pool.kind.equals(kind) ? pool : scheduler.pool(kind);
        }

        /** Whether it has had more to offer since this was asked last. */
        boolean takeGain() {
            boolean had = gained;
            gained = false;
            return had;
        }

        boolean isBidding() {
            return !lost && report != null && !isDrained(name);
        }

        /** Whether what cannot be moved away is ended. */
        boolean isForced() {
            Drain drain = drains.get(name);
            return drain != null && drain.force();
        }

        /** Notes what does not leave; tells whether that is news. */
        boolean stuck(List<DrainStatus.Stuck> next) {
            boolean changed = !stuck.equals(next);
            stuck = next;
            return changed;
        }

        private @Nullable DrainStatus drainStatus() {
            Drain drain = drains.get(name);
            return drain == null
                    ? null
                    : new DrainStatus(drain.since(), drain.actor(), drain.force(), slots.size(), stuck);
        }

        String zone() {
            return zone;
        }

        List<String> tags() {
            return tags;
        }

        Resources free() {
            return free;
        }

        /** How much is promised of the resource it is shortest of: 0 for nothing, 1 for all. */
        double load() {
            return load;
        }

        HostStatus status() {
            return new HostStatus(name, lost, heardAt, capacity, free, slots.size(), report, drainStatus());
        }
    }

    @Nullable
    Host find(@Nullable String name) {
        return name == null ? null : byName.get(name);
    }

    Host known(String name, Instant now) {
        return byName.computeIfAbsent(name, fresh -> new Host(fresh, now));
    }

    void forget(String name) {
        byName.remove(name);
    }

    /** Nothing is placed there any more. */
    void drain(Drain drain) {
        drains.put(drain.host(), drain);
        settle(drain.host());
    }

    void undrain(String name) {
        drains.remove(name);
        settle(name);
    }

    private void settle(String name) {
        Host host = byName.get(name);
        if (host != null) {
            host.settle();
        }
    }

    boolean isDrained(String name) {
        return drains.containsKey(name);
    }

    boolean anyDrained() {
        return !drains.isEmpty();
    }

    /** The drained hosts that are known, by name. */
    List<Host> drained() {
        return drains.keySet().stream()
                .map(byName::get)
                .filter(Objects::nonNull)
                .toList();
    }

    Collection<Host> all() {
        return byName.values();
    }

    /** Finds a host for a process. */
    Scheduler.Answer place(Need need, Instant now) {
        return scheduler.place(need, now);
    }

    /** Counts a process where its row says that it is. */
    void count(Slot slot) {
        Process row = slot.row();
        if (row.host() != null && slot.isActive() && !slot.isForked()) {
            slot.owner.spread.add(row.host(), zone(row.host()));
        }
    }

    /** Counts it no longer. */
    void discount(Slot slot) {
        Process row = slot.row();
        if (row.host() != null && slot.isActive() && !slot.isForked()) {
            slot.owner.spread.remove(row.host(), zone(row.host()));
        }
    }

    private String zone(String name) {
        Host host = byName.get(name);
        return host == null ? "" : host.zone;
    }

    boolean anyBidding() {
        return bidding > 0;
    }
}
