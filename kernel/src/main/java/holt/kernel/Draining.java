package holt.kernel;

import holt.model.Drain;
import holt.model.Event;
import holt.model.ProcessState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Empties hosts that are to hold no process: instance by instance, at most one of an app at a time and a few at once, each
 * running and routed elsewhere before it leaves. What finds no room stays, with the reason, and is tried again. What was
 * forked has state that cannot be moved: it stays until it ends, unless force was asked for. Which hosts are drained is in
 * the truth; what moves at present is not, and a new brain finds it out anew. Owned by the brain's thread.
 */
final class Draining {
    static final int MOVES_AT_ONCE = 8;
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final String REASON = "its host is drained";

    private final State state;
    private final Endings endings;
    private final Needs needs;
    /** What moves at present, by app. */
    private final Map<String, RebalancePlan.Move> moves = new TreeMap<>();

    private Instant lookAt = Instant.MIN;

    Draining(State state, Endings endings) {
        this.state = state;
        this.endings = endings;
        this.needs = new Needs(state);
    }

    /** A host is drained from now on, or with force now. */
    void begin(Drain drain) {
        state.hosts.drain(drain);
        state.outbox.put(drain);
        Hosts.Host host = state.hosts.find(drain.host());
        if (host != null) {
            host.drainedTold = false;
            state.touch(host);
        }
        lookAt = Instant.MIN;
    }

    /** Takes it back: what has not moved stays. */
    void end(String name) {
        state.hosts.undrain(name);
        state.outbox.undrain(name);
        Hosts.Host host = state.hosts.find(name);
        if (host != null) {
            state.hostsWithRoom.add(name);
            state.touch(host);
        }
        List.copyOf(moves.values()).stream()
                .filter(move -> move.from().equals(name))
                .filter(move -> state.slots.get(move.pid()) instanceof Slot slot && slot.isActive())
                .forEach(this::forget);
    }

    /** Looks what became of the moves, and begins others. To be called before apps are settled, and again afterwards. */
    void goOn() {
        if (moves.isEmpty() && !state.hosts.anyDrained()) {
            return;
        }
        boolean free = false;
        for (RebalancePlan.Move move : List.copyOf(moves.values())) {
            if (!isUnderWay(move)) {
                forget(move);
                free = true;
            }
        }
        if (free || !state.now.isBefore(lookAt)) {
            lookAt = state.now.plus(AGAIN);
            state.hosts.drained().forEach(this::look);
        }
        state.hosts.drained().forEach(this::tellWhenEmpty);
    }

    /** When to look again though nothing has happened; far away while nothing is drained. */
    Instant lookAgainAt() {
        return state.hosts.anyDrained() ? lookAt : Instant.MAX;
    }

    private boolean isUnderWay(RebalancePlan.Move move) {
        Slot leaving = state.slots.get(move.pid());
        return leaving != null && isMovable(leaving) && state.hosts.isDrained(move.from());
    }

    /** Whether another one can be brought up in its place now. */
    private static boolean isMovable(Slot slot) {
        AppEntry app = slot.owner;
        return slot.is(ProcessState.RUNNING)
                && !slot.isForked()
                && app.row.started()
                && !app.row.isRolling()
                && slot.version() == app.row.targetVersion()
                && slot.index() < app.row.instances();
    }

    private void forget(RebalancePlan.Move move) {
        moves.remove(move.app());
        AppEntry app = state.app(move.app());
        if (app != null && move.equals(app.move)) {
            app.move = null;
            state.touch(app);
        }
    }

    private void look(Hosts.Host host) {
        Map<Long, DrainStatus.Stuck> stuck = new TreeMap<>();
        boolean force = host.isForced();
        for (Slot slot : host.slots.values().stream()
                .sorted(Comparator.comparingLong(Slot::pid))
                .toList()) {
            String why = slot.isForked() ? leaveForked(slot, force) : leave(slot, host, force);
            if (!why.isEmpty()) {
                stuck.put(slot.pid(), new DrainStatus.Stuck(slot.pid(), slot.owner.name(), slot.index(), why));
            }
        }
        if (host.stuck(List.copyOf(stuck.values()))) {
            state.touch(host);
        }
    }

    /** Why it stays for now; empty where it goes. */
    private String leaveForked(Slot slot, boolean force) {
        if (!force) {
            return "it was forked and cannot be moved; it stays until it ends, or is ended with --force";
        }
        if (!slot.is(ProcessState.STOPPING)) {
            endings.kill(slot);
        }
        return "";
    }

    private String leave(Slot slot, Hosts.Host host, boolean force) {
        AppEntry app = slot.owner;
        RebalancePlan.Move move = app.move;
        if (move != null && move.pid() == slot.pid()) {
            return comingUp(move);
        }
        if (!isMovable(slot)) {
            return slot.is(ProcessState.STARTING) ? "it is starting; it moves when it is ready" : "";
        }
        if (move != null || moves.size() >= MOVES_AT_ONCE) {
            return "it waits for its turn";
        }
        if (!force && hasChildren(slot)) {
            return "processes that it forked would end with it; it stays until they end, or moves with --force";
        }
        return switch (state.hosts.place(needs.of(slot), state.now)) {
            case Scheduler.On on -> {
                begin(slot, host, on.host());
                yield "";
            }
            case Scheduler.NoRoom room -> state.hosts.anyBidding() ? room.brief() : "there is no other host";
            case Scheduler.AllRefused refused -> "all other hosts refused it";
        };
    }

    private static boolean hasChildren(Slot slot) {
        return slot.children().stream().anyMatch(child -> !child.is(ProcessState.EXITED));
    }

    /** What keeps the replacement from being ready; empty while there is nothing to say. */
    private String comingUp(RebalancePlan.Move move) {
        AppEntry app = state.app(move.app());
        if (app == null) {
            return "";
        }
        for (Slot other : app.at(move.index())) {
            if (other.pid() != move.pid() && other.isActive() && other.note != null) {
                return "its replacement (pid " + other.pid() + "): " + other.note;
            }
        }
        return "";
    }

    private void begin(Slot slot, Hosts.Host from, Hosts.Host to) {
        AppEntry app = slot.owner;
        RebalancePlan.Move move =
                new RebalancePlan.Move(slot.pid(), app.name(), slot.index(), from.name, to.name, REASON);
        moves.put(app.name(), move);
        app.move = move;
        state.touch(app);
        state.event(
                app.name(),
                Event.PROCESS_MOVING,
                slot.label() + " moves from " + from.name + " to " + to.name + ": " + REASON,
                Map.of("pid", Long.toString(slot.pid()), "from", from.name, "to", to.name));
    }

    private void tellWhenEmpty(Hosts.Host host) {
        if (host.slots.isEmpty() && !host.drainedTold) {
            host.drainedTold = true;
            host.stuck(List.of());
            state.touch(host);
            state.event("", Event.HOST_DRAINED, "Host " + host.name + " is drained", Map.of("host", host.name));
        }
    }
}
