package holt.router;

import holt.model.Endpoint;
import holt.model.RouteUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go, for the data plane. What it holds is decided by the {@link RouteKeeper}.
 *
 * <p>One thread writes; any thread finds, without a lock. Each host name changes as a whole.
 */
final class RouteTable {
    private final Map<String, RouteTarget> targets = new ConcurrentHashMap<>();
    private final Map<Endpoint, Backend> backends = new HashMap<>();

    /** Retired, with requests under way. */
    private final Set<Backend> draining = new HashSet<>();

    private final StatsCollector stats;
    private final Consumer<Backend> onDrained;

    /** Whether routes were ever known; read by event loops. */
    private volatile boolean synced;

    /** @param onDrained told, by any thread and perhaps twice, of a retired backend whose last request has ended */
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

    void known() {
        synced = true;
    }

    void put(RouteUpdate.Route route) {
        if (route.app() == null) {
            targets.remove(route.host());
            return;
        }
        List<Backend> present =
                route.endpoints().stream().distinct().map(this::backend).toList();
        targets.put(
                route.host(),
                new RouteTarget(route.host(), route.app(), present, route.reason(), stats.app(route.app())));
    }

    private Backend backend(Endpoint endpoint) {
        return backends.computeIfAbsent(endpoint, unused -> new Backend(endpoint, onDrained));
    }

    /** Lets no request begin on these any more; what is idle is drained at once. */
    List<Backend> retire(List<Endpoint> endpoints) {
        List<Backend> retired = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            // One that came and went within one update was never put.
            Backend backend = backend(endpoint);
            backends.remove(endpoint);
            draining.add(backend);
            retired.add(backend);
            backend.retire();
            if (backend.isDrained()) {
                onDrained.accept(backend);
            }
        }
        return retired;
    }

    /** Takes note that a retired backend is drained; false where that was known. */
    boolean forget(Backend backend) {
        return draining.remove(backend);
    }
}
