package holt.router;

import holt.model.Endpoint;
import holt.model.RouteUpdate;
import holt.model.RouterReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The brain of a router's knowledge: takes one event and the time, changes its own state, and returns what has to be
 * done. It applies the controller's updates, asks for all routes where it misses some and now and then to compare, and
 * repeats which endpoints are no longer used. No I/O, no clock, no threads; one thread owns it.
 *
 * <p>Whatever messages are lost, doubled, delayed or reordered, the routes known are those of the controller again one
 * answered question later. Only an answer leads to the routes of another start of the controller: an announcement that
 * comes late, from a controller that is gone, cannot take them back.
 *
 * <p>Time is nanoseconds of a clock that never goes back, as {@link System#nanoTime} is one.
 */
public final class RouteKeeper {
    private static final long REPORT_INTERVAL_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long COMPARE_INTERVAL_NANOS = Duration.ofSeconds(30).toNanos();
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long FIRST_RETRY_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LAST_RETRY_NANOS = Duration.ofSeconds(2).toNanos();

    /** A drained endpoint is repeated in the reports this long, because a report may be lost. */
    private static final long DRAINED_REPEAT_NANOS = Duration.ofSeconds(30).toNanos();

    private final String router;
    private final KnownRoutes known = new KnownRoutes();

    /** Of endpoints that were retired: how many retirements still have requests under way. */
    private final Map<Endpoint, Integer> draining = new HashMap<>();

    /** Until when each drained endpoint is reported. */
    private final Map<Endpoint, Long> drainedUntil = new LinkedHashMap<>();

    private final List<RouteEffect> effects = new ArrayList<>();
    private boolean synced;
    private boolean controllerAway;
    private boolean asking;
    private long ask;
    /** While asking: when the question is given up. Else: when the next one is due. */
    private long askNanos;

    private long retryNanos = FIRST_RETRY_NANOS;
    private long reportNanos;
    private boolean wakeWanted;
    private long wakeNanos;

    /** @param router name of the router, for its reports */
    public RouteKeeper(String router) {
        this.router = router;
    }

    /** What has to be done first; updates have to be listened for before this, so that none falls between. */
    public List<RouteEffect> start(long nowNanos) {
        askNanos = nowNanos;
        reportNanos = nowNanos;
        return handle(new RouteEvent.Woken(), nowNanos);
    }

    /** Takes one event. */
    public List<RouteEffect> handle(RouteEvent event, long nowNanos) {
        switch (event) {
            case RouteEvent.Updated updated -> updated(updated.update(), nowNanos);
            case RouteEvent.Told told -> told(told.ask(), told.update(), nowNanos);
            case RouteEvent.NotTold failed -> {
                if (asking && failed.ask() == ask) {
                    failed(failed.reason(), nowNanos);
                }
            }
            case RouteEvent.Drained drained -> drained(drained.endpoint(), nowNanos);
            case RouteEvent.Woken woken -> wake(nowNanos);
        }
        wakeAtEarliest();
        List<RouteEffect> done = List.copyOf(effects);
        effects.clear();
        return done;
    }

    /** Whether the routes were ever known. */
    public boolean isSynced() {
        return synced;
    }

    /** The routes known, by host name; a view, for the owner. */
    public Map<String, RouteUpdate.Route> routes() {
        return known.all();
    }

    private void updated(RouteUpdate update, long now) {
        if (!update.complete()) {
            apply(known.step(update), now);
        } else if (synced && !known.isOfAnotherStart(update)) {
            apply(known.complete(update), now);
        } else {
            // A new controller, or one that is long gone: its answer, or its silence, tells.
            askAgain(now);
        }
    }

    private void told(long number, RouteUpdate update, long now) {
        if (!asking || number != ask) {
            return;
        }
        asking = false;
        askNanos = now + COMPARE_INTERVAL_NANOS;
        retryNanos = FIRST_RETRY_NANOS;
        if (controllerAway) {
            controllerAway = false;
            effects.add(new RouteEffect.ControllerBack());
        }
        apply(known.complete(update), now);
        if (!synced) {
            synced = true;
            effects.add(new RouteEffect.RoutesKnown(known.all().size()));
        }
    }

    private void failed(String reason, long now) {
        asking = false;
        askNanos = now + retryNanos;
        retryNanos = Math.min(retryNanos * 2, LAST_RETRY_NANOS);
        if (synced && !controllerAway) {
            controllerAway = true;
            effects.add(new RouteEffect.ControllerAway(reason));
        }
    }

    private void apply(KnownRoutes.Outcome outcome, long now) {
        if (outcome.syncNeeded() && !asking) {
            askNanos = now;
        }
        if (!outcome.routes().isEmpty()) {
            effects.add(new RouteEffect.Change(outcome.routes(), outcome.retired()));
            outcome.retired().forEach(endpoint -> draining.merge(endpoint, 1, Integer::sum));
        }
    }

    /** The question under way may have been put to nobody, or to a controller that is gone. */
    private void askAgain(long now) {
        asking = false;
        askNanos = now;
    }

    /** An endpoint that came back, or that went twice, is drained when nothing of it is under way and it is in no route. */
    private void drained(Endpoint endpoint, long now) {
        int left = draining.getOrDefault(endpoint, 1) - 1;
        if (left > 0) {
            draining.put(endpoint, left);
            return;
        }
        draining.remove(endpoint);
        if (known.uses(endpoint)) {
            return;
        }
        drainedUntil.put(endpoint, now + DRAINED_REPEAT_NANOS);
        reportNanos = now;
    }

    private void wake(long now) {
        wakeWanted = false;
        if (askNanos - now <= 0) {
            if (asking) {
                failed("no answer in " + PATIENCE.toSeconds() + " s", now);
            } else {
                asking = true;
                askNanos = now + PATIENCE.toNanos();
                effects.add(new RouteEffect.AskForAll(++ask, PATIENCE));
            }
        }
        if (reportNanos - now <= 0) {
            report(now);
        }
    }

    private void report(long now) {
        reportNanos = now + REPORT_INTERVAL_NANOS;
        drainedUntil
                .entrySet()
                .removeIf(each ->
                        each.getValue() - now <= 0 || known.uses(each.getKey()) || draining.containsKey(each.getKey()));
        effects.add(new RouteEffect.Report(new RouterReport(router, new ArrayList<>(drainedUntil.keySet()))));
    }

    private void wakeAtEarliest() {
        long earliest = askNanos - reportNanos < 0 ? askNanos : reportNanos;
        if (!wakeWanted || earliest != wakeNanos) {
            wakeWanted = true;
            wakeNanos = earliest;
            effects.add(new RouteEffect.WakeAt(earliest));
        }
    }
}
