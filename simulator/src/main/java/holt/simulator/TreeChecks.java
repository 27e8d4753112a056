package holt.simulator;

import holt.agent.InstanceKey;
import holt.model.AfterStop;
import holt.model.Change;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Keeping;
import holt.model.Process;
import holt.model.ProcessState;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of trees of processes after each commit, of the rows it touched: every parent exists, nobody comes up
 * below one that is on its way out, what was killed never comes back and is soon gone, bounds and limits of restarts
 * hold. A naive model: it knows only the truth and its events. Owned by the simulation's thread.
 */
final class TreeChecks {
    static final String PARENT = "every-parent-exists";
    static final String BELOW = "nobody-comes-up-below-one-that-leaves";
    static final String KILLED = "killing-a-root-leaves-nothing";
    static final String BOUNDS = "bounds-of-trees-hold";
    static final String RESTARTS = "restarts-are-limited";
    private static final String UNKNOWN = Exit.Reason.UNKNOWN.name().toLowerCase(Locale.ROOT);

    private final World world;
    private final Table table;
    private final Set<Long> gone = new HashSet<>();
    private final Set<Long> killed = new HashSet<>();
    private final Map<Long, Deque<Instant>> restarts = new HashMap<>();
    private final Map<Long, Integer> crashed = new HashMap<>();

    TreeChecks(World world, Table table) {
        this.world = world;
        this.table = table;
    }

    /** The brain was made anew: how often it restarted what is soft, and forgotten. */
    void restarted() {
        restarts.clear();
    }

    /** Before a commit: who goes with each that is killed in it. */
    List<Process> doomed(List<Change> changes) {
        List<Process> doomed = new ArrayList<>();
        for (Change change : changes) {
            if (change instanceof Change.AddEvent add && add.event().kind().equals(Event.PROCESS_KILLED)) {
                Process root = table.find(pid(add.event()));
                if (root != null) {
                    doomed.add(root);
                }
            }
        }
        for (int at = 0; at < doomed.size(); at++) {
            for (long child : table.children(doomed.get(at).pid())) {
                Process row = table.find(child);
                if (row != null && !outlives(row)) {
                    doomed.add(row);
                }
            }
        }
        return doomed;
    }

    private static boolean outlives(Process row) {
        return row.isDetached() && row.state() != ProcessState.STOPPING;
    }

    private static long pid(Event event) {
        return Long.parseLong(event.data().getOrDefault("pid", "0"));
    }

    /** An end that nobody asked for. */
    void crashed(Event event) {
        if (!UNKNOWN.equals(event.data().get("reason"))) {
            crashed.put(pid(event), Integer.parseInt(event.data().getOrDefault("incarnation", "0")));
        }
    }

    /** After a commit. */
    void committed(List<Process> doomed) {
        kill(doomed);
        for (long pid : table.touched()) {
            Process row = table.find(pid);
            Process was = table.before(pid);
            if (row == null) {
                if (was != null) {
                    removed(was);
                }
            } else {
                require(!gone.contains(pid), "pids-are-never-used-again", row);
                require(!killed.contains(pid) || !comesUp(row.state()), KILLED, row);
                parentExists(row);
                if (was != null && countsAnew(was, row)) {
                    restarts.remove(pid);
                }
                if (row.isForked()) {
                    forked(row, was);
                }
                if (!mayHaveChildren(row.state())) {
                    table.children(pid).forEach(child -> comesNotUpBelow(row, table.find(child)));
                }
            }
        }
        crashed.forEach(this::restartIsAllowed);
        crashed.clear();
    }

    private static boolean countsAnew(Process was, Process row) {
        return was.incarnation() != row.incarnation() || !Objects.equals(was.keeping(), row.keeping());
    }

    private void removed(Process was) {
        gone.add(was.pid());
        restarts.remove(was.pid());
        require(table.children(was.pid()).isEmpty(), PARENT, was);
    }

    /** One that was detached in the same commit outlives its parent, with all below it. */
    private void kill(List<Process> doomed) {
        Set<Long> spared = new HashSet<>();
        for (Process row : doomed) {
            Process now = table.find(row.pid());
            if (spared.contains(row.ppid()) || (now != null && outlives(now))) {
                spared.add(row.pid());
            } else if (killed.add(row.pid())) {
                require(now == null || !comesUp(now.state()), KILLED, row);
                InstanceKey key = new InstanceKey(row.pid(), row.incarnation());
                long since = world.agenda.now();
                world.agenda.after(patienceMillis(), () -> isGone(key, since));
            }
        }
    }

