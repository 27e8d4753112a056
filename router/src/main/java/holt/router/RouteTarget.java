package holt.router;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Where requests for one host name go. Immutable; the backends have their own state. */
final class RouteTarget {
    private static final int PENALTY = 1 << 24;

    final String host;
    final String app;
    final @Nullable String reason;
    final LongAdder requests;
    private final Backend[] backends;

    RouteTarget(String host, String app, List<Backend> backends, @Nullable String reason, LongAdder requests) {
        this.host = host;
        this.app = app;
        this.backends = backends.toArray(new Backend[0]);
        this.reason = reason;
        this.requests = requests;
    }

    List<Backend> backends() {
        return List.of(backends);
    }

    boolean isEmpty() {
        return backends.length == 0;
    }

    /**
     * The backend with the fewest requests under way; those penalised come last.
     *
     * @param except never these
     * @param random decides between equals
     * @return null where none is left
     */
    @Nullable
    Backend leastLoaded(List<Backend> except, int random, long nowNanos) {
        Backend best = null;
        int bestLoad = Integer.MAX_VALUE;
        int at = backends.length == 0 ? 0 : Integer.remainderUnsigned(random, backends.length);
        for (int i = 0; i < backends.length; i++) {
            Backend each = backends[at];
            at = at + 1 == backends.length ? 0 : at + 1;
            int load = each.underWay();
            if (load >= bestLoad || !except.isEmpty() && except.contains(each)) {
                continue;
            }
            load += each.isPenalised(nowNanos) ? PENALTY : 0;
            if (load == 0) {
                return each;
            }
            if (load < bestLoad) {
                best = each;
                bestLoad = load;
            }
        }
        return best;
    }
}
