package holt.router;

import holt.model.Endpoint;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An endpoint with the requests that are under way on it. Shared by all event loops.
 *
 * <p>Counter and retirement are one number, so that no request can begin on a backend that was seen retired and empty:
 * what is reported as drained stays drained. An endpoint that comes back later gets a new backend.
 */
final class Backend {
    private static final int RETIRED = Integer.MIN_VALUE;

    private final Endpoint endpoint;
    private final InetSocketAddress address;
    private final Consumer<Backend> onDrained;

    /** Requests under way, with the sign bit set while retired. */
    private final AtomicInteger state = new AtomicInteger();

    /** Until when others are preferred, in the loops' coarse nanoseconds; written by any loop, a lost write is harmless. */
    private volatile long penaltyEndNanos = Long.MIN_VALUE;

    /** @param onDrained told by any loop when the last request ends after {@link #retire}, and again by each that came too late */
    Backend(Endpoint endpoint, Consumer<Backend> onDrained) {
        this.endpoint = endpoint;
        this.address = new InetSocketAddress(endpoint.address(), endpoint.port());
        this.onDrained = onDrained;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Begins a request; false where the backend is retired. */
    boolean acquire() {
        if (state.getAndIncrement() >= 0) {
            return true;
        }
        release();
        return false;
    }

    /** Ends a request that {@link #acquire} began. */
    void release() {
        if (state.decrementAndGet() == RETIRED) {
            onDrained.accept(this);
        }
    }

    int underWay() {
        return state.get() & Integer.MAX_VALUE;
    }

    boolean isRetired() {
        return state.get() < 0;
    }

    boolean isDrained() {
        return state.get() == RETIRED;
    }

    /** Lets no further request begin. */
    void retire() {
        state.getAndUpdate(present -> present | RETIRED);
    }

    void penalise(long untilNanos) {
        penaltyEndNanos = untilNanos;
    }

    boolean isPenalised(long nowNanos) {
        return penaltyEndNanos != Long.MIN_VALUE && penaltyEndNanos - nowNanos > 0;
    }

    @Override
    public String toString() {
        return "instance " + endpoint.index() + " of " + endpoint.app() + " (pid " + endpoint.pid() + ")";
    }
}
