package holt.simulator;

import holt.agent.InstanceKey;
import holt.kernel.Input;
import holt.model.Endpoint;
import holt.model.RouteUpdate;
import holt.router.RouteEffect;
import holt.router.RouteEvent;
import holt.router.RouteKeeper;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A router: the shell around the real brain of a router's routes. Requests are not simulated, only that some of them take
 * their time to end on an endpoint that was retired. Owned by the simulation's thread.
 */
final class SimulatedRouter {
    private static final long LONGEST_REQUEST_MILLIS = 8000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final World world;
    final int node;
    private final String name;
    private final Dice dice;
    private final RouteKeeper keeper;
    private long wakes;
    /** Endpoints with requests still under way that are in no route any more. */
    private final Map<Endpoint, Integer> finishing = new HashMap<>();

    SimulatedRouter(World world, int node, String name) {
        this.world = world;
        this.node = node;
        this.name = name;
        this.dice = world.dice(2_000_000L + node);
        this.keeper = new RouteKeeper(name);
    }

    void start() {
        keeper.start(nanos()).forEach(this::carryOut);
    }

    /** The controller tells all routers something. */
    void hear(RouteUpdate update) {
        handle(new RouteEvent.Updated(update));
    }

    private void handle(RouteEvent event) {
        keeper.handle(event, nanos()).forEach(this::carryOut);
    }

    private long nanos() {
        return world.agenda.now() * NANOS_PER_MILLI;
    }

    private void carryOut(RouteEffect effect) {
        switch (effect) {
            case RouteEffect.Change change -> {
                world.checks.heard(change.routes());
                change.retired().forEach(this::finish);
            }
            case RouteEffect.AskForAll ask -> ask(ask.ask());
            case RouteEffect.Report report ->
                world.network.up(node, () -> world.controller.receive(new Input.RouterReported(report.report())));
            case RouteEffect.WakeAt wake -> wakeAt(wake.nanos());
            case RouteEffect.RoutesKnown _, RouteEffect.ControllerAway _, RouteEffect.ControllerBack _ -> {}
        }
    }

    /** Silence needs no word: the brain watches that itself. */
    private void ask(long number) {
        world.network.up(
                node,
                () -> world.controller.routesWanted(
                        update -> world.network.down(node, () -> handle(new RouteEvent.Told(number, update)))));
    }

    /** The last request to it ends some time. */
    private void finish(Endpoint endpoint) {
        finishing.merge(endpoint, 1, Integer::sum);
        world.agenda.after(dice.between(0, LONGEST_REQUEST_MILLIS), () -> {
            finishing.computeIfPresent(endpoint, (same, count) -> count > 1 ? count - 1 : null);
            handle(new RouteEvent.Drained(endpoint));
        });
    }

    private void wakeAt(long wakeNanos) {
        long mine = ++wakes;
        world.agenda.at(Math.ceilDiv(wakeNanos, NANOS_PER_MILLI), () -> {
            if (mine == wakes) {
                handle(new RouteEvent.Woken());
            }
        });
    }

    /** Whether requests to that start are or may be under way here. */
    boolean isUsing(InstanceKey key) {
        return Stream.concat(
                        finishing.keySet().stream(),
                        keeper.routes().values().stream().flatMap(route -> route.endpoints().stream()))
                .anyMatch(endpoint -> endpoint.pid() == key.pid() && endpoint.incarnation() == key.incarnation());
    }

    RouteUpdate.@Nullable Route find(String host) {
        return keeper.routes().get(host);
    }

    /** Host names it knows. */
    Set<String> hosts() {
        return keeper.routes().keySet();
    }

    @Override
    public String toString() {
        return name;
    }
}