    /** Children first, each with its grace; only time in which nothing disturbed its host counts. */
    private void isGone(InstanceKey key, long since) {
        Running running = world.reality.find(key);
        if (running != null) {
            long waited = world.agenda.now() - Math.max(since, world.disturbances.quietSince(running.host));
            require(waited < patienceMillis(), KILLED, running.spec);
            world.agenda.after(patienceMillis() - waited, () -> isGone(key, since));
        }
    }

    private long patienceMillis() {
        return world.settings
                        .stopGrace()
                        .plus(world.settings.trees().stopMargin())
                        .multipliedBy(world.settings.trees().depth() + 1L)
                        .plus(world.settings.lease())
                        .plus(world.settings.drainLimit())
                        .toMillis()
                + 6 * SimulatedHost.REPORT_MILLIS;
    }

    private static boolean comesUp(ProcessState state) {
        return switch (state) {
            case WAITING, STARTING, RUNNING -> true;
            case STOPPING, EXITED, LOST -> false;
        };
    }

    private static boolean mayHaveChildren(ProcessState state) {
        return switch (state) {
            case STARTING, RUNNING, LOST -> true;
            case WAITING, STOPPING, EXITED -> false;
        };
    }

    private void parentExists(Process row) {
        var app = world.store.app(row.app());
        Process parent = table.find(row.ppid());
        boolean atRoot = app != null && app.supervisorPid() == row.ppid();
        boolean below = row.isForked()
                && parent != null
                && parent.app().equals(row.app())
                && parent.pid() < row.pid()
                && row.version() == parent.version();
        require(atRoot || below, PARENT, row);
    }

    private void forked(Process row, @Nullable Process was) {
        if (was == null) {
            long there =
                    table.ofApp(row.app()).stream().filter(Process::isForked).count();
            require(there <= world.settings.trees().groupProcesses(), BOUNDS, row);
            require(depth(row) <= world.settings.trees().depth() + 1, BOUNDS, row);
        } else if (was.ppid() != row.ppid()) {
            require(
                    row.isDetached() || row.state() == ProcessState.STOPPING,
                    "only-those-that-may-change-parents",
                    row);
        }
        Process parent = table.find(row.ppid());
        if (parent != null) {
            if (!mayHaveChildren(parent.state())) {
                comesNotUpBelow(parent, row);
            }
        }
    }

    private int depth(Process row) {
        int depth = 0;
        for (Process each = row; each != null; each = table.find(each.ppid())) {
            depth++;
        }
        return depth;
    }

    private void comesNotUpBelow(Process parent, @Nullable Process child) {
        boolean comes = child != null
                && (comesUp(child.state())
                        || child.state() == ProcessState.LOST
                        || (child.state() == ProcessState.STOPPING && child.afterStop() == AfterStop.RESTART));
        require(!comes, BELOW, child + " below " + parent);
    }

    private static Keeping keepingOf(Process parent) {
        Keeping keeping = parent.keeping();
        return keeping == null ? Keeping.standard() : keeping;
    }

    /** A child that crashed in this commit and waits again was restarted, which counts against its parent's limit. */
    private void restartIsAllowed(long pid, int incarnation) {
        Process row = table.find(pid);
        Process parent = row == null || !row.isForked() ? null : table.find(row.ppid());
        Process before = parent == null ? null : table.before(parent.pid());
        boolean away = before == null || before.state() == ProcessState.LOST;
        if (row == null || parent == null || away || row.incarnation() == incarnation) {
            return;
        }
        if (row.state() != ProcessState.WAITING && row.state() != ProcessState.STARTING) {
            return;
        }
        Keeping keeping = keepingOf(parent);
        Deque<Instant> past = restarts.computeIfAbsent(parent.pid(), none -> new ArrayDeque<>());
        past.addLast(row.stateSince());
        Instant begin = row.stateSince().minus(keeping.period());
        past.removeIf(moment -> !moment.isAfter(begin));
        require(past.size() <= keeping.maxRestarts(), RESTARTS, past + " below " + parent);
    }

    private void require(boolean holds, String invariant, Object shown) {
        world.checks.require(holds, invariant, shown);
    }
}
