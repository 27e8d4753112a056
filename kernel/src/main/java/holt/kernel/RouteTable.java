package holt.kernel;

import holt.model.Endpoint;
import holt.model.RouteUpdate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What routers have been told of each host name, and what they have to be told next. Owned by the brain's thread. */
final class RouteTable {
    private final String epoch;
    private final Map<String, RouteUpdate.Route> told = new TreeMap<>();
    private final Map<String, RouteUpdate.Route> next = new LinkedHashMap<>();
    private long version;

    RouteTable(String epoch) {
        this.epoch = epoch;
    }

    /**
     * Where an app's requests may be sent: by index, then pid. Those that say that they are not ready are left out, unless
     * all say so: then a request has better chances there than nowhere.
     */
    static List<Endpoint> endpoints(AppEntry app) {
        List<Endpoint> ready = endpoints(app, false);
        return ready.isEmpty() ? endpoints(app, true) : ready;
    }

    private static List<Endpoint> endpoints(AppEntry app, boolean unready) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int index = 0; index < app.seats(); index++) {
            for (Slot slot : app.at(index)) {
                Endpoint endpoint = slot.isServing() && (unready || slot.unready() == null) ? slot.endpoint() : null;
                if (endpoint != null) {
                    endpoints.add(endpoint);
                }
            }
        }
        return List.copyOf(endpoints);
    }

    /** Takes in where an app's host names lead now. */
    void refresh(AppEntry app) {
        if (app.row.routes().isEmpty() || !(app.takeStaleRoutes() | !app.isServed)) {
            return;
        }
        List<Endpoint> endpoints = endpoints(app);
        app.isServed = !endpoints.isEmpty();
        String reason = app.isServed ? null : Diagnosis.reason(app);
        app.row.routes().forEach(host -> tell(new RouteUpdate.Route(host, app.name(), endpoints, reason)));
    }

    /** The host name leads nowhere from now on. */
    void remove(String host) {
        if (told.remove(host) != null) {
            next.put(host, new RouteUpdate.Route(host, null, List.of(), null));
        }
    }

    private void tell(RouteUpdate.Route route) {
        RouteUpdate.@Nullable Route before = told.put(route.host(), route);
        if (!route.equals(before)) {
            next.put(route.host(), route);
        }
    }

    /** What changed since the last call, as the next update; empty when nothing did. */
    Optional<RouteUpdate> takeUpdate() {
        if (next.isEmpty()) {
            return Optional.empty();
        }
        RouteUpdate update = new RouteUpdate(epoch, ++version, false, new ArrayList<>(next.values()));
        next.clear();
        return Optional.of(update);
    }

    /** An update that says nothing but that all before it are known by now. */
    RouteUpdate emptyUpdate() {
        return new RouteUpdate(epoch, ++version, false, List.of());
    }

    /** The first update of an epoch: everything. */
    RouteUpdate begin() {
        version++;
        next.clear();
        return complete();
    }

    /** Everything, as of the last update. */
    RouteUpdate complete() {
        return new RouteUpdate(epoch, version, true, new ArrayList<>(told.values()));
    }
}
