package holt.kernel;

import holt.model.Placement;
import holt.model.Release;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says what one process needs of a host, from all that is known of it, its app and the others. */
final class Needs {
    private final State state;

    Needs(State state) {
        this.state = state;
    }

    Need of(Slot slot) {
        AppEntry app = slot.owner;
        Release release = app.releases.get(slot.version());
        Placement rule = release == null ? Placement.ANYWHERE : release.placement();
        Map<String, Spread> shunned = state.neighbours.shunned(app, rule);
        // Who is forked is no instance: the host of its parent is just where it belongs.
        Placement own = slot.isForked() && rule.apart() ? new Placement(rule.tags(), false, rule.notWith()) : rule;
        String name = own.apart() || !shunned.isEmpty() ? app.name() : "";
        return new Need(
                new Need.Shape(slot.need, own, name),
                app.spread,
                shunned,
                own.apart() ? replaced(slot) : Map.of(),
                slot.refusedBy(),
                near(slot));
    }

    /** The host to which its instance moves, else the one of its parent. */
    private Hosts.@Nullable Host near(Slot slot) {
        RebalancePlan.Move move = slot.owner.move;
        if (move != null && move.index() == slot.index() && move.pid() != slot.pid()) {
            return state.hosts.find(move.to());
        }
        Slot parent = state.slots.get(slot.row().ppid());
        return parent == null ? null : state.hosts.find(parent.row().host());
    }

    /** The processes that stand for the same instance: they go when this one is ready. */
    private static Map<String, Integer> replaced(Slot slot) {
        Map<String, Integer> replaced = new HashMap<>();
        for (Slot other : slot.owner.slots.values()) {
            String host = other.row().host();
            if (host != null && other.isActive() && other.index() == slot.index()) {
                replaced.merge(host, 1, Integer::sum);
            }
        }
        return replaced;
    }
}
