package holt.router;

import holt.model.Endpoint;
import holt.model.RouteUpdate;
import holt.model.RouterReport;
import java.time.Duration;
import java.util.List;

/** What a router's {@link RouteKeeper} wants done, in this order. */
public sealed interface RouteEffect {

    /**
     * Changes where requests go: first all host names, then the endpoints.
     *
     * @param routes each host name as a whole; one without an app is nobody's any more
     * @param retired endpoints on which no request may begin from now on; {@link RouteEvent.Drained} follows for each
     */
    record Change(List<RouteUpdate.Route> routes, List<Endpoint> retired) implements RouteEffect {
        public Change {
            routes = List.copyOf(routes);
            retired = List.copyOf(retired);
        }
    }

    /**
     * Asks the controller for all routes.
     *
     * @param ask number that the answer has to carry
     * @param patience after which an answer is of no use any more
     */
    record AskForAll(long ask, Duration patience) implements RouteEffect {}

    /** Reports to the controller. It may be lost: what it says is said again. */
    record Report(RouterReport report) implements RouteEffect {}

    /** All routes are known for the first time, this many. */
    record RoutesKnown(int routes) implements RouteEffect {}

    /** The controller does not answer; known routes stay in use. Said once, until it is back. */
    record ControllerAway(String reason) implements RouteEffect {}

    /** The controller answers again. */
    record ControllerBack() implements RouteEffect {}

    /** Asks to be {@link RouteEvent.Woken} at this moment, in the clock of the caller; it replaces the one before. */
    record WakeAt(long nanos) implements RouteEffect {}
}
