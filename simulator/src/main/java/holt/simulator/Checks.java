package holt.simulator;

import holt.agent.InstanceKey;
import holt.kernel.Brain;
import holt.kernel.ClusterView;
import holt.kernel.Effect;
import holt.kernel.ProcessStatus;
import holt.model.Change;
import holt.model.Endpoint;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Process;
import holt.model.ProcessCommand;
import holt.model.ProcessState;
import holt.model.RouteUpdate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold after every step.
 *
 * <p>Most is checked with each step, of just what the step touched: rows with their commit, routes with their update,
 * programs with their start. A step that touched nothing of an invariant cannot have broken it. Two comparisons concern
 * all rows at once, brain with truth and truth with what was acknowledged: these are made in full every
 * {@link #fullEvery} rounds, after each restart of the brain and at the end, because comparing a thousand rows after each
 * report would be most of the run; between, acknowledged state is compared for each app that a commit touches. Owned by
 * the simulation's thread.
 */
final class Checks {
    private static final String START_TIMEOUT = Exit.Reason.START_TIMEOUT.name().toLowerCase(Locale.ROOT);
    private static final String BELIEVES = "the-brain-believes-the-truth";
    private static final int SHORTEST_PERIOD = 100;

    private record Owner(String app, int index, long version) {}

    private final World world;
    private final Map<Long, Owner> owners = new HashMap<>();
    private final Table table = new Table();
    private final TreeChecks trees;
    private final PlacementChecks placements;
    private final Map<Reality.Seat, Set<Long>> ready = new HashMap<>();
    private final Map<String, Long> promised = new HashMap<>();
    private final Set<String> touchedHosts = new HashSet<>();
    private final Set<Reality.Seat> touchedSeats = new HashSet<>();
    private long made;
    private long rounds;

    Checks(World world) {
        this.world = world;
        this.trees = new TreeChecks(world, table);
        this.placements = new PlacementChecks(world, table);
    }

    /** The process table as the truth has it. */
    Table table() {
        return table;
    }

    PlacementChecks placements() {
        return placements;
    }

    /** Number of checks so far. */
    long made() {
        return made;
    }

    void began(Running fresh, int generation) {
        made += 3;
        world.reality.began(fresh, generation);
        world.say("%s/%d starts on host-%d (process %s)", fresh.spec.app(), fresh.spec.index(), fresh.host, fresh.key);
    }

    void ended(Running gone) {
        world.reality.ended(gone);
        world.say("%s/%d has ended on host-%d (process %s)", gone.spec.app(), gone.spec.index(), gone.host, gone.key);
    }

    /** The truth changed. */
    void committed(List<Change> changes) {
        List<Process> doomed = trees.doomed(changes);
        for (Change change : changes) {
            switch (change) {
                case Change.PutApp put -> world.expectations.touch(put.app().name());
                case Change.DeleteApp delete -> deleted(delete.name());
                case Change.PutRelease _ -> {}
                case Change.PutProcess put -> put(put.process());
                case Change.DeleteProcess delete -> remove(delete.pid());
                case Change.PutDrain _, Change.DeleteDrain _ -> {}
                case Change.AddEvent add -> happened(add.event());
            }
        }
        trees.committed(doomed);
        placements.committed();
        table.commitIsOver();
        touchedSeats.forEach(this::oneReadyProcess);
        touchedHosts.forEach(this::memoryIsPromisedOnce);
        touchedSeats.clear();
        touchedHosts.clear();
    }

    private void deleted(String app) {
        world.expectations.touch(app);
        List.copyOf(table.ofApp(app)).forEach(row -> remove(row.pid()));
    }

    private void put(Process row) {
        remove(row.pid());
        table.put(row);
        account(row, 1);
        Owner owner = new Owner(row.app(), row.index(), row.version());
        Owner before = owners.putIfAbsent(row.pid(), owner);
        require(before == null || before.equals(owner), "pids-are-never-used-again", row);
    }

    private void remove(long pid) {
        Process row = table.remove(pid);
        if (row != null) {
            account(row, -1);
        }
    }

    private void account(Process row, int step) {
        placements.account(row, step);
        String host = row.host();
        if (host != null) {
            promised.merge(host, step * placements.memoryBytes(row), Long::sum);
            touchedHosts.add(host);
        }
        if (row.state() == ProcessState.RUNNING && !row.isForked()) {
            Reality.Seat seat = new Reality.Seat(row.app(), row.index(), row.version());
            Set<Long> pids = ready.computeIfAbsent(seat, none -> new HashSet<>(2));
            if (step > 0) {
                pids.add(row.pid());
                touchedSeats.add(seat);
            } else {
                pids.remove(row.pid());
            }
            if (pids.isEmpty()) {
                ready.remove(seat);
            }
        }
    }

    private void oneReadyProcess(Reality.Seat seat) {
        Set<Long> pids = ready.get(seat);
        if (pids != null && pids.size() > 1) {
            throw new Violation("one-ready-process-an-instance", seat + " has " + pids);
        }
        made++;
    }

    private void memoryIsPromisedOnce(String name) {
        SimulatedHost host = world.host(name);
        long bytes = promised.getOrDefault(name, 0L);
        if (host != null && bytes > host.memoryBytes) {
            throw new Violation("memory-is-promised-once", name + ": " + bytes + " bytes are promised");
        }
        made++;
    }

    private void happened(Event event) {
        world.count(event);
        world.say("%s", event.message());
        if (event.kind().equals(Event.PROCESS_CRASHED)) {
            trees.crashed(event);
        }
        if (event.kind().equals(Event.PROCESS_CRASHED)
                && !START_TIMEOUT.equals(event.data().get("reason"))) {
            InstanceKey key = new InstanceKey(
                    Long.parseLong(event.data().getOrDefault("pid", "0")),
                    Integer.parseInt(event.data().getOrDefault("incarnation", "0")));
            require(world.reality.find(key) == null, "what-runs-is-not-called-crashed", event);
        }
    }

    /** Routes that the controller tells. */
    void published(RouteUpdate update) {
        routesAreRight(update.routes());
    }

    /** Routes that a router took in. */
    void heard(List<RouteUpdate.Route> routes) {
        routesAreRight(routes);
    }

    private void routesAreRight(List<RouteUpdate.Route> routes) {
        for (RouteUpdate.Route route : routes) {
            for (Endpoint endpoint : route.endpoints()) {
                Owner owner = owners.get(endpoint.pid());
                require(
                        endpoint.app().equals(route.app())
                                && owner != null
                                && owner.app().equals(route.app()),
                        "a-route-leads-to-its-own-app",
                        route);
            }
        }
    }

    /** The brain was made anew. */
    void restarted() {
        trees.restarted();
        world.expectations.checkAll();
        made++;
    }

    /** A round is over: its changes are committed, its answers given. */
    void acted(@Nullable Brain brain) {
        made++;
        world.expectations.checkTouched();
        rounds++;
        if (brain != null && rounds % fullEvery() == 0) {
            everything(brain);
        }
    }

    /** So that full comparisons cost about as much as the rounds between them. */
    long fullEvery() {
        return Math.max(SHORTEST_PERIOD, table.size());
    }

    void everything(Brain brain) {
        made++;
        world.expectations.checkAll();
        ClusterView view = brain.snapshot();
        int count = 0;
        for (ProcessStatus status : view.processes()) {
            Process believed = status.process();
            count++;
            Process committed = world.store.process(believed.pid());
            if (!believed.equals(committed)) {
                throw new Violation(BELIEVES, believed + " is in the truth " + committed);
            }
        }
        if (count != world.store.processes().size()) {
            throw new Violation(
                    BELIEVES,
                    count + " processes are believed in, of "
                            + world.store.processes().size());
        }
        view.apps().forEach((name, app) -> require(app.app().equals(world.store.app(name)), BELIEVES, app.app()));
        require(view.apps().size() == world.store.apps().size(), BELIEVES, "number of apps");
    }

    /** A command to processes was answered: what it did is in the truth. */
    void acknowledged(ProcessCommand command, Effect.Reply reply) {
        String invariant = Expectations.INVARIANT;
        switch (command) {
            case ProcessCommand.Fork fork -> {
                require(reply.pids().size() <= fork.count() || !reply.created(), invariant, command);
                reply.pids().forEach(pid -> require(wasMade(pid), invariant, command));
            }
            case ProcessCommand.Detach detach -> {
                Process row = table.find(detach.pid());
                require(row == null || row.isDetached(), invariant, command);
            }
            case ProcessCommand.Reap reap -> require(table.find(reap.pid()) == null, invariant, command);
            case ProcessCommand.Kill kill -> {
                Process row = table.find(kill.pid());
                boolean ends =
                        row == null || row.state() == ProcessState.STOPPING || row.state() == ProcessState.EXITED;
                require(ends, invariant, command);
            }
        }
    }

    private boolean wasMade(long pid) {
        return owners.containsKey(pid);
    }

    void require(boolean holds, String invariant, Object shown) {
        made++;
        if (!holds) {
            throw new Violation(invariant, String.valueOf(shown));
        }
    }
}
