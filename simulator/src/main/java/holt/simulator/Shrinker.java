package holt.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a failing plan small: leaves entries away as long as the same invariant still fails (delta debugging: Zeller,
 * Hildebrandt: Simplifying and isolating failure-inducing input, 2002), then tries smaller clusters and smaller apps. The
 * number of runs and the work in them are bounded; the same plan always shrinks to the same.
 */
final class Shrinker {
    private static final long TAIL_MILLIS = 1;

    private final Parts parts;
    private final int maxRuns;
    private final String invariant;
    private Plan best;
    private int runs;
    private long eventsLeft;

    /** @param first what the run of the plan came to */
    Shrinker(Parts parts, Plan plan, Outcome.Found found, Outcome.Summary first, int maxRuns) {
        this.parts = parts;
        this.maxRuns = maxRuns;
        this.invariant = found.invariant();
        this.best = cut(plan, found);
        this.eventsLeft = 2_000_000 + 20 * first.events();
    }

    int runs() {
        return runs;
    }

    Plan shrink() {
        dropEntries();
        fewerNodes();
        smallerApps();
        dropEntries();
        return best;
    }

    /** What comes after the violation has no part in it. */
    private static Plan cut(Plan plan, Outcome.Found found) {
        List<Plan.Entry> before = plan.entries().stream()
                .filter(entry -> entry.atMillis() <= found.atMillis())
                .toList();
        return plan.with(before).until(found.atMillis() + TAIL_MILLIS);
    }

    private boolean isSpent() {
        return runs >= maxRuns || eventsLeft <= 0;
    }

    /** Takes the candidate over if the same invariant fails in it. */
    private boolean isStillBroken(Plan candidate) {
        if (isSpent()) {
            return false;
        }
        runs++;
        Outcome outcome = new Simulation(candidate, parts, null).run(at -> {});
        eventsLeft -= outcome.summary().events();
        Optional<Outcome.Found> found =
                outcome.found().filter(each -> each.invariant().equals(invariant));
        found.ifPresent(same -> best = cut(candidate, same));
        return found.isPresent();
    }

    private void dropEntries() {
        int chunk = Math.max(1, best.entries().size() / 2);
        while (!isSpent()) {
            boolean dropped = false;
            for (int from = 0; from < best.entries().size() && !isSpent(); ) {
                List<Plan.Entry> rest = new ArrayList<>(best.entries());
                rest.subList(from, Math.min(rest.size(), from + chunk)).clear();
                if (isStillBroken(best.with(rest))) {
                    dropped = true;
                } else {
                    from += chunk;
                }
            }
            if (chunk == 1 && !dropped) {
                return;
            }
            chunk = dropped ? Math.min(chunk, Math.max(1, best.entries().size() / 2)) : Math.max(1, chunk / 2);
        }
    }

    private void fewerNodes() {
        isStillBroken(best.withZones(0));
        for (int hosts = 1; hosts < best.hosts(); hosts = hosts < 4 ? hosts + 1 : hosts * 2) {
            if (isStillBroken(best.withSizes(hosts, best.routers()))) {
                break;
            }
        }
        for (int routers = 0; routers < best.routers(); routers++) {
            if (isStillBroken(best.withSizes(best.hosts(), routers))) {
                break;
            }
        }
    }

    private void smallerApps() {
        for (int at = 0; at < best.entries().size() && !isSpent(); at++) {
            Plan.Entry entry = best.entries().get(at);
            for (Action simpler : simpler(entry.action())) {
                List<Plan.Entry> smaller = new ArrayList<>(best.entries());
                smaller.set(at, new Plan.Entry(entry.atMillis(), simpler));
                if (!simpler.equals(entry.action()) && isStillBroken(best.with(smaller))) {
                    break;
                }
            }
        }
    }

    /** The simplest first. */
    private static List<Action> simpler(Action action) {
        return switch (action) {
            case Action.Push push ->
                List.of(
                        new Action.Push(push.app(), 1, push.droplet(), push.megabytes()),
                        new Action.Push(push.app(), 1, push.droplet(), push.megabytes(), push.placement()),
                        new Action.Push(push.app(), push.instances(), push.droplet(), push.megabytes()));
            case Action.Fork fork ->
                List.of(
                        new Action.Fork(fork.app(), 0, 1, fork.restart(), null, false, fork.key()),
                        new Action.Fork(fork.app(), 0, 1, fork.restart(), fork.keeping(), fork.detached(), fork.key()));
            case Action.Kill kill -> List.of(new Action.Kill(kill.app(), 0));
            case Action.Scale _,
                    Action.Resize _,
                    Action.Start _,
                    Action.Stop _,
                    Action.Restart _,
                    Action.Delete _,
                    Action.MapRoute _,
                    Action.UnmapRoute _,
                    Action.Crash _,
                    Action.Detach _,
                    Action.Reap _,
                    Action.Rebalance _,
                    Action.Drain _,
                    Action.Fault _,
                    Action.Settle _ -> List.of();
        };
    }
}
