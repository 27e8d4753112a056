package holt.kernel;

import holt.model.Event;
import holt.model.ProcessState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Moves processes to better hosts when it was asked for, few at a time, until there is nothing to gain: the replacement
 * comes up first, then the one that leaves goes as it would for a new release. A move whose replacement does not come up
 * is given up, and with it the rest: what is there stays. Not in the truth: a new brain knows nothing of it, and finds
 * all processes where they are. Owned by the brain's thread.
 */
final class Rebalancing {
    private final State state;
    private final Supplier<ClusterView> view;
    private final Map<String, RebalancePlan.Move> moves = new TreeMap<>();
    /** How many moves may still begin: what others do meanwhile must not keep it going for ever. */
    private int left;

    /** @param view makes the cluster's present state */
    Rebalancing(State state, Supplier<ClusterView> view) {
        this.state = state;
        this.view = view;
    }

    /** Begins, or goes on with new strength. */
    void begin() {
        left = state.slots.size();
        if (moves.isEmpty()) {
            next();
        }
    }

    /**
     * Looks what became of the moves, and begins others when all are done. To be called before apps are settled, so that a
     * replacement that was refused is not sent elsewhere first, and again afterwards.
     */
    void goOn() {
        if (moves.isEmpty()) {
            return;
        }
        for (RebalancePlan.Move move : List.copyOf(moves.values())) {
            Slot leaving = state.slots.get(move.pid());
            if (leaving == null) {
                forget(move);
            } else if (leaving.isActive() && hasFailed(move, leaving)) {
                forget(move);
                left = 0;
            }
        }
        if (moves.isEmpty()) {
            next();
        }
    }

    private void forget(RebalancePlan.Move move) {
        moves.remove(move.app());
        AppEntry app = state.app(move.app());
        if (app != null && move.equals(app.move)) {
            app.move = null;
            state.touch(app);
        }
    }

    /** Whether the replacement has trouble to come up, or is wanted no longer. */
    private static boolean hasFailed(RebalancePlan.Move move, Slot leaving) {
        AppEntry app = leaving.owner;
        boolean wanted = app.row.started()
                && !app.row.isRolling()
                && leaving.is(ProcessState.RUNNING)
                && leaving.version() == app.row.targetVersion()
                && leaving.index() < app.row.instances();
        return !wanted
                || app.slots.values().stream()
                        .filter(slot -> slot.index() == move.index() && slot != leaving)
                        .anyMatch(slot -> !move.to().equals(slot.row().host()) || slot.is(ProcessState.LOST));
    }

    private void next() {
        if (left == 0) {
            return;
        }
        for (RebalancePlan.Move move : RebalancePlan.of(view.get())) {
            AppEntry app = state.app(move.app());
            if (left > 0 && app != null && app.move == null) {
                left--;
                moves.put(move.app(), move);
                app.move = move;
                state.touch(app);
                state.event(
                        move.app(),
                        Event.PROCESS_MOVING,
                        move.app() + "/" + move.index() + " (pid " + move.pid() + ") moves from " + move.from() + " to "
                                + move.to() + ": " + move.reason(),
                        Map.of("pid", Long.toString(move.pid()), "from", move.from(), "to", move.to()));
            }
        }
    }
}
