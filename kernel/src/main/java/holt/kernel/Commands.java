package holt.kernel;

import holt.model.App;
import holt.model.AppCommand;
import holt.model.AppName;
import holt.model.CheckRules;
import holt.model.Drain;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.Limits;
import holt.model.MemorySize;
import holt.model.Placement;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Release;
import holt.model.RouteName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What people ask of apps. Each command is checked as a whole before anything is changed; a refusal leaves no trace.
 */
final class Commands {
    private final State state;
    private final Rollout rollout;
    private final Endings endings;
    private final RouteTable routes;
    private final Rebalancing rebalancing;
    private final Draining draining;

    /** What a command came to. */
    record Outcome(boolean created, long version) {}

    Commands(
            State state,
            Rollout rollout,
            Endings endings,
            RouteTable routes,
            Rebalancing rebalancing,
            Draining draining) {
        this.state = state;
        this.rollout = rollout;
        this.endings = endings;
        this.routes = routes;
        this.rebalancing = rebalancing;
        this.draining = draining;
    }

    /** Does it, or throws a {@link ProblemException} and has changed nothing. */
    Outcome handle(AppCommand command) {
        return switch (command) {
            case AppCommand.PutApp put -> state.app(put.app()) == null ? create(put) : change(put);
            case AppCommand.ChangeRelease change -> changeRelease(change);
            case AppCommand.DeleteApp delete -> delete(delete);
            case AppCommand.StartApp start -> start(start);
            case AppCommand.StopApp stop -> stop(stop);
            case AppCommand.RestartApp restart -> restart(restart);
            case AppCommand.ScaleApp scale -> scale(scale);
            case AppCommand.MapRoute map -> map(map);
            case AppCommand.UnmapRoute unmap -> unmap(unmap);
            case AppCommand.Rebalance rebalance -> rebalance();
            case AppCommand.DrainHost drain -> drain(drain);
            case AppCommand.UndrainHost undrain -> undrain(undrain);
            case AppCommand.NoteAccess note -> note(note);
        };
    }

    private Outcome create(AppCommand.PutApp put) {
        if (!put.create()) {
            throw notFound(put.app());
        }
        String name = AppName.check(put.app());
        int instances = checkInstances(put.instances() == null ? 1 : put.instances());
        List<String> wanted = put.routes() == null ? List.of(name) : put.routes();
        List<String> names = checkRoutes(wanted, name);
        check(put.release());
        boolean started = put.start() == null || put.start();
        App row = new App(name, state.nextPid(), started, instances, names, 0, 0, state.now, state.now);
        AppEntry app = new AppEntry(row);
        state.apps.put(name, app);
        names.forEach(route -> state.routeOwners.put(route, name));
        state.put(app, row);
        say(app, Event.APP_CREATED, put.actor(), "App " + name + " was created", Map.of());
        if (put.release() != null) {
            rollout.begin(app, rollout.candidate(app, put.release(), put.actor()));
        }
        return new Outcome(true, app.row.targetVersion());
    }

    private Outcome change(AppCommand.PutApp put) {
        AppEntry app = existing(put.app());
        int instances = checkInstances(put.instances() == null ? app.row.instances() : put.instances());
        List<String> added = put.routes() == null ? List.of() : checkRoutes(put.routes(), app.name());
        check(put.release());
        boolean started = put.start() == null ? app.row.started() : put.start();
        TreeSet<String> names = new TreeSet<>(app.row.routes());
        names.addAll(added);
        names.forEach(route -> state.routeOwners.put(route, app.name()));
        App row = app.row
                .withInstances(instances, state.now)
                .withRoutes(List.copyOf(names), state.now)
                .withStarted(started, state.now);
        state.put(app, row);
        Release candidate = put.release() == null ? null : rollout.candidate(app, put.release(), put.actor());
        boolean same = candidate == null || (started && !app.row.isRolling() && Rollout.isSame(candidate, app.live()));
        say(
                app,
                Event.APP_UPDATED,
                put.actor(),
                "App " + app.name() + " was updated" + (candidate != null && same ? "; its release is unchanged" : ""),
                Map.of("instances", Integer.toString(instances)));
        if (candidate != null && !same) {
            rollout.begin(app, candidate);
        }
        if (candidate != null && same) {
            forgive(app);
        }
        return new Outcome(false, app.row.targetVersion());
    }

    private Outcome changeRelease(AppCommand.ChangeRelease change) {
        AppEntry app = existing(change.app());
        Release base = released(app);
        if (change.expectedVersion() != app.row.targetVersion()) {
            throw Problem.of(
                            ErrorCode.CONFLICT,
                            "App " + app.name() + " has had another release since you looked at it.")
                    .expected("release " + change.expectedVersion(), "release " + app.row.targetVersion())
                    .remedy("Look again, then repeat your change.")
                    .exception();
        }
        AppCommand.Settings settings = change.settings();
        AppCommand.ReleaseContent content = new AppCommand.ReleaseContent(
                base.droplet(),
                base.buildpack(),
                settings.command() == null ? base.command() : settings.command(),
                settings.environment(),
                settings.limits(),
                settings.readiness(),
                settings.placement(),
                settings.lifecycle(),
                settings.stack());
        check(content);
        say(app, Event.APP_UPDATED, change.actor(), "The settings of " + app.name() + " were changed", Map.of());
        rollout.begin(app, rollout.candidate(app, content, change.actor()));
        return new Outcome(false, app.row.targetVersion());
    }

