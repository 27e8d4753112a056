package holt.kernel;

import holt.model.HostReport;
import holt.model.ProcessReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The hosts: when each was heard, what it offers, which processes were placed there. Owned by the brain's thread. */
final class Hosts {
    private final Map<String, Host> byName = new TreeMap<>();

    /** One host. */
    static final class Host {
        /** Far above any machine, far below overflow: what an agent that lies can add to a sum. */
        private static final long MAX_BYTES = 1L << 50;

        final String name;
        Instant heardAt;
        private boolean lost;

        @Nullable
        HostReport report;
        /** Processes placed here, by pid. */
        final Map<Long, Slot> slots = new HashMap<>();

        private long placedBytes;
        /** Memory promised to processes that are not in the table: those on their way out, and strangers. */
        private long foreignBytes;

        Host(String name, Instant heardAt) {
            this.name = name;
            this.heardAt = heardAt;
        }

        boolean isLost() {
            return lost;
        }

        /** It is silent: nothing is placed there any more. */
        void lose() {
            lost = true;
        }

        void comeBack() {
            lost = false;
        }

        void accept(HostReport next, Instant now) {
            HostReport told = next.withoutProcesses();
            report = told;
            heardAt = now;
            foreignBytes = Math.max(0, clamp(next.reservedBytes()) - known(next, told));
        }

        /** The memory of those that the report counts and that are in the table; one named twice counts once. */
        private long known(HostReport next, HostReport told) {
            long known = 0;
            for (ProcessReport process : next.processes()) {
                Slot slot = slots.get(process.pid());
                if (slot != null
                        && slot.countedIn != told
                        && process.state() != null
                        && process.state().isLive()) {
                    slot.countedIn = told;
                    known += slot.memoryBytes;
                }
            }
            return known;
        }

        void place(Slot slot) {
            if (slots.put(slot.pid(), slot) == null) {
                placedBytes += slot.memoryBytes;
            }
        }

        /** Takes a process away that holds nothing any more. */
        void release(Slot slot) {
            if (slots.remove(slot.pid()) != null) {
                placedBytes -= slot.memoryBytes;
            }
        }

        /** Takes a process away that may run on for a while; its memory is not offered before the next full report. */
        void disown(Slot slot) {
            if (slots.containsKey(slot.pid())) {
                release(slot);
                foreignBytes += slot.memoryBytes;
            }
        }

        boolean isBidding() {
            return !lost && report != null;
        }

        long freeBytes() {
            return report == null ? 0 : clamp(report.memoryBytes()) - foreignBytes - placedBytes;
        }

        long placedBytes() {
            return placedBytes;
        }

        HostStatus status() {
            return new HostStatus(name, lost, heardAt, Math.max(0, freeBytes()), slots.size(), report);
        }

        private static long clamp(long bytes) {
            return Math.clamp(bytes, 0, MAX_BYTES);
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

    Collection<Host> all() {
        return byName.values();
    }

    List<Scheduler.Bid> bids() {
        List<Scheduler.Bid> bids = new ArrayList<>(byName.size());
        for (Host host : byName.values()) {
            if (host.isBidding()) {
                bids.add(new Scheduler.Bid(host.name, host.freeBytes()));
            }
        }
        return bids;
    }

    boolean anyBidding() {
        return byName.values().stream().anyMatch(Host::isBidding);
    }
}
