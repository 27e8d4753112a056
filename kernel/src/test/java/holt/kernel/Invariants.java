package holt.kernel;

import holt.model.AgentRequest;
import holt.model.Endpoint;
import holt.model.Event;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.RouteUpdate;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What must hold after every step, whatever happens. Checked so often that plain comparisons are worth it. */
final class Invariants {
    private final World world;
    private final Map<Long, String> pidOwners = new HashMap<>();
    private final Map<String, Instant> firstAsked = new HashMap<>();
    private int eventsSeen;

    Invariants(World world) {
        this.world = world;
    }

    void check() {
        ClusterView view = world.cluster.snapshot();
        truthIsWhatTheBrainBelieves(view);
        parentsExistAndPidsAreNeverReused(view);
        oneReadyProcessAnInstanceAndRelease(view);
        endpointsBelongToTheirApp(view);
        memoryIsPromisedOnce(view);
        nothingIsCalledCrashedThatRuns();
        treesAreWhole(view);
        nothingIsOverlooked();
    }

    /** A plan for where something happened is a plan for all. */
    private void nothingIsOverlooked() {
        List<String> overlooked = world.cluster.overlooked();
        require(overlooked.isEmpty(), "overlooked", overlooked);
    }

    /** Every parent exists, nothing comes up below one that ends, and the bounds hold. */
    private void treesAreWhole(ClusterView view) {
        for (AppStatus app : view.apps().values()) {
            Map<Long, Process> group = new HashMap<>();
            app.processes().forEach(status -> group.put(status.process().pid(), status.process()));
            app.forked().forEach(status -> group.put(status.process().pid(), status.process()));
            TreeRule rule = TreeRule.standard();
            require(app.forked().size() <= rule.groupProcesses(), "quota", app.app());
            for (ProcessStatus status : app.forked()) {
                Process process = status.process();
                require(process.index() == -1 && process.isForked(), "forked", process);
                require(process.ppid() < process.pid(), "older parent", process);
                String owner = process.app() + "/-1/" + process.version();
                require(pidOwners.computeIfAbsent(process.pid(), fresh -> owner).equals(owner), "pid again", process);
                if (process.ppid() == app.app().supervisorPid()) {
                    boolean leaves = process.state() == ProcessState.STOPPING && process.afterStop() == null;
                    require(process.isDetached() || leaves, "below the root without being detached", process);
                } else {
                    belongsBelow(group.get(process.ppid()), process);
                }
            }
        }
    }

    private static void belongsBelow(Process parent, Process process) {
        require(parent != null, "parent is gone", process);
        boolean leaves = process.state() == ProcessState.STOPPING && process.afterStop() == null;
        switch (parent.state()) {
            case WAITING, EXITED, STOPPING -> require(leaves, "goes on below one that ended", process);
            case STARTING, RUNNING, LOST -> {}
        }
        require(
                parent.state() != ProcessState.LOST
                        || process.state() != ProcessState.STARTING
                        || process.host() != null,
                "placed below a lost parent",
                process);
    }

    /** A process of the table is asked to stop when those below it are gone, or were asked long ago. */
    void asked(AgentRequest request) {
        if (!(request instanceof AgentRequest.Stop stop)) {
            return;
        }
        Process asked = world.store.processes.get(stop.pid());
        if (asked != null && asked.incarnation() == stop.incarnation() && asked.state() == ProcessState.STOPPING) {
            world.store.processes.values().stream()
                    .filter(process -> process.ppid() == asked.pid())
                    .filter(process -> process.state() == ProcessState.STOPPING)
                    .forEach(child -> require(wasAskedLongAgo(child), "stopped before its child", asked));
            firstAsked.putIfAbsent(stop.pid() + "/" + stop.incarnation(), world.now());
        }
    }

    private boolean wasAskedLongAgo(Process child) {
        Instant first = firstAsked.get(child.pid() + "/" + child.incarnation());
        return first != null && !world.now().isBefore(first.plusSeconds(14));
    }

    private void truthIsWhatTheBrainBelieves(ClusterView view) {
        Map<Long, Process> believed = new TreeMap<>();
        view.processes().forEach(status -> believed.put(status.process().pid(), status.process()));
        require(world.store.processes.equals(believed), "process table", believed);
        view.apps().forEach((name, app) -> require(app.app().equals(world.store.apps.get(name)), "app", app));
        require(world.store.apps.size() == view.apps().size(), "apps", view.apps());
    }

    private void parentsExistAndPidsAreNeverReused(ClusterView view) {
        view.apps()
                .values()
                .forEach(app -> app.processes().forEach(status -> {
                    Process process = status.process();
                    require(process.ppid() == app.app().supervisorPid(), "parent", process);
                    String owner =
                            process.app() + "/" + process.index() + "/" + process.version() + "/" + process.ppid();
                    require(
                            pidOwners
                                    .computeIfAbsent(process.pid(), fresh -> owner)
                                    .equals(owner),
                            "pid used again",
                            process);
                }));
    }

    private void oneReadyProcessAnInstanceAndRelease(ClusterView view) {
        Set<String> ready = new HashSet<>();
        view.processes().stream()
                .map(ProcessStatus::process)
                .filter(process -> process.state() == ProcessState.RUNNING && process.index() >= 0)
                .forEach(process -> require(
                        ready.add(process.app() + "/" + process.index() + "/" + process.version()),
                        "second ready process",
                        process));
    }

    private void endpointsBelongToTheirApp(ClusterView view) {
        for (RouteUpdate.Route route : view.routes()) {
            require(route.endpoints().isEmpty() == (route.reason() != null), "reason", route);
            for (Endpoint endpoint : route.endpoints()) {
                require(endpoint.app().equals(route.app()), "endpoint of another app", route);
                require(pidOwners.get(endpoint.pid()).startsWith(route.app() + "/"), "endpoint of another app", route);
            }
        }
    }

    private void memoryIsPromisedOnce(ClusterView view) {
        Map<String, Long> promised = new HashMap<>();
        view.processes().forEach(status -> {
            String host = status.process().host();
            if (host != null) {
                promised.merge(host, status.memoryLimitBytes(), Long::sum);
            }
        });
        promised.forEach((host, bytes) -> world.agents.stream()
                .filter(agent -> agent.name.equals(host))
                .forEach(agent -> require(bytes <= agent.memoryBytes, "memory promised twice", host)));
    }

    private void nothingIsCalledCrashedThatRuns() {
        List<Event> fresh = world.store.events.subList(eventsSeen, world.store.events.size());
        for (Event event : fresh) {
            if (event.kind().equals(Event.PROCESS_CRASHED)) {
                String incarnation =
                        event.data().get("pid") + "/" + event.data().get("incarnation");
                require(
                        world.agents.stream().noneMatch(agent -> agent.runs(incarnation)),
                        "called crashed, but runs",
                        event);
            }
        }
        eventsSeen = world.store.events.size();
    }

    private static void require(boolean holds, String what, Object shown) {
        if (!holds) {
            throw new AssertionError(what + ": " + shown);
        }
    }
}
