package holt.router;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Endpoint;
import holt.model.RouteUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A controller, a router, and a bus between them that loses, doubles, delays and reorders. */
class RouteKeeperPropertiesTest {
    private static final int STEPS = 200;

    @Property(tries = 300)
    void knowsWhatTheControllerKnowsOnceItIsAnswered(@ForAll long seed) {
        World world = new World(new Random(seed));
        for (int step = 0; step < STEPS; step++) {
            world.step();
        }
        world.calm();
        assertThat(world.keeper.routes()).isEqualTo(world.controller);
        assertThat(world.plane).as("where requests go").isEqualTo(world.controller);
    }

    @Property(tries = 300)
    void letsRequestsBeginOnlyOnEndpointsOfItsRoutesAndReportsOnlyOthers(@ForAll long seed) {
        World world = new World(new Random(seed));
        for (int step = 0; step < STEPS; step++) {
            world.step();
            Set<Endpoint> used = new HashSet<>();
            world.plane.values().forEach(route -> used.addAll(route.endpoints()));
            assertThat(world.open).isEqualTo(used);
            assertThat(Collections.disjoint(world.reported, used)).isTrue();
            assertThat(Collections.disjoint(world.reported, world.draining)).isTrue();
        }
    }

    private static final class World {
        final Random random;
        final RouteKeeper keeper = new RouteKeeper("r");
        final TreeMap<String, RouteUpdate.Route> controller = new TreeMap<>();
        final List<RouteEvent> bus = new ArrayList<>();
        final Map<String, RouteUpdate.Route> plane = new TreeMap<>();
        final Set<Endpoint> open = new HashSet<>();
        final List<Endpoint> draining = new ArrayList<>();
        List<Endpoint> reported = List.of();
        int epoch = 1;
        long version = 1;
        long now;
        long wakeAt;

        World(Random random) {
            this.random = random;
            carryOut(keeper.start(now));
        }

        void step() {
            switch (random.nextInt(8)) {
                case 0, 1 -> change();
                case 2 -> restart();
                case 3, 4, 5 -> deliver();
                case 6 -> drain();
                default -> pass(random.nextLong(Duration.ofSeconds(5).toNanos()));
            }
        }

        private void change() {
            String host = "h" + random.nextInt(4);
            if (random.nextInt(4) == 0) {
                if (controller.remove(host) != null) {
                    publish(new RouteUpdate.Route(host, null, List.of(), null));
                }
                return;
            }
            RouteUpdate.Route route = new RouteUpdate.Route(host, "app", endpoints(), null);
            controller.put(host, route);
            publish(route);
        }

        private List<Endpoint> endpoints() {
            List<Endpoint> endpoints = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                int pid = random.nextInt(5);
                endpoints.add(new Endpoint("app", pid, 1, pid, "i" + pid, "10.0.0." + pid, 80));
            }
            return endpoints;
        }

        private void publish(RouteUpdate.Route route) {
            version++;
            bus.add(new RouteEvent.Updated(new RouteUpdate("e" + epoch, version, false, List.of(route))));
        }

        private void restart() {
            epoch++;
            version = 1;
            bus.add(new RouteEvent.Updated(all()));
        }

        private RouteUpdate all() {
            return new RouteUpdate("e" + epoch, version, true, List.copyOf(controller.values()));
        }

        /** Any message may come next, again, or never. */
        private void deliver() {
            if (bus.isEmpty()) {
                return;
            }
            RouteEvent message = bus.get(random.nextInt(bus.size()));
            switch (random.nextInt(4)) {
                case 0 -> bus.remove(message);
                case 1 -> handle(message);
                default -> {
                    bus.remove(message);
                    handle(message);
                }
            }
        }

        private void drain() {
            if (!draining.isEmpty()) {
                handle(new RouteEvent.Drained(draining.remove(random.nextInt(draining.size()))));
            }
        }

        void pass(long nanos) {
            now += nanos;
            if (now - wakeAt >= 0) {
                handle(new RouteEvent.Woken());
            }
        }

        /** Nothing is lost from now on, for as long as it takes to compare. */
        void calm() {
            bus.clear();
            long end = now + Duration.ofSeconds(40).toNanos();
            while (now < end) {
                now = Math.max(now, wakeAt);
                handle(new RouteEvent.Woken());
                List.copyOf(bus).forEach(this::handle);
                bus.clear();
            }
        }

        private void handle(RouteEvent event) {
            carryOut(keeper.handle(event, now));
        }

        private void carryOut(List<RouteEffect> effects) {
            for (RouteEffect effect : effects) {
                switch (effect) {
                    case RouteEffect.Change change -> change(change);
                    case RouteEffect.AskForAll ask -> bus.add(new RouteEvent.Told(ask.ask(), all()));
                    case RouteEffect.Report report -> reported = report.report().drained();
                    case RouteEffect.WakeAt wake -> wakeAt = wake.nanos();
                    case RouteEffect.RoutesKnown known -> {}
                    case RouteEffect.ControllerAway away -> {}
                    case RouteEffect.ControllerBack back -> {}
                }
            }
        }

        private void change(RouteEffect.Change change) {
            for (RouteUpdate.Route route : change.routes()) {
                if (route.app() == null) {
                    plane.remove(route.host());
                } else {
                    plane.put(route.host(), route);
                    open.addAll(route.endpoints());
                }
            }
            open.removeAll(change.retired());
            draining.addAll(change.retired());
            // A report from before this change says nothing of it.
            reported = List.of();
        }
    }
}
