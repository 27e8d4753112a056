package holt.simulator;

import holt.agent.InstanceKey;
import holt.kernel.Input;
import holt.model.Endpoint;
import holt.model.RouteUpdate;
import holt.model.RouterReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A router that keeps its table by the rules of the real one: updates follow each other by version, what comes too early
 * waits, a gap is closed by asking for everything; routes no longer used are reported when no request is under way on
 * them. It forgets nothing by itself. Owned by the simulation's thread.
 */
final class SimulatedRouter {
    private static final long REPORT_MILLIS = 3000;
    private static final long COMPARE_MILLIS = 30_000;
    private static final long SYNC_TIMEOUT_MILLIS = 2000;
    private static final long FIRST_RETRY_MILLIS = 50;
    private static final long LAST_RETRY_MILLIS = 2000;
    private static final long REPEAT_MILLIS = 30_000;
    private static final long LONGEST_REQUEST_MILLIS = 8000;
    private static final int MAX_EARLY = 1000;

    private final World world;
    final int node;
    private final String name;
    private final Dice dice;
    private final Map<String, RouteUpdate.Route> table = new HashMap<>();
    private final Map<Endpoint, Integer> uses = new HashMap<>();
    private final TreeMap<Long, RouteUpdate> early = new TreeMap<>();
    private final Map<Endpoint, Long> drainedUntil = new LinkedHashMap<>();
    private @Nullable String epoch;
    private long version;
    /** Endpoints with requests still under way that are in no route any more. */
    private final Map<Endpoint, Integer> finishing = new HashMap<>();

    private long syncs;
    private long plans;
    private boolean syncUnderWay;
    private long retryMillis = FIRST_RETRY_MILLIS;

    SimulatedRouter(World world, int node, String name) {
        this.world = world;
        this.node = node;
        this.name = name;
        this.dice = world.dice(2_000_000L + node);
    }

    void start() {
        planSync(0);
        beat();
    }

    private void beat() {
        report();
        world.agenda.after(REPORT_MILLIS, this::beat);
    }

    private void report() {
        long now = world.agenda.now();
        drainedUntil.entrySet().removeIf(each -> each.getValue() <= now || uses.containsKey(each.getKey()));
        RouterReport report = new RouterReport(name, new ArrayList<>(drainedUntil.keySet()));
        world.network.up(node, () -> world.controller.receive(new Input.RouterReported(report)));
    }

    private void planSync(long delay) {
        long mine = ++plans;
        world.agenda.after(delay, () -> {
            if (mine == plans) {
                sync();
            }
        });
    }

    private void sync() {
        planSync(COMPARE_MILLIS);
        if (syncUnderWay) {
            return;
        }
        syncUnderWay = true;
        long mine = ++syncs;
        world.network.up(
                node,
                () -> world.controller.routesWanted(update -> world.network.down(node, () -> answered(mine, update))));
        world.agenda.after(SYNC_TIMEOUT_MILLIS, () -> {
            if (mine == syncs && syncUnderWay) {
                syncUnderWay = false;
                planSync(retryMillis);
                retryMillis = Math.min(LAST_RETRY_MILLIS, retryMillis * 2);
            }
        });
    }

    private void answered(long sync, RouteUpdate update) {
        if (sync == syncs && syncUnderWay) {
            syncUnderWay = false;
            retryMillis = FIRST_RETRY_MILLIS;
            hear(update);
        }
    }

    void hear(RouteUpdate update) {
        boolean same = update.epoch().equals(epoch);
        if (same && (update.version() < version || (update.version() == version && !update.complete()))) {
            return;
        }
        if (!update.complete() && (!same || update.version() != version + 1)) {
            keepEarly(update);
            planSync(0);
            return;
        }
        take(update);
        if (applyEarly()) {
            planSync(0);
        }
    }

    private void take(RouteUpdate update) {
        epoch = update.epoch();
        version = update.version();
        Set<String> gone =
                update.complete() ? new LinkedHashSet<>(new TreeSet<>(table.keySet())) : new LinkedHashSet<>();
        for (RouteUpdate.Route route : update.routes()) {
            gone.remove(route.host());
            replace(route.host(), route.app() == null ? null : route);
        }
        gone.forEach(host -> replace(host, null));
        world.checks.heard(update);
    }

    private void keepEarly(RouteUpdate update) {
        early.values().removeIf(other -> !other.epoch().equals(update.epoch()));
        if (early.size() < MAX_EARLY) {
            early.put(update.version(), update);
        }
    }

    private boolean applyEarly() {
        early.values().removeIf(each -> !each.epoch().equals(epoch));
        early.headMap(version, true).clear();
        for (RouteUpdate next = early.remove(version + 1); next != null; next = early.remove(version + 1)) {
            take(next);
        }
        return !early.isEmpty();
    }

    private void replace(String host, RouteUpdate.@Nullable Route next) {
        if (next != null && next.equals(table.get(host))) {
            return;
        }
        RouteUpdate.Route before = next == null ? table.remove(host) : table.put(host, next);
        if (next != null) {
            next.endpoints().forEach(endpoint -> uses.merge(endpoint, 1, Integer::sum));
        }
        if (before != null) {
            for (Endpoint endpoint : before.endpoints()) {
                if (uses.merge(endpoint, -1, Integer::sum) == 0) {
                    uses.remove(endpoint);
                    finish(endpoint);
                }
            }
        }
    }

    /** The last request to it ends some time. */
    private void finish(Endpoint endpoint) {
        finishing.merge(endpoint, 1, Integer::sum);
        world.agenda.after(dice.between(0, LONGEST_REQUEST_MILLIS), () -> {
            finishing.computeIfPresent(endpoint, (same, count) -> count > 1 ? count - 1 : null);
            if (!uses.containsKey(endpoint)) {
                drainedUntil.put(endpoint, world.agenda.now() + REPEAT_MILLIS);
                report();
            }
        });
    }

    /** Whether requests to that start are or may be under way here. */
    boolean isUsing(InstanceKey key) {
        return Stream.of(uses, finishing)
                .flatMap(each -> each.keySet().stream())
                .anyMatch(endpoint -> endpoint.pid() == key.pid() && endpoint.incarnation() == key.incarnation());
    }

    RouteUpdate.@Nullable Route find(String host) {
        return table.get(host);
    }

    /** Host names it knows. */
    Iterable<String> hosts() {
        return table.keySet();
    }

    @Override
    public String toString() {
        return name;
    }
}
