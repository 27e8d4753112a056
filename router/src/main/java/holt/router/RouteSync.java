package holt.router;

import holt.bus.Bus;
import holt.bus.Message;
import holt.model.Endpoint;
import holt.model.Json;
import holt.model.RouteUpdate;
import holt.model.RouterReport;
import holt.model.Subjects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The shell around the {@link RouteTable}: brings it the controller's updates, asks for all routes where it misses some,
 * and reports endpoints that are no longer used. One virtual thread of its own owns the table's writing side and all
 * state here; everything reaches it through a queue.
 */
final class RouteSync implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RouteSync.class.getName());
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(3);
    private static final Duration COMPARE_INTERVAL = Duration.ofSeconds(30);
    private static final Duration SYNC_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LAST_RETRY = Duration.ofSeconds(2);

    /** A drained endpoint is repeated in the reports this long, because a report may be lost. */
    private static final Duration DRAINED_REPEAT = Duration.ofSeconds(30);

    private sealed interface Event {
        record Updated(RouteUpdate update) implements Event {}

        record SyncAnswered(RouteUpdate update) implements Event {}

        record SyncFailed(Throwable cause) implements Event {}

        record Drained(Backend backend) implements Event {}

        record Closed() implements Event {}
    }

    private final String router;
    private final Bus bus;
    private final RouteTable table;
    private final Consumer<List<Backend>> onRetired;
    private final LongSupplier nanos;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Map<Endpoint, Long> drainedUntil = new LinkedHashMap<>();
    private final CompletableFuture<Void> firstSync = new CompletableFuture<>();
    private final Thread thread;
    private Bus.@Nullable Subscription subscription;
    private Duration retry = FIRST_RETRY;
    private boolean syncUnderWay;
    private boolean controllerAway;
    private long nextSyncNanos;
    private long nextReportNanos;

    /**
     * @param onRetired told of backends in no route any more, so that their idle connections are closed
     * @param nanos a clock for waiting, as {@link System#nanoTime} is one
     */
    RouteSync(String router, Bus bus, StatsCollector stats, Consumer<List<Backend>> onRetired, LongSupplier nanos) {
        this.router = router;
        this.bus = bus;
        this.table = new RouteTable(stats, backend -> events.add(new Event.Drained(backend)));
        this.onRetired = onRetired;
        this.nanos = nanos;
        this.thread = Thread.ofVirtual().name("holt-router-routes").unstarted(this::run);
    }

    RouteTable table() {
        return table;
    }

    /** Completes when the routes are known for the first time. */
    CompletableFuture<Void> firstSync() {
        return firstSync.copy();
    }

    void start() {
        nextSyncNanos = nanos.getAsLong();
        nextReportNanos = nextSyncNanos;
        // Subscribed before the first sync is asked for, so that no update falls between the two.
        subscription = bus.subscribe(Subjects.ROUTES, this::receive);
        thread.start();
    }

    @Override
    public void close() {
        Bus.Subscription present = subscription;
        if (present == null) {
            return;
        }
        present.close();
        events.add(new Event.Closed());
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive(Message message) {
        events.add(new Event.Updated(Json.read(message.payload(), RouteUpdate.class)));
    }

    private void run() {
        try {
            while (true) {
                long now = nanos.getAsLong();
                doWhatIsDue(now);
                long wait = Math.min(nextSyncNanos - now, nextReportNanos - now);
                // All that has come is handled before the next report, so that many drained backends make one report.
                for (Event event = events.poll(Math.max(wait, 0), TimeUnit.NANOSECONDS);
                        event != null;
                        event = events.poll()) {
                    if (event instanceof Event.Closed) {
                        return;
                    }
                    handle(event);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void doWhatIsDue(long now) {
        if (nextSyncNanos - now <= 0) {
            sync(now);
        }
        if (nextReportNanos - now <= 0) {
            report(now);
        }
    }

    /** One update that cannot be applied must not end the router's knowledge of all routes. */
    private void handle(Event event) {
        try {
            switch (event) {
                case Event.Updated updated -> apply(updated.update());
                case Event.SyncAnswered answered -> answered(answered.update());
                case Event.SyncFailed failed -> failed(failed.cause());
                case Event.Drained drained -> drained(List.of(drained.backend()));
                case Event.Closed closed -> throw new IllegalStateException("The loop ends at " + closed);
            }
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=route-update-failed router=" + router, fault);
        }
    }

    private void sync(long now) {
        nextSyncNanos = now + COMPARE_INTERVAL.toNanos();
        if (syncUnderWay) {
            return;
        }
        syncUnderWay = true;
        CompletableFuture.completedFuture(new byte[0])
                .thenCompose(empty -> bus.request(Subjects.ROUTES_SYNC, empty, SYNC_TIMEOUT))
                .thenApply(answer -> (Event) new Event.SyncAnswered(Json.read(answer, RouteUpdate.class)))
                .exceptionally(Event.SyncFailed::new)
                .thenAccept(events::add);
    }

    private void answered(RouteUpdate update) {
        syncUnderWay = false;
        retry = FIRST_RETRY;
        if (controllerAway) {
            controllerAway = false;
            LOG.log(System.Logger.Level.INFO, "event=controller-back router={0}", router);
        }
        apply(update);
        if (table.isSynced() && firstSync.complete(null)) {
            LOG.log(System.Logger.Level.INFO, "event=routes-known router={0} routes={1}", router, table.size());
        }
    }

    private void failed(Throwable cause) {
        syncUnderWay = false;
        if (!controllerAway && table.isSynced()) {
            controllerAway = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "event=controller-away router={0} cause=\"{1}\" effect=\"known routes stay in use\"",
                    router,
                    cause);
        }
        nextSyncNanos = nanos.getAsLong() + retry.toNanos();
        Duration doubled = retry.multipliedBy(2);
        retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    }

    private void apply(RouteUpdate update) {
        RouteTable.Outcome outcome = table.apply(update);
        if (outcome.syncNeeded()) {
            nextSyncNanos = nanos.getAsLong();
        }
        if (!outcome.removed().isEmpty()) {
            onRetired.accept(outcome.removed());
            drained(outcome.removed());
        }
    }

    /** Has those of these backends reported at once that are empty and were not reported yet. */
    private void drained(List<Backend> backends) {
        long now = nanos.getAsLong();
        boolean news = false;
        for (Backend backend : backends) {
            if (backend.isDrained() && !table.uses(backend.endpoint())) {
                news |= drainedUntil.putIfAbsent(backend.endpoint(), now + DRAINED_REPEAT.toNanos()) == null;
            }
        }
        if (news) {
            nextReportNanos = now;
        }
    }

    private void report(long now) {
        nextReportNanos = now + REPORT_INTERVAL.toNanos();
        drainedUntil.entrySet().removeIf(each -> each.getValue() - now <= 0 || table.uses(each.getKey()));
        RouterReport report = new RouterReport(router, new ArrayList<>(drainedUntil.keySet()));
        try {
            bus.publish(Subjects.ROUTERS, Json.bytes(report));
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=report-failed router=" + router, fault);
        }
    }
}
