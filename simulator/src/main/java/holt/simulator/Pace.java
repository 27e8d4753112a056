package holt.simulator;

import holt.agent.InstanceKey;
import holt.kernel.Input;
import holt.model.Change;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Process;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must not be done too soon, too often or without cause, seen from the truth: starts come no faster than allowed and
 * not at once after many crashes, nothing lost is replaced by a brain that has only begun to listen, a start is given up
 * only if that very start was refused, and of what is served nothing lost is kept. Owned by the simulation's thread.
 */
final class Pace {
    private static final Duration WINDOW = Duration.ofSeconds(10);
    /** From here on even the most patient rule waits before it starts again what crashed. */
    private static final int MANY_CRASHES = 3;

    private static final Duration SHORTEST_DELAY = Duration.ofSeconds(1);
    private static final Set<String> ENDS =
            Set.of(Event.PROCESS_CRASHED, Event.PROCESS_LOST, Event.PROCESS_EXITED, Event.PROCESS_STOPPING);

    private final World world;
    private final Map<Long, Process> rows = new HashMap<>();
    private final Map<String, Set<Long>> pidsOfApp = new HashMap<>();
    private final Map<Reality.Seat, Set<Long>> seats = new HashMap<>();
    private final Map<Long, Instant> crashedAt = new HashMap<>();
    private final Set<InstanceKey> refused = new HashSet<>();
    private final ArrayDeque<Instant> starts = new ArrayDeque<>();
    private long beganAt;
    private boolean clockSet;

    Pace(World world) {
        this.world = world;
    }

    /** A brain begins: of its predecessor's turns it knows nothing. */
    void began() {
        if (clockSet) {
            clockWasSet();
            clockSet = false;
        }
        beganAt = world.agenda.now();
        starts.clear();
    }

    /**
     * The controller's clock was set: what it showed before cannot be compared with what it shows from now on. A brain
     * that remembers the later time goes on from it, and only the next one starts with the earlier.
     */
    void clockWasSet() {
        crashedAt.clear();
        clockSet = true;
    }

    /** The brain is told something. */
    void told(Input input) {
        switch (input) {
            case Input.StartRefused refusal -> refused.add(new InstanceKey(refusal.pid(), refusal.incarnation()));
            case Input.ProcessReported reported -> told(reported.report());
            case Input.HostReported reported -> reported.report().processes().forEach(this::told);
            default -> {}
        }
    }

    /** A program that could not be started at all was refused by its host. */
    private void told(ProcessReport report) {
        Exit exit = report.exit();
        if (exit != null && exit.reason() == Exit.Reason.START_FAILED) {
            refused.add(new InstanceKey(report.pid(), report.incarnation()));
        }
    }

    /** The truth changed. */
    void committed(List<Change> changes) {
        Set<Long> ended = endedIn(changes);
        List<Process> fresh = new ArrayList<>();
        Set<Reality.Seat> touched = new HashSet<>();
        for (Change change : changes) {
            if (change instanceof Change.PutProcess put) {
                Process before = put(put.process());
                touched.add(seat(put.process()));
                if (before == null) {
                    fresh.add(put.process());
                } else if (!ended.contains(before.pid())) {
                    hasCause(before, put.process());
                }
            } else if (change instanceof Change.DeleteProcess gone) {
                remove(gone.pid());
            } else if (change instanceof Change.DeleteApp gone) {
                Set.copyOf(pidsOfApp.getOrDefault(gone.name(), Set.of())).forEach(this::remove);
            }
        }
        changes.forEach(this::happened);
        fresh.forEach(this::replacesInTime);
        touched.forEach(this::nothingLostIsKept);
    }

    private static Set<Long> endedIn(List<Change> changes) {
        Set<Long> ended = new HashSet<>();
        for (Change change : changes) {
            if (change instanceof Change.AddEvent add
                    && ENDS.contains(add.event().kind())) {
                ended.add(pid(add.event()));
            }
        }
        return ended;
    }

