package holt.router;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What belongs to one event loop: its clients, its connections to endpoints, its scratch memory. Only its thread may. */
final class Loop {
    /** How exact time limits are. One sweep over all connections costs less than a timer for each request. */
    private static final long SWEEP_MILLIS = 200;

    final EventLoop eventLoop;
    final RouterContext context;
    final UpstreamPool pool;
    final Scratch scratch = new Scratch();
    private final Set<ClientConnection> clients = new LinkedHashSet<>();
    private int random = 0x9e3779b9;

    /** The time of the last sweep: exact enough for time limits, and free. */
    long coarseNanos;

    Loop(EventLoop eventLoop, RouterContext context) {
        this.eventLoop = eventLoop;
        this.context = context;
        this.coarseNanos = context.ticker.nanoTime();
        this.random ^= System.identityHashCode(this);
        this.pool = new UpstreamPool(this);
    }

    /** Begins to sweep; any thread. */
    void start() {
        var unused = eventLoop.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    void add(ClientConnection client) {
        clients.add(client);
    }

    void remove(ClientConnection client) {
        clients.remove(client);
    }

    /** All clients, safe from changes while they are gone through. */
    List<ClientConnection> clients() {
        return new ArrayList<>(clients);
    }

    /** A number that decides between equals. */
    int random() {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        return random;
    }

    private void sweep() {
        coarseNanos = context.ticker.nanoTime();
        for (ClientConnection client : clients()) {
            client.sweep(coarseNanos);
        }
        pool.sweep(coarseNanos);
    }
}
