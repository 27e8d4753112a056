package holt.router;

import holt.model.Endpoint;
import holt.model.RouteUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the router knows of the routes. Updates come in any order, doubled or not at all; what follows the
 * version known is applied, what comes too early waits for a complete update, what is old is dropped. It forgets
 * nothing by itself: with the controller away, the last routes known stay.
 *
 * <p>One thread applies; any thread finds. Each host name changes as a whole.
 */
final class RouteTable {
    /** Early updates kept; with more, only a complete update helps and they are not worth the memory. */
    private static final int MAX_EARLY = 1000;

    /**
     * What an update led to.
     *
     * @param removed backends that are in no route any more; they were retired
     * @param syncNeeded whether something was missed, so that a complete update has to be asked for
     */
    record Outcome(List<Backend> removed, boolean syncNeeded) {
        private static final Outcome NOTHING = new Outcome(List.of(), false);
        private static final Outcome MISSED = new Outcome(List.of(), true);
    }

    private final Map<String, RouteTarget> targets = new ConcurrentHashMap<>();
    private final Map<Endpoint, Backend> backends = new HashMap<>();
    private final TreeMap<Long, RouteUpdate> early = new TreeMap<>();
    private final StatsCollector stats;
    private final Consumer<Backend> onDrained;
    private @Nullable String epoch;
    private long version;

    /** Whether routes were ever known; read by event loops. */
    private volatile boolean synced;

    RouteTable(StatsCollector stats, Consumer<Backend> onDrained) {
        this.stats = stats;
        this.onDrained = onDrained;
    }

    @Nullable
    RouteTarget find(String host) {
        return targets.get(host);
    }

    boolean isSynced() {
        return synced;
    }

    int size() {
        return targets.size();
    }

    /** Whether requests may be sent there; for the thread that applies. */
    boolean uses(Endpoint endpoint) {
        return backends.containsKey(endpoint);
    }

    Outcome apply(RouteUpdate update) {
        return update.complete() ? applyComplete(update) : applyStep(update);
    }

    private Outcome applyStep(RouteUpdate update) {
        boolean sameEpoch = update.epoch().equals(epoch);
        if (sameEpoch && update.version() <= version) {
            return Outcome.NOTHING;
        }
        if (!sameEpoch || update.version() != version + 1) {
            keepEarly(update);
            return Outcome.MISSED;
        }
        List<Backend> removed = new ArrayList<>();
        version = update.version();
        update.routes().forEach(route -> replace(route, removed));
        boolean gap = applyEarly(removed);
        return new Outcome(retired(removed), gap);
    }

    private Outcome applyComplete(RouteUpdate update) {
        if (update.epoch().equals(epoch) && update.version() < version) {
            return Outcome.NOTHING;
        }
        epoch = update.epoch();
        version = update.version();
        List<Backend> removed = new ArrayList<>();
        Set<String> gone = new HashSet<>(targets.keySet());
        for (RouteUpdate.Route route : update.routes()) {
            replace(route, removed);
            gone.remove(route.host());
        }
        gone.forEach(host -> replace(new RouteUpdate.Route(host, null, List.of(), null), removed));
        boolean gap = applyEarly(removed);
        synced = true;
        return new Outcome(retired(removed), gap);
    }

    private void keepEarly(RouteUpdate update) {
        early.values().removeIf(other -> !other.epoch().equals(update.epoch()));
        if (early.size() < MAX_EARLY) {
            early.put(update.version(), update);
        }
    }

    /** Applies what came too early and follows now; true where a gap is left. */
    private boolean applyEarly(List<Backend> removed) {
        early.values().removeIf(each -> !each.epoch().equals(epoch));
        early.headMap(version, true).clear();
        for (RouteUpdate next = early.remove(version + 1); next != null; next = early.remove(version + 1)) {
            version = next.version();
            next.routes().forEach(route -> replace(route, removed));
        }
        return !early.isEmpty();
    }

    private void replace(RouteUpdate.Route route, List<Backend> removed) {
        RouteTarget before = targets.get(route.host());
        if (route.app() == null) {
            targets.remove(route.host());
        } else {
            List<Backend> present =
                    route.endpoints().stream().distinct().map(this::backend).toList();
            present.forEach(Backend::linked);
            targets.put(
                    route.host(),
                    new RouteTarget(route.host(), route.app(), present, route.reason(), stats.app(route.app())));
        }
        if (before != null) {
            for (Backend each : before.backends()) {
                if (each.unlinked()) {
                    removed.add(each);
                }
            }
        }
    }

    private Backend backend(Endpoint endpoint) {
        return backends.computeIfAbsent(endpoint, unused -> new Backend(endpoint, onDrained));
    }

    /** Retires those backends that lost their last route and did not get another one by the same update. */
    private List<Backend> retired(List<Backend> removed) {
        List<Backend> gone = new ArrayList<>();
        for (Backend each : removed) {
            if (!each.isLinked() && backends.remove(each.endpoint(), each)) {
                each.retire();
                gone.add(each);
            }
        }
        return gone;
    }
}
