package holt.kernel;

import holt.model.RouterReport;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The routers that were heard within the lease, as many as there may be at most. Owned by the brain's thread. */
final class Routers {
    private static final int MAX_ROUTERS = 1000;

    private final Duration lease;
    private final Map<String, Instant> heardAt = new HashMap<>();

    Routers(Duration lease) {
        this.lease = lease;
    }

    /** Takes in that a router lives, and which endpoints it is through with. */
    void hear(RouterReport report, State state) {
        String router = report.router();
        if (router == null || !isKnown(router, state.now)) {
            return;
        }
        if (heardAt.put(router, state.now) == null && state.now.isBefore(state.allRoutersHeardFrom())) {
            state.slots.values().forEach(slot -> await(slot, router));
        }
        for (var endpoint : report.drained()) {
            Slot slot = state.slots.get(endpoint.pid());
            if (slot != null && slot.awaitedRouters != null && endpoint.equals(slot.endpoint())) {
                drained(slot, router, state);
            }
        }
    }

    /** A router that speaks late has had the routes of before this brain began. */
    private static void await(Slot slot, String router) {
        if (slot.isDraining() && slot.awaitedRouters instanceof Set<String> awaited) {
            Set<String> more = new HashSet<>(awaited);
            more.add(router);
            slot.awaitedRouters = more;
        }
    }

    private boolean isKnown(String router, Instant now) {
        if (heardAt.size() >= MAX_ROUTERS && !heardAt.containsKey(router)) {
            forgetSilent(now);
        }
        return heardAt.size() < MAX_ROUTERS || heardAt.containsKey(router);
    }

    private static void drained(Slot slot, String router, State state) {
        if (slot.awaitedRouters instanceof Set<String> awaited && awaited.contains(router)) {
            Set<String> rest = new HashSet<>(awaited);
            rest.remove(router);
            slot.awaitedRouters = rest;
            state.touch(slot);
        }
    }

    Set<String> live(Instant now) {
        forgetSilent(now);
        return new HashSet<>(heardAt.keySet());
    }

    private void forgetSilent(Instant now) {
        heardAt.values().removeIf(at -> at.plus(lease).isBefore(now));
    }
}
