package holt.kernel;

import holt.model.MemorySize;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds a host for one process: a pure function of the bids, the same for the same bids in any order. */
final class Scheduler {

    /** What a host offers: the memory it can still promise, bytes. */
    record Bid(String host, long freeBytes) {}

    /**
     * What is sought.
     *
     * @param memoryBytes what the process may use
     * @param siblings number of the app's instances on each host, to spread them
     * @param refusedBy hosts not to be asked before a moment
     */
    record Need(long memoryBytes, Map<String, Integer> siblings, Map<String, Instant> refusedBy) {
        int siblings(String host) {
            return siblings.getOrDefault(host, 0);
        }

        boolean isRefusedBy(String host, Instant now) {
            Instant until = refusedBy.get(host);
            return until != null && now.isBefore(until);
        }
    }

    /** Where to, or why nowhere. */
    sealed interface Placement {}

    /** There. */
    record On(String host) implements Placement {}

    /** Nowhere before a host has more room. */
    record NoRoom(String reason) implements Placement {}

    /** Every host with room has refused; the first may be asked again at this moment. */
    record AllRefused(Instant retryAt) implements Placement {}

    /** Fewest siblings first, then most free memory, then by name so that equal hosts give equal answers. */
    private static Comparator<Bid> preference(Need need) {
        return Comparator.<Bid>comparingInt(bid -> need.siblings(bid.host()))
                .thenComparing(Comparator.comparingLong(Bid::freeBytes).reversed())
                .thenComparing(Bid::host);
    }

    private Scheduler() {}

    static Placement place(Need need, Collection<Bid> bids, Instant now) {
        Comparator<Bid> preference = preference(need);
        Bid best = null;
        Instant retryAt = null;
        for (Bid bid : bids) {
            if (bid.freeBytes() < need.memoryBytes()) {
                continue;
            }
            if (need.isRefusedBy(bid.host(), now)) {
                retryAt = earlier(retryAt, need.refusedBy().get(bid.host()));
            } else if (best == null || preference.compare(bid, best) < 0) {
                best = bid;
            }
        }
        if (best != null) {
            return new On(best.host());
        }
        return retryAt != null ? new AllRefused(retryAt) : new NoRoom(reason(need, bids));
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isBefore(one)) ? other : one;
    }

    private static String reason(Need need, Collection<Bid> bids) {
        Optional<Bid> widest =
                bids.stream().max(Comparator.comparingLong(Bid::freeBytes).thenComparing(Bid::host));
        return widest.map(bid -> "no host has " + MemorySize.format(need.memoryBytes())
                        + " of memory free; the most is " + MemorySize.format(Math.max(0, bid.freeBytes())) + " on "
                        + bid.host())
                .orElse("no host is connected");
    }
}
