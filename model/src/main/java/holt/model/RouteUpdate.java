package holt.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a router has to know of some host names: each as a whole, replacing what was known of it. Published on
 * {@link Subjects#ROUTES}; a router that starts asks on {@link Subjects#ROUTES_SYNC} and gets all of them with
 * {@code complete} set.
 *
 * @param epoch differs for each start of the controller
 * @param version grows with each update of an epoch; an update that does not follow the last one known by one means that
 *     something was missed: sync again
 * @param complete whether host names that are not in here do not exist
 * @param routes what is known of each host name
 */
public record RouteUpdate(String epoch, long version, boolean complete, List<Route> routes) {
    public RouteUpdate {
        routes = List.copyOf(routes);
    }

    /**
     * One host name.
     *
     * @param host lower case, without port
     * @param app whose it is; null when nobody's: the route is gone
     * @param endpoints where requests may be sent
     * @param reason when there is no endpoint: why, for the person who gets the 503
     */
    public record Route(
            String host,
            @Nullable String app,
            List<Endpoint> endpoints,
            @Nullable String reason) {
        public Route {
            endpoints = List.copyOf(endpoints);
        }
    }
}
