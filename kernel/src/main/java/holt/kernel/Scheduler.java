package holt.kernel;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a host for one process. A host that lacks room or a tag, holds somebody the process must stay away from, or has
 * refused it, is out of the question. Of the others it takes, one point after the other: near the parent where there is
 * one (its host, then its zone), the zone with the fewest instances of the app, the host with the fewest, the least
 * loaded one, the first by name. So the order in which hosts came makes no difference.
 *
 * <p>Hosts are kept in pools of like ones in the order of their load, and of each pool at most {@link #CANDIDATES} hosts
 * that could take the process are looked at: a placement costs as much with ten thousand hosts as with a hundred. The
 * answer is the best one for pools of up to so many hosts, and for apps with fewer instances than that; else it is the
 * best of those looked at. Owned by the brain's thread.
 */
final class Scheduler {
    static final int CANDIDATES = 64;
    private static final int MAX_HOPELESS = 10_000;

    private final Map<HostPool.Kind, HostPool> pools = new LinkedHashMap<>();
    /** Shapes for which no host was found, since when none has gained what would suit them. */
    private final Map<Need.Shape, NoRoom> hopeless = new HashMap<>();

    private final NavigableMap<Long, Set<Need.Shape>> hopelessByMemory = new TreeMap<>();
    private final Collection<Hosts.Host> hosts;

    /** Where to, or why nowhere. */
    sealed interface Answer {}

    /** There. */
    record On(Hosts.Host host, Choice choice) implements Answer {}

    /** Nowhere before a host has more room. */
    record NoRoom(Obstacles obstacles, String brief) implements Answer {}

    /** Every host that could take it has refused; the first may be asked again at this moment. */
    record AllRefused(Instant retryAt) implements Answer {}

    /** @param hosts all there are, those that take no processes among them; it changes with them */
    Scheduler(Collection<Hosts.Host> hosts) {
        this.hosts = hosts;
    }

    HostPool pool(HostPool.Kind kind) {
        return pools.computeIfAbsent(kind, HostPool::new);
    }

    void enter(HostPool pool, Hosts.Host host) {
        pools.putIfAbsent(pool.kind, pool);
        pool.byLoad.add(host);
    }

    void leave(HostPool pool, Hosts.Host host) {
        pool.byLoad.remove(host);
        if (pool.byLoad.isEmpty()) {
            pools.remove(pool.kind, pool);
        }
    }

    /** There are other hosts than before: what was said of them is not true any more. */
    void hostsChanged() {
        hopeless.clear();
        hopelessByMemory.clear();
    }

    /** The host has more to offer than before. */
    void gained(Hosts.Host host) {
        var within = hopelessByMemory.headMap(host.free().memoryBytes(), true).values();
        within.removeIf(shapes -> {
            shapes.removeIf(shape -> shape.suits(host) && hopeless.remove(shape) != null);
            return shapes.isEmpty();
        });
    }

    Answer place(Need need, Instant now) {
        boolean replaces = !need.replaced().isEmpty();
        NoRoom known = replaces ? null : hopeless.get(need.shape());
        if (known != null) {
            return known;
        }
        Search search = new Search(need, now);
        pools.values().forEach(search::lookAt);
        if (search.best != null) {
            return new On(search.best.host, search.best.choice(search.matching));
        }
        if (search.retryAt != null) {
            return new AllRefused(search.retryAt);
        }
        Obstacles obstacles = Obstacles.of(need, hosts, now);
        NoRoom answer = new NoRoom(obstacles, Advice.brief(obstacles));
        if (!replaces) {
            remember(need.shape(), answer);
        }
        return answer;
    }

    private void remember(Need.Shape shape, NoRoom answer) {
        if (hopeless.size() >= MAX_HOPELESS) {
            hostsChanged();
        }
        hopeless.put(shape, answer);
        hopelessByMemory
                .computeIfAbsent(shape.resources().memoryBytes(), unused -> new LinkedHashSet<>())
                .add(shape);
    }

    /** One host that could take the process; {@code distance} from the parent is 0 on its host, 1 in its zone, else 2. */
    private record Candidate(Hosts.Host host, int distance, int inZone, int onHost) {

        boolean isBetterThan(@Nullable Candidate other) {
            if (other == null) {
                return true;
            }
            if (distance != other.distance) {
                return distance < other.distance;
            }
            if (inZone != other.inZone) {
                return inZone < other.inZone;
            }
            if (onHost != other.onHost) {
                return onHost < other.onHost;
            }
            int load = Double.compare(host.load(), other.host.load());
            return load != 0 ? load < 0 : host.name.compareTo(other.host.name) < 0;
        }

        Choice choice(int hosts) {
            return new Choice(hosts, inZone, onHost, (int) Math.min(100, host.load() * 100), distance < 2);
        }
    }

    /** Goes through the pools for one process. */
    private static final class Search {
        private final Need need;
        private final Instant now;
        private int matching;
        private @Nullable Candidate best;
        private @Nullable Instant retryAt;

        Search(Need need, Instant now) {
            this.need = need;
            this.now = now;
            Hosts.Host near = need.near();
            if (near != null
                    && near.isBidding()
                    && near.tags().containsAll(need.shape().rule().tags())
                    && admits(near)) {
                best = candidate(near);
            }
        }

        void lookAt(HostPool pool) {
            if (pool.isBelow(need.shape())) {
                return;
            }
            matching += pool.byLoad.size();
            if (isHopeless(pool)) {
                return;
            }
            int looked = 0;
            for (Hosts.Host host : pool.byLoad) {
                if (!host.isBidding() || !admits(host)) {
                    continue;
                }
                Candidate candidate = candidate(host);
                if (candidate.isBetterThan(best)) {
                    best = candidate;
                }
                if (candidate.onHost == 0 || ++looked == CANDIDATES) {
                    return; // behind a host without a sibling are only more loaded ones
                }
            }
        }

        /** Whether the best so far is better than any host there by its zone alone. */
        private boolean isHopeless(HostPool pool) {
            if (best == null) {
                return false;
            }
            int distance = need.near() == null ? 2 : isNearby(pool.kind.zone()) ? 1 : 2;
            return best.distance < distance
                    || (best.distance == distance
                            && best.inZone < need.siblings().inZone(pool.kind.zone()));
        }

        private boolean isNearby(String zone) {
            Hosts.Host near = need.near();
            return near != null && !zone.isEmpty() && near.zone().equals(zone);
        }

        private Candidate candidate(Hosts.Host host) {
            int distance = host == need.near() ? 0 : isNearby(host.zone()) ? 1 : 2;
            return new Candidate(
                    host,
                    distance,
                    need.siblings().inZone(host.zone()),
                    need.siblings().onHost(host.name));
        }

        private boolean admits(Hosts.Host host) {
            if (!need.shape().resources().fitsIn(host.free())
                    || need.isCrowded(host.name)
                    || need.shunnedOn(host.name) != null) {
                return false;
            }
            Need.Refusal refusal = need.refusal(host.name, now);
            if (refusal == null) {
                return true;
            }
            retryAt = retryAt == null || refusal.until().isBefore(retryAt) ? refusal.until() : retryAt;
            return false;
        }
    }
}
