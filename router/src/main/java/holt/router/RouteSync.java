package holt.router;

import holt.bus.Bus;
import holt.bus.Message;
import holt.model.Json;
import holt.model.RouteUpdate;
import holt.model.Subjects;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The shell around the {@link RouteKeeper}: brings it what the bus and the event loops say, and carries out what it
 * wants. One virtual thread of its own owns the keeper and the table's writing side; all else reaches it by the inbox.
 */
final class RouteSync implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RouteSync.class.getName());

    private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String router;
    private final Bus bus;
    private final RouteKeeper keeper;
    private final RouteTable table;
    private final Consumer<List<Backend>> onRetired;
    private final LongSupplier nanos;
    private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> firstSync = new CompletableFuture<>();
    private final Thread thread;
    private Bus.@Nullable Subscription subscription;
    /** Written by the thread that closes. */
    private volatile boolean closing;

    private long wakeNanos;

    /**
     * @param onRetired told of backends in no route any more, so that their idle connections are closed
     * @param nanos a clock for waiting, as {@link System#nanoTime} is one
     */
    RouteSync(String router, Bus bus, StatsCollector stats, Consumer<List<Backend>> onRetired, LongSupplier nanos) {
        this.router = router;
        this.bus = bus;
        this.keeper = new RouteKeeper(router);
        this.table = new RouteTable(stats, backend -> inbox.add(() -> drained(backend)));
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
        // Subscribed before the first question, so that no update falls between the two.
        subscription = bus.subscribe(Subjects.ROUTES, this::receive);
        inbox.add(() -> carryOut(keeper.start(nanos.getAsLong())));
        wakeNanos = nanos.getAsLong();
        thread.start();
    }

    @Override
    public void close() {
        Bus.Subscription present = subscription;
        if (present == null) {
            return;
        }
        present.close();
        closing = true;
        inbox.add(() -> {});
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive(Message message) {
        tell(new RouteEvent.Updated(Json.read(message.payload(), RouteUpdate.class)));
    }

    private void tell(RouteEvent event) {
        inbox.add(() -> handle(event));
    }

    private void run() {
        try {
            while (!closing) {
                long wait = Math.max(wakeNanos - nanos.getAsLong(), 0);
                // All that has come is handled before it is woken, so that many drained backends make one report.
                for (Runnable next = inbox.poll(wait, TimeUnit.NANOSECONDS); next != null; next = inbox.poll()) {
                    attempt(next);
                }
                long now = nanos.getAsLong();
                if (wakeNanos - now <= 0) {
                    // Waking always leads to another moment; should it fail, the next attempt must not be at once.
                    wakeNanos = now + LONGEST_SLEEP_NANOS;
                    attempt(() -> handle(new RouteEvent.Woken()));
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One event that cannot be handled must not end the router's knowledge of all routes. */
    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=route-update-failed router=" + router, fault);
        }
    }

    private void handle(RouteEvent event) {
        carryOut(keeper.handle(event, nanos.getAsLong()));
    }

    private void carryOut(List<RouteEffect> effects) {
        for (RouteEffect effect : effects) {
            switch (effect) {
                case RouteEffect.Change change -> change(change);
                case RouteEffect.AskForAll ask -> ask(ask);
                case RouteEffect.Report report -> report(report);
                case RouteEffect.RoutesKnown known -> known(known.routes());
                case RouteEffect.ControllerAway away ->
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "event=controller-away router={0} cause=\"{1}\" effect=\"known routes stay in use\"",
                            router,
                            away.reason());
                case RouteEffect.ControllerBack back ->
                    LOG.log(System.Logger.Level.INFO, "event=controller-back router={0}", router);
                case RouteEffect.WakeAt wake -> wakeNanos = wake.nanos();
            }
        }
    }

    private void change(RouteEffect.Change change) {
        change.routes().forEach(table::put);
        List<Backend> retired = table.retire(change.retired());
        if (!retired.isEmpty()) {
            onRetired.accept(retired);
        }
    }

    private void drained(Backend backend) {
        if (table.forget(backend)) {
            handle(new RouteEvent.Drained(backend.endpoint()));
        }
    }

    private void ask(RouteEffect.AskForAll ask) {
        CompletableFuture.completedFuture(new byte[0])
                .thenCompose(empty -> bus.request(Subjects.ROUTES_SYNC, empty, ask.patience()))
                .thenApply(answer -> (RouteEvent) new RouteEvent.Told(ask.ask(), Json.read(answer, RouteUpdate.class)))
                .exceptionally(fault -> new RouteEvent.NotTold(ask.ask(), String.valueOf(fault)))
                .thenAccept(this::tell);
    }

    private void report(RouteEffect.Report report) {
        try {
            bus.publish(Subjects.ROUTERS, Json.bytes(report.report()));
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=report-failed router=" + router, fault);
        }
    }

    private void known(int routes) {
        table.known();
        firstSync.complete(null);
        LOG.log(System.Logger.Level.INFO, "event=routes-known router={0} routes={1}", router, routes);
    }
}
