package holt.simulator;

import holt.agent.InstanceKey;
import holt.kernel.AppStatus;
import holt.kernel.ClusterView;
import holt.kernel.ProcessStatus;
import holt.model.App;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.RouteUpdate;
import java.util.Optional;

/** Whether all is as it should be once nothing disturbs any more, and if not, in words what is not. Pure. */
final class Settlement {
    private Settlement() {}

    /** What is left to be done; empty when nothing is. */
    static Optional<String> open(World world) {
        Drift drift = Drift.of(world);
        if (drift.total() > 0) {
            return Optional.of(drift.missing() + " instances missing, " + drift.wrong() + " of another release, "
                    + drift.extra() + " too many");
        }
        ClusterView view = world.controller.decides() ? world.controller.view() : null;
        if (view == null) {
            return Optional.of("the controller does not decide");
        }
        for (AppStatus status : view.apps().values()) {
            Optional<String> app = Drift.isHealthy(world, status.app()) ? open(world, status) : Optional.empty();
            if (app.isPresent()) {
                return app;
            }
        }
        Optional<String> strange = strangeRoutes(world);
        return strange.isPresent() ? strange : Books.open(world, view);
    }

    private static Optional<String> open(World world, AppStatus status) {
        App app = status.app();
        int wanted = Drift.wanted(app);
        if (status.processes().size() != wanted) {
            return Optional.of("the table has " + status.processes().size() + " processes of " + app.name() + ", "
                    + wanted + " are wanted: " + status.processes());
        }
        for (ProcessStatus process : status.processes()) {
            if (process.process().state() != ProcessState.RUNNING) {
                return Optional.of("not running: " + process);
            }
        }
        for (ProcessStatus process : status.forked()) {
            if (!isAtRest(world, process.process())) {
                return Optional.of("neither running nor ended: " + process);
            }
        }
        for (Running running : world.reality.ofApp(app.name())) {
            if (!Drift.isInTable(world, running)) {
                return Optional.of("nobody knows of process " + running.key + " on host-" + running.host);
            }
        }
        for (String host : app.routes()) {
            RouteUpdate.Route right = new RouteUpdate.Route(host, app.name(), status.endpoints(), status.reason());
            for (SimulatedRouter router : world.routers) {
                if (!right.equals(router.find(host))) {
                    return Optional.of(router + " knows " + router.find(host) + ", the controller " + right);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isAtRest(World world, Process row) {
        return switch (row.state()) {
            case RUNNING -> world.reality.find(new InstanceKey(row.pid(), row.incarnation())) != null;
            case EXITED -> true;
            case WAITING, STARTING, STOPPING, LOST -> false;
        };
    }

    /** Host names that no app has, or another one than the router believes. */
    private static Optional<String> strangeRoutes(World world) {
        for (SimulatedRouter router : world.routers) {
            for (String host : router.hosts()) {
                RouteUpdate.Route known = router.find(host);
                App app = known == null || known.app() == null ? null : world.store.app(known.app());
                if (app == null || !app.routes().contains(host)) {
                    return Optional.of(router + " still leads " + host + " to " + known);
                }
            }
        }
        return Optional.empty();
    }
}