    private Outcome delete(AppCommand.DeleteApp delete) {
        AppEntry app = existing(delete.app());
        endings.abandonForked(app);
        List.copyOf(app.slots.values()).forEach(endings::abandon);
        app.row.routes().forEach(this::free);
        state.apps.remove(app.name());
        state.outbox.deleteApp(app.name());
        state.changedApps.add(app.name());
        say(app, Event.APP_DELETED, delete.actor(), "App " + app.name() + " was deleted", Map.of());
        return new Outcome(false, app.row.targetVersion());
    }

    private void free(String route) {
        state.routeOwners.remove(route);
        routes.remove(route);
    }

    private Outcome start(AppCommand.StartApp start) {
        AppEntry app = existing(start.app());
        released(app);
        state.put(app, app.row.withStarted(true, state.now));
        forgive(app);
        say(app, Event.APP_STARTED, start.actor(), "App " + app.name() + " was started", Map.of());
        return new Outcome(false, app.row.targetVersion());
    }

    private Outcome stop(AppCommand.StopApp stop) {
        AppEntry app = existing(stop.app());
        state.put(app, app.row.withStarted(false, state.now));
        say(app, Event.APP_STOPPED, stop.actor(), "App " + app.name() + " was stopped", Map.of());
        return new Outcome(false, app.row.targetVersion());
    }

    private Outcome restart(AppCommand.RestartApp restart) {
        AppEntry app = existing(restart.app());
        Release base = released(app);
        state.put(app, app.row.withStarted(true, state.now));
        say(app, Event.APP_STARTED, restart.actor(), "App " + app.name() + " is restarted", Map.of());
        rollout.begin(app, rollout.again(app, base, restart.actor()));
        return new Outcome(false, app.row.targetVersion());
    }

    private Outcome scale(AppCommand.ScaleApp scale) {
        AppEntry app = existing(scale.app());
        long wanted = scale.relative() ? (long) app.row.instances() + scale.count() : scale.count();
        int instances = checkInstances(wanted);
        state.put(app, app.row.withInstances(instances, state.now));
        say(
                app,
                Event.APP_SCALED,
                scale.actor(),
                "App " + app.name() + " was scaled to " + Sentences.count(instances, "instance"),
                Map.of("instances", Integer.toString(instances)));
        return new Outcome(false, app.row.targetVersion());
    }

    private Outcome rebalance() {
        rebalancing.begin();
        return new Outcome(false, 0);
    }

    private Outcome drain(AppCommand.DrainHost drain) {
        String host = knownHost(drain.host());
        boolean before = state.hosts.isDrained(host);
        draining.begin(new Drain(host, drain.force(), state.now, drain.actor()));
        if (!before) {
            sayOfHost(Event.HOST_DRAINING, host, "is drained", drain.actor());
        }
        return new Outcome(!before, 0);
    }

    private Outcome undrain(AppCommand.UndrainHost undrain) {
        String host = knownHost(undrain.host());
        if (state.hosts.isDrained(host)) {
            draining.end(host);
            sayOfHost(Event.HOST_UNDRAINED, host, "takes processes again", undrain.actor());
        }
        return new Outcome(false, 0);
    }

    private void sayOfHost(String kind, String host, String what, String actor) {
        state.event(
                "",
                kind,
                "Host " + host + " " + what + ", asked for by " + actor,
                Map.of("host", host, "actor", actor));
    }

    private String knownHost(String name) {
        if (state.hosts.find(name) != null || state.hosts.isDrained(name)) {
            return name;
        }
        String shown = Sentences.brief(name).replaceAll("\\p{Cntrl}", "?");
        Problem problem = Problem.of(ErrorCode.HOST_NOT_FOUND, "There is no host named '" + shown + "'.");
        List<String> names = state.hosts.all().stream().map(host -> host.name).toList();
        throw Names.nearest(name, names)
                .map(near -> problem.remedy("Did you mean '" + near + "'?"))
                .orElse(problem.remedy("'holt hosts' lists the hosts there are."))
                .exception();
    }

    private Outcome map(AppCommand.MapRoute map) {
        AppEntry app = existing(map.app());
        String route = checkRoutes(List.of(map.route()), app.name()).getFirst();
        List<String> names = new ArrayList<>(app.row.routes());
        names.add(route);
        state.routeOwners.put(route, app.name());
        state.put(app, app.row.withRoutes(names, state.now));
        say(app, Event.ROUTE_MAPPED, map.actor(), route + " leads to " + app.name(), Map.of("route", route));
        return new Outcome(false, app.row.targetVersion());
    }

