package holt.router;

import holt.model.Endpoint;
import holt.model.RouteUpdate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a router knows of the routes. Updates come in any order, doubled or not at all; what follows the version
 * known is applied, what comes too early waits for a complete update, what is old is dropped. It forgets nothing by
 * itself: with the controller away, the last routes known stay. Owned by its keeper's thread.
 */
final class KnownRoutes {
    /** Early updates kept; with more, only a complete update helps and they are not worth the memory. */
    private static final int MAX_EARLY = 1000;

    /**
     * What an update led to.
     *
     * @param routes host names that lead elsewhere now
     * @param retired endpoints that are in no route any more
     * @param syncNeeded whether something was missed, so that a complete update has to be asked for
     */
    record Outcome(List<RouteUpdate.Route> routes, List<Endpoint> retired, boolean syncNeeded) {
        static final Outcome NOTHING = new Outcome(List.of(), List.of(), false);
        static final Outcome MISSED = new Outcome(List.of(), List.of(), true);
    }

    private final Map<String, RouteUpdate.Route> routes = new HashMap<>();
    /** The number of host names that lead to each endpoint. */
    private final Map<Endpoint, Integer> uses = new HashMap<>();

    private final TreeMap<Long, RouteUpdate> early = new TreeMap<>();
    private @Nullable String epoch;
    private long version;

    Map<String, RouteUpdate.Route> all() {
        return Collections.unmodifiableMap(routes);
    }

    boolean uses(Endpoint endpoint) {
        return uses.containsKey(endpoint);
    }

    /** Whether any routes were known before and these are of another start of the controller. */
    boolean isOfAnotherStart(RouteUpdate update) {
        return epoch != null && !update.epoch().equals(epoch);
    }

    Outcome step(RouteUpdate update) {
        boolean sameEpoch = update.epoch().equals(epoch);
        if (sameEpoch && update.version() <= version) {
            return Outcome.NOTHING;
        }
        if (!sameEpoch || update.version() != version + 1) {
            keepEarly(update);
            return Outcome.MISSED;
        }
        Changes changes = new Changes();
        version = update.version();
        update.routes().forEach(changes::put);
        boolean gap = applyEarly(changes);
        return changes.outcome(gap);
    }

    Outcome complete(RouteUpdate update) {
        if (update.epoch().equals(epoch) && update.version() < version) {
            return Outcome.NOTHING;
        }
        epoch = update.epoch();
        version = update.version();
        Changes changes = new Changes();
        Set<String> gone = new HashSet<>(routes.keySet());
        for (RouteUpdate.Route route : update.routes()) {
            changes.put(route);
            gone.remove(route.host());
        }
        gone.forEach(host -> changes.put(new RouteUpdate.Route(host, null, List.of(), null)));
        boolean gap = applyEarly(changes);
        return changes.outcome(gap);
    }

    private void keepEarly(RouteUpdate update) {
        early.values().removeIf(other -> !other.epoch().equals(update.epoch()));
        if (early.size() < MAX_EARLY) {
            early.put(update.version(), update);
        }
    }

    /** Applies what came too early and follows now; true where a gap is left. */
    private boolean applyEarly(Changes changes) {
        early.values().removeIf(each -> !each.epoch().equals(epoch));
        early.headMap(version, true).clear();
        for (RouteUpdate next = early.remove(version + 1); next != null; next = early.remove(version + 1)) {
            version = next.version();
            next.routes().forEach(changes::put);
        }
        return !early.isEmpty();
    }

    /** Gathers what one update changes: an endpoint that moves between host names is not retired. */
    private final class Changes {
        private final Map<String, RouteUpdate.Route> changed = new HashMap<>();
        private final Set<Endpoint> unused = new LinkedHashSet<>();

        void put(RouteUpdate.Route route) {
            RouteUpdate.Route before =
                    route.app() == null ? routes.remove(route.host()) : routes.put(route.host(), route);
            if (route.equals(before) || before == null && route.app() == null) {
                return;
            }
            changed.put(route.host(), route);
            if (route.app() != null) {
                endpoints(route).forEach(endpoint -> uses.merge(endpoint, 1, Integer::sum));
            }
            if (before != null) {
                endpoints(before).forEach(this::release);
            }
        }

        private void release(Endpoint endpoint) {
            int left = uses.getOrDefault(endpoint, 1) - 1;
            if (left > 0) {
                uses.put(endpoint, left);
            } else {
                uses.remove(endpoint);
                unused.add(endpoint);
            }
        }

        private static Set<Endpoint> endpoints(RouteUpdate.Route route) {
            return new HashSet<>(route.endpoints());
        }

        Outcome outcome(boolean gap) {
            unused.removeAll(uses.keySet());
            return new Outcome(new ArrayList<>(changed.values()), new ArrayList<>(unused), gap);
        }
    }
}
