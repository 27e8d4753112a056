package holt.kernel;

import holt.model.Endpoint;
import holt.model.RouteUpdate;
import holt.model.RouterReport;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A router that keeps its table by the rules of the contract, on the world's virtual time. */
final class FakeRouter {
    private static final int REPORT_MILLIS = 2000;

    final String name;
    private final World world;
    private final Map<String, RouteUpdate.Route> table = new TreeMap<>();
    private final Set<Endpoint> drained = new HashSet<>();
    private String epoch = "";
    private long version;

    FakeRouter(World world, String name) {
        this.world = world;
        this.name = name;
        beat();
    }

    private void beat() {
        report();
        if (epoch.isEmpty()) {
            world.toCluster(new Input.RoutesWanted(world.syncRequest(this)));
        }
        world.after(REPORT_MILLIS, this::beat);
    }

    private void report() {
        world.toCluster(new Input.RouterReported(new RouterReport(name, List.copyOf(drained))));
    }

    void hear(RouteUpdate update) {
        boolean same = update.epoch().equals(epoch);
        if (same && update.version() <= version) {
            return;
        }
        if (!update.complete() && (!same || update.version() != version + 1)) {
            world.toCluster(new Input.RoutesWanted(world.syncRequest(this)));
            return;
        }
        Set<Endpoint> before = endpoints();
        if (update.complete()) {
            table.clear();
        }
        update.routes().forEach(route -> {
            if (route.app() == null) {
                table.remove(route.host());
            } else {
                table.put(route.host(), route);
            }
        });
        epoch = update.epoch();
        version = update.version();
        Set<Endpoint> after = endpoints();
        drained.removeAll(after);
        before.removeAll(after);
        before.forEach(endpoint -> world.after(world.between(0, 3000), () -> {
            if (!endpoints().contains(endpoint)) {
                drained.add(endpoint);
                report();
            }
        }));
    }

    private Set<Endpoint> endpoints() {
        return table.values().stream()
                .flatMap(route -> route.endpoints().stream())
                .collect(Collectors.toCollection(HashSet::new));
    }

    List<RouteUpdate.Route> routes() {
        return List.copyOf(table.values());
    }
}