    private Outcome unmap(AppCommand.UnmapRoute unmap) {
        AppEntry app = existing(unmap.app());
        String route = RouteName.check(unmap.route(), state.settings.domain());
        if (!app.row.routes().contains(route)) {
            Problem problem = Problem.of(ErrorCode.ROUTE_NOT_FOUND, route + " does not lead to " + app.name() + ".")
                    .expected(
                            app.row.routes().isEmpty()
                                    ? "nothing: it has no route"
                                    : String.join(", ", app.row.routes()),
                            route);
            throw Names.nearest(route, app.row.routes())
                    .map(near -> problem.remedy("Did you mean " + near + "?"))
                    .orElse(problem)
                    .exception();
        }
        free(route);
        List<String> names =
                app.row.routes().stream().filter(name -> !name.equals(route)).toList();
        state.put(app, app.row.withRoutes(names, state.now));
        say(
                app,
                Event.ROUTE_UNMAPPED,
                unmap.actor(),
                route + " leads to " + app.name() + " no longer",
                Map.of("route", route));
        return new Outcome(false, app.row.targetVersion());
    }

    private void forgive(AppEntry app) {
        List.copyOf(app.slots.values()).forEach(endings::forgive);
    }

    private Outcome note(AppCommand.NoteAccess note) {
        AppEntry app = existing(note.app());
        say(app, note.kind(), note.actor(), note.what(), note.data());
        return new Outcome(false, app.row.targetVersion());
    }

    private void say(AppEntry app, String kind, String actor, String what, Map<String, String> more) {
        Map<String, String> data = new HashMap<>(more);
        data.put("actor", actor);
        state.event(app.name(), kind, what + " by " + actor, data);
    }

    private AppEntry existing(String name) {
        AppEntry app = state.app(name);
        if (app == null) {
            throw notFound(name);
        }
        return app;
    }

    private ProblemException notFound(String name) {
        String shown = Sentences.brief(name).replaceAll("\\p{Cntrl}", "?");
        Problem problem = Problem.of(ErrorCode.APP_NOT_FOUND, "There is no app named '" + shown + "'.");
        return Names.nearest(name, state.apps.keySet())
                .map(near -> problem.remedy("Did you mean '" + near + "'?"))
                .orElse(problem.remedy("'holt apps' lists the apps there are."))
                .exception();
    }

    private static Release released(AppEntry app) {
        Release target = app.target();
        if (target == null) {
            throw Problem.of(ErrorCode.APP_HAS_NO_RELEASE, "App " + app.name() + " has nothing to run yet.")
                    .remedy("Push it first: holt push " + app.name())
                    .exception();
        }
        return target;
    }

    private static int checkInstances(long instances) {
        if (instances < 0 || instances > App.MAX_INSTANCES) {
            throw Problem.of(ErrorCode.INSTANCES_INVALID, "An app cannot have " + instances + " instances.")
                    .expected("0 to " + App.MAX_INSTANCES, Long.toString(instances))
                    .exception();
        }
        return (int) instances;
    }

    private List<String> checkRoutes(List<String> wanted, String app) {
        List<String> names = new ArrayList<>();
        for (String each : wanted) {
            String route = RouteName.check(each, state.settings.domain());
            String owner = state.routeOwners.get(route);
            if (owner != null && !owner.equals(app)) {
                throw Problem.of(ErrorCode.ROUTE_TAKEN, route + " leads to the app " + owner + " already.")
                        .expected("a route of no other app", route)
                        .remedy("Choose another one, or free it: holt unmap " + owner + " " + route)
                        .exception();
            }
            names.add(route);
        }
        return names.stream().distinct().toList();
    }

    private static void check(AppCommand.@Nullable ReleaseContent content) {
        Placement placement = content == null ? null : content.placement();
        if (placement != null) {
            placement.check();
        }
        if (content != null && content.readiness() != null) {
            CheckRules.check(content.readiness());
        }
        if (content != null && content.lifecycle() != null) {
            CheckRules.check(content.lifecycle());
        }
        Limits limits = content == null ? null : content.limits();
        if (limits == null) {
            return;
        }
        MemorySize.check(limits.memoryBytes());
        boolean disk = limits.diskBytes() >= 0 && limits.diskBytes() <= Limits.MAX_DISK_BYTES;
        boolean speeds = limits.files() >= 0 && limits.networkBytesPerSecond() >= 0 && limits.ioBytesPerSecond() >= 0;
        if (limits.cpuMillis() < 0 || limits.pids() < 1 || !disk || !speeds) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "The limits cannot be used.")
                    .expected(
                            "a cpu quota, files and speeds of at least 0, at least 1 pid, and a disk of 0 to "
                                    + MemorySize.format(Limits.MAX_DISK_BYTES),
                            limits.toString())
                    .exception();
        }
    }
}
