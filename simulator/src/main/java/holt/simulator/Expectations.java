package holt.simulator;

import holt.kernel.Effect;
import holt.model.App;
import holt.model.AppCommand;
import holt.model.Release;
import holt.model.RouteName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A naive model of what people were told is wanted: only what was acknowledged counts, and all of it must be in the
 * truth from then on. A command whose answer was lost may have been done or not: the model then takes over what the
 * truth says. Owned by the simulation's thread.
 */
final class Expectations {
    static final String INVARIANT = "acknowledged-command-is-kept";

    /** What is wanted of one app. */
    private record Wanted(boolean started, int instances, Set<String> routes, long version) {
        Wanted withStarted(boolean wanted) {
            return new Wanted(wanted, instances, routes, version);
        }

        Wanted withInstances(int wanted) {
            return new Wanted(started, wanted, routes, version);
        }

        Wanted withVersion(long wanted) {
            return new Wanted(started, instances, routes, wanted);
        }

        Wanted withRoutes(Set<String> wanted) {
            return new Wanted(started, instances, wanted, version);
        }
    }

    private final SimulatedStore store;
    private final String domain;
    private final Map<String, Wanted> apps = new HashMap<>();
    private final Set<String> touched = new HashSet<>();

    Expectations(SimulatedStore store, String domain) {
        this.store = store;
        this.domain = domain;
    }

    /** The truth about the app changed. */
    void touch(String app) {
        touched.add(app);
    }

    /** Nobody knows whether a command to this app was done. */
    void uncertain(String name) {
        App row = store.app(name);
        if (row == null) {
            apps.remove(name);
        } else {
            apps.put(
                    name, new Wanted(row.started(), row.instances(), new TreeSet<>(row.routes()), row.targetVersion()));
        }
    }

    void acknowledged(AppCommand command, Effect.Reply reply) {
        String name = command.app();
        Wanted before = apps.get(name);
        Wanted after = after(command, before, reply.version());
        if (after == null) {
            apps.remove(name);
        } else {
            apps.put(name, after);
        }
        touch(name);
    }

    private @Nullable Wanted after(AppCommand command, @Nullable Wanted before, long version) {
        if (command instanceof AppCommand.DeleteApp || command.app().isEmpty()) {
            return null;
        }
        if (command instanceof AppCommand.PutApp put) {
            return after(put, before, version);
        }
        if (before == null) {
            throw new Violation(INVARIANT, "a command to an app that was never made was acknowledged: " + command);
        }
        return switch (command) {
            case AppCommand.PutApp _, AppCommand.DeleteApp _, AppCommand.Rebalance _, AppCommand.NoteAccess _ -> before;
            case AppCommand.DrainHost _, AppCommand.UndrainHost _ -> before;
            case AppCommand.ChangeRelease _ -> before.withVersion(version);
            case AppCommand.StartApp _ -> before.withStarted(true);
            case AppCommand.StopApp _ -> before.withStarted(false);
            case AppCommand.RestartApp _ -> before.withStarted(true).withVersion(version);
            case AppCommand.ScaleApp scale ->
                before.withInstances(scale.relative() ? before.instances() + scale.count() : scale.count());
            case AppCommand.MapRoute map -> before.withRoutes(with(before.routes(), map.route()));
            case AppCommand.UnmapRoute unmap -> {
                Set<String> rest = new TreeSet<>(before.routes());
                rest.remove(RouteName.check(unmap.route(), domain));
                yield before.withRoutes(rest);
            }
        };
    }

    private Wanted after(AppCommand.PutApp put, @Nullable Wanted before, long version) {
        Integer instances = put.instances();
        Boolean start = put.start();
        List<String> routes = put.routes();
        if (before == null) {
            Set<String> names = new TreeSet<>();
            for (String route : routes == null ? List.of(put.app()) : routes) {
                names.add(RouteName.check(route, domain));
            }
            return new Wanted(start == null || start, instances == null ? 1 : instances, names, version);
        }
        Set<String> names = new TreeSet<>(before.routes());
        for (String route : routes == null ? List.<String>of() : routes) {
            names.add(RouteName.check(route, domain));
        }
        return new Wanted(
                start == null ? before.started() : start,
                instances == null ? before.instances() : instances,
                names,
                put.release() == null ? before.version() : version);
    }

    private Set<String> with(Set<String> routes, String route) {
        Set<String> more = new TreeSet<>(routes);
        more.add(RouteName.check(route, domain));
        return more;
    }

    /** Compares what changed since the last time. */
    void checkTouched() {
        if (!touched.isEmpty()) {
            touched.forEach(this::check);
            touched.clear();
        }
    }

    /** Compares everything. */
    void checkAll() {
        apps.keySet().forEach(this::check);
        for (String name : store.apps().keySet()) {
            require(apps.containsKey(name), name, "no such app", "an app");
        }
    }

    private void check(String name) {
        Wanted wanted = apps.get(name);
        App row = store.app(name);
        if (wanted == null || row == null) {
            require(wanted == null && row == null, name, wanted, row);
            return;
        }
        require(wanted.instances() == row.instances(), name, wanted, row);
        require(List.copyOf(wanted.routes()).equals(row.routes()), name, wanted, row);
        if (wanted.started() != row.started()) {
            // An app whose first release did not come up is stopped, and people are told so.
            require(wanted.started() && row.liveVersion() == 0, name, wanted, row);
            apps.put(name, wanted.withStarted(false));
        }
        Release release = store.release(name, wanted.version());
        require(wanted.version() == 0 || release != null, name, wanted, row);
    }

    private static void require(boolean holds, String app, @Nullable Object wanted, @Nullable Object found) {
        if (!holds) {
            throw new Violation(INVARIANT, "app " + app + ": acknowledged was " + wanted + ", the truth is " + found);
        }
    }
}
