package holt.router;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Which endpoints one request may go to, and which it was sent to in vain. Belongs to one exchange. */
final class Attempts {
    private static final long PENALTY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** An endpoint that was taken away between choice and use leaves another to choose; this ends even a storm of it. */
    private static final int MAX_CHOICES = 100;

    private final Loop loop;
    private final String host;
    private @Nullable RouteTarget target;
    private List<Backend> failed = List.of();
    private String lastFailure = "";

    Attempts(Loop loop, String host) {
        this.loop = loop;
        this.host = host;
        this.target = loop.context.table.find(host);
    }

    boolean hasTarget() {
        return target != null;
    }

    /** Whose route it is; empty for nobody's. */
    String app() {
        return target == null ? "" : target.app;
    }

    /** Why there is no endpoint, as the controller knows it. */
    @Nullable
    String reason() {
        return target == null ? null : target.reason;
    }

    void count() {
        if (target != null) {
            target.requests.increment();
        }
    }

    boolean hasFailed() {
        return !failed.isEmpty();
    }

    String lastFailure() {
        return lastFailure;
    }

    /** Acquires the best backend that was not tried; null where none is left. */
    @Nullable
    Backend next() {
        for (int i = 0; i < MAX_CHOICES && target != null; i++) {
            Backend choice = target.leastLoaded(failed, loop.random(), loop.coarseNanos);
            if (choice == null || choice.acquire()) {
                return choice;
            }
            refresh();
        }
        return null;
    }

    /**
     * Notes that no connection could be made; others are preferred for a while, by all requests. A backend that was taken
     * out of its routes meanwhile has not failed: who comes now finds what came in its place, or why nothing did.
     */
    void failed(Backend backend, Throwable cause) {
        if (backend.isRetired()) {
            refresh();
            return;
        }
        loop.context.stats.connectFailures.increment();
        loop.context.stats.retries.increment();
        backend.penalise(loop.coarseNanos + PENALTY_NANOS);
        failed = new ArrayList<>(failed);
        failed.add(backend);
        lastFailure = "No connection to " + backend + " could be made: " + reason(cause) + ".";
        refresh();
    }

    /** Looks again, because the table may have changed; a route that is gone serves those that are on their way. */
    private void refresh() {
        RouteTarget present = loop.context.table.find(host);
        target = present == null ? target : present;
    }

    private static String reason(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return "it did not accept in time";
        }
        return cause instanceof ConnectException ? "it refused" : String.valueOf(cause.getMessage());
    }
}
