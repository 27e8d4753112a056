package holt.simulator;

import holt.model.App;
import holt.model.Placement;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.Release;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of each placement: its host has the tags, and nobody is there that the process must stay away from. And
 * by the same rules, whether a process that waits has any host to go to. A naive model. Owned by the simulation's thread.
 */
final class PlacementChecks {
    private static final String RULE = "placement-rules-hold";

    private final World world;
    private final Table table;
    /** By pid, kept beyond their apps: a row may be taken away after its release. */
    private final Map<Long, Long> memory = new HashMap<>();
    /** For each host, the rows that are promised room there. */
    private final Map<String, Set<Long>> onHost = new HashMap<>();

    PlacementChecks(World world, Table table) {
        this.world = world;
        this.table = table;
    }

    void account(Process row, int step) {
        String host = row.host();
        if (host != null && step > 0) {
            onHost.computeIfAbsent(host, none -> new HashSet<>()).add(row.pid());
        } else if (host != null) {
            onHost.getOrDefault(host, Set.of()).remove(row.pid());
        }
    }

    /** Remembered from the first time. */
    long memoryBytes(Process row) {
        return memory.computeIfAbsent(row.pid(), none -> world.store.memoryBytes(row));
    }

    /** After a commit: those placed by it. */
    void committed() {
        for (long pid : table.touched()) {
            Process row = table.find(pid);
            Process was = table.before(pid);
            boolean placed = row != null
                    && row.state() == ProcessState.STARTING
                    && (was == null || was.state() == ProcessState.WAITING);
            if (placed && row != null) {
                String obstacle = obstacle(row, String.valueOf(row.host()));
                if (obstacle != null) {
                    throw new Violation(RULE, obstacle + ": " + row);
                }
            }
        }
    }

    /** Whether it may go to any host that has the memory for it. */
    boolean isFree(Process row) {
        return rule(row).equals(Placement.ANYWHERE) && !world.store.isShunned(row.app());
    }

    /** Whether there is a host that could take a process that waits. */
    boolean fitsSomewhere(Process row) {
        for (SimulatedHost host : world.hosts) {
            long used = 0;
            for (long pid : onHost.getOrDefault(host.name, Set.of())) {
                Process there = table.find(pid);
                used += there == null ? 0 : memoryBytes(there);
            }
            if (used + memoryBytes(row) <= host.memoryBytes
                    && obstacle(row, host.name) == null
                    && !isShunnedOn(row, host.name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an app there asks to stay away from the process's. */
    private boolean isShunnedOn(Process row, String name) {
        return onHost.getOrDefault(name, Set.of()).stream()
                .map(table::find)
                .anyMatch(other -> other != null && !other.isForked() && asks(other.app(), row.app()));
    }

    private boolean asks(String name, String other) {
        App app = world.store.app(name);
        return app != null
                && (asks(world.store.release(name, app.targetVersion()), other)
                        || asks(world.store.release(name, app.liveVersion()), other));
    }

    private static boolean asks(@Nullable Release release, String other) {
        return release != null && release.placement().notWith().contains(other);
    }

    /** Why the process must not be on the host; null where it may. */
    private @Nullable String obstacle(Process row, String name) {
        Placement rule = rule(row);
        SimulatedHost host = world.host(name);
        if (host == null || !host.tags.containsAll(rule.tags())) {
            return name + " has not the tags " + rule.tags();
        }
        if (world.store.isDrained(name)) {
            return name + " is drained";
        }
        for (long pid : onHost.getOrDefault(name, Set.of())) {
            Process other = table.find(pid);
            if (other == null || pid == row.pid() || other.isForked() || !isActive(other)) {
                continue;
            }
            boolean same = other.app().equals(row.app());
            if (same && rule.apart() && !row.isForked() && other.index() != row.index()) {
                return "pid " + pid + " of the same app is on " + name;
            }
            if (!same && rule.notWith().contains(other.app())) {
                return "pid " + pid + " of " + other.app() + " is on " + name;
            }
        }
        return null;
    }

    private static boolean isActive(Process row) {
        return row.state() == ProcessState.STARTING || row.state() == ProcessState.RUNNING;
    }

    private Placement rule(Process row) {
        Release release = world.store.release(row.app(), row.version());
        return release == null ? Placement.ANYWHERE : release.placement();
    }
}
