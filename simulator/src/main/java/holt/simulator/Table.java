package holt.simulator;

import holt.model.Process;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The process table as the truth has it, by pid, app and parent, and what a commit under way has touched of it. Owned by
 * the simulation's thread.
 */
final class Table {
    private final Map<Long, Process> rows = new HashMap<>();
    private final Map<String, Map<Long, Process>> byApp = new HashMap<>();
    private final Map<Long, Set<Long>> children = new HashMap<>();
    /** The rows before the commit under way, of the pids it touches; empty for one that was not there. */
    private final Map<Long, java.util.Optional<Process>> before = new LinkedHashMap<>();

    int size() {
        return rows.size();
    }

    @Nullable
    Process find(long pid) {
        return rows.get(pid);
    }

    Collection<Process> ofApp(String app) {
        Map<Long, Process> found = byApp.get(app);
        return found == null ? Set.of() : found.values();
    }

    /** Pids of those whose parent this is. */
    Set<Long> children(long pid) {
        return children.getOrDefault(pid, Set.of());
    }

    /** Pids that the commit under way touches. */
    Set<Long> touched() {
        return before.keySet();
    }

    /** A row as it was before the commit under way. */
    @Nullable
    Process before(long pid) {
        java.util.Optional<Process> was = before.get(pid);
        return was == null ? rows.get(pid) : was.orElse(null);
    }

    void commitIsOver() {
        before.clear();
    }

    void put(Process row) {
        remove(row.pid());
        rows.put(row.pid(), row);
        byApp.computeIfAbsent(row.app(), none -> new HashMap<>()).put(row.pid(), row);
        children.computeIfAbsent(row.ppid(), none -> new HashSet<>()).add(row.pid());
    }

    @Nullable
    Process remove(long pid) {
        Process row = rows.remove(pid);
        before.putIfAbsent(pid, java.util.Optional.ofNullable(row));
        if (row != null) {
            drop(byApp, row.app(), pid);
            Set<Long> siblings = children.get(row.ppid());
            if (siblings != null && siblings.remove(pid) && siblings.isEmpty()) {
                children.remove(row.ppid());
            }
        }
        return row;
    }

    private static void drop(Map<String, Map<Long, Process>> index, String app, long pid) {
        Map<Long, Process> ofApp = index.get(app);
        if (ofApp != null && ofApp.remove(pid) != null && ofApp.isEmpty()) {
            index.remove(app);
        }
    }
}