    private static long pid(Event event) {
        return Long.parseLong(event.data().getOrDefault("pid", "0"));
    }

    private static Reality.Seat seat(Process row) {
        return new Reality.Seat(row.app(), row.index(), row.version());
    }

    private @Nullable Process put(Process row) {
        pidsOfApp.computeIfAbsent(row.app(), none -> new HashSet<>()).add(row.pid());
        seats.computeIfAbsent(seat(row), none -> new HashSet<>(2)).add(row.pid());
        return rows.put(row.pid(), row);
    }

    private void remove(long pid) {
        Process row = rows.remove(pid);
        crashedAt.remove(pid);
        if (row != null) {
            pidsOfApp.getOrDefault(row.app(), new HashSet<>()).remove(pid);
            Set<Long> seated = seats.get(seat(row));
            if (seated != null && seated.remove(pid) && seated.isEmpty()) {
                seats.remove(seat(row));
            }
        }
    }

    private void hasCause(Process before, Process after) {
        if (before.state() != ProcessState.STARTING || after.incarnation() == before.incarnation()) {
            return;
        }
        if (before.host() != null && before.host().equals(after.host())) {
            throw new Violation("who-refused-is-not-asked-at-once", before + " became " + after);
        }
        if (!refused.contains(new InstanceKey(before.pid(), before.incarnation()))) {
            throw new Violation(
                    "a-start-is-given-up-for-a-cause", before + " became " + after + ", and nobody refused it");
        }
    }

    private void happened(Change change) {
        if (!(change instanceof Change.AddEvent add)) {
            return;
        }
        Event event = add.event();
        if (event.kind().equals(Event.PROCESS_CRASHED)) {
            crashedAt.put(pid(event), event.at());
        } else if (event.kind().equals(Event.PROCESS_STARTING)) {
            startsAreFew(event.at());
            startsAfterDelay(event);
        }
    }

    private void startsAreFew(Instant at) {
        starts.addLast(at);
        while (starts.getFirst().isBefore(at.minus(WINDOW))) {
            starts.removeFirst();
        }
        long most = world.settings.bounds().actionsBurst()
                + WINDOW.toSeconds() * world.settings.bounds().actionsPerSecond()
                + 1;
        if (starts.size() > most) {
            throw new Violation("starts-are-paced", starts.size() + " starts in 10 s, " + most + " are allowed");
        }
    }

    private void startsAfterDelay(Event event) {
        Process row = rows.get(pid(event));
        Instant crashed = crashedAt.get(pid(event));
        if (row != null
                && crashed != null
                && row.crashes() >= MANY_CRASHES
                && event.at().isBefore(crashed.plus(SHORTEST_DELAY))) {
            throw new Violation("crashes-are-restarted-with-a-delay", event.message() + " at once: " + row);
        }
    }

    /** A brain that began a moment ago does not know yet whether the host of what is lost speaks again. */
    private void replacesInTime(Process fresh) {
        boolean early = world.agenda.now() - beganAt < world.settings.lease().toMillis() - 1;
        if (early && world.disturbances.sharedQuietSince() <= beganAt && rows.containsKey(fresh.pid())) {
            Process lost = find(seat(fresh), ProcessState.LOST);
            if (lost != null) {
                throw new Violation("nothing-is-replaced-on-a-stale-view", fresh + " replaces " + lost);
            }
        }
    }

    private void nothingLostIsKept(Reality.Seat seat) {
        Process lost = find(seat, ProcessState.LOST);
        Process running = lost == null ? null : find(seat, ProcessState.RUNNING);
        if (running != null) {
            throw new Violation("what-is-replaced-is-dropped", lost + " is kept beside " + running);
        }
    }

    private @Nullable Process find(Reality.Seat seat, ProcessState state) {
        for (long pid : seats.getOrDefault(seat, Set.of())) {
            Process row = rows.get(pid);
            if (row != null && !row.isForked() && row.state() == state) {
                return row;
            }
        }
        return null;
    }
}
