package holt.simulator;

import holt.agent.InstanceKey;
import holt.kernel.Effect;
import holt.model.AgentRequest;
import holt.model.Endpoint;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.RouteUpdate;
import java.util.HashMap;
import java.util.Map;

/**
 * What people notice: requests are led only to what serves, and are finished before what serves them is stopped. Owned
 * by the simulation's thread.
 */
final class Service {
    /** After so long without a disturbance all routers know all. */
    private static final long CALM_MILLIS = 45_000;

    private final World world;
    private final Map<String, RouteUpdate.Route> told = new HashMap<>();

    Service(World world) {
        this.world = world;
    }

    /** Routers are told something. */
    void published(RouteUpdate update) {
        if (update.complete()) {
            told.clear();
        }
        for (RouteUpdate.Route route : update.routes()) {
            if (route.app() == null) {
                told.remove(route.host());
            } else {
                told.put(route.host(), route);
            }
        }
    }

    /** Compares what routers were told with the truth; only between rounds. */
    void look() {
        for (RouteUpdate.Route route : told.values()) {
            for (Endpoint endpoint : route.endpoints()) {
                Process row = world.store.process(endpoint.pid());
                if (row == null
                        || row.incarnation() != endpoint.incarnation()
                        || (row.state() != ProcessState.RUNNING && row.state() != ProcessState.LOST)) {
                    throw new Violation("a-route-leads-to-what-serves", route.host() + " leads to " + row);
                }
            }
        }
    }

    /** An agent is asked for something. */
    void asked(Effect.Ask ask) {
        if (!(ask.request() instanceof AgentRequest.Stop stop) || calmMillis() < CALM_MILLIS) {
            return;
        }
        Process row = world.store.process(stop.pid());
        if (row == null
                || row.incarnation() != stop.incarnation()
                || row.state() != ProcessState.STOPPING
                || row.afterStop() != null
                || hasHadItsTime(row)) {
            return;
        }
        InstanceKey key = new InstanceKey(stop.pid(), stop.incarnation());
        for (SimulatedRouter router : world.routers) {
            if (router.isUsing(key)) {
                throw new Violation("requests-end-before-a-stop", router + " still uses " + row);
            }
        }
    }

    /** What was waited for as long as is allowed may be stopped in the middle of a request. */
    private boolean hasHadItsTime(Process row) {
        return !world.controller.clock().now().isBefore(row.stateSince().plus(world.settings.drainLimit()));
    }

    private long calmMillis() {
        return world.agenda.now() - world.disturbances.sharedQuietSince();
    }
}
