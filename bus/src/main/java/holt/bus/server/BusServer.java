package holt.bus.server;

import holt.bus.Bus;
import holt.bus.BusMonitor;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A NATS server in this process. Clients of any language connect to its port, parts of this process with
 * {@link #connect}; all meet on the same subjects. Safe for use by any thread.
 */
public final class BusServer implements BusMonitor, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final BusSettings settings;
    private final Hub hub;
    private final @Nullable Loop loop;
    private final Monitoring monitoring;

    private BusServer(BusSettings settings, InstantSource clock) throws IOException {
        this.hub = new Hub(clock);
        this.settings = settings;
        Access access = new Access(settings);
        Info info = new Info(settings, access.isRequired());
        BusSettings.Tls tls = settings.tls();
        this.loop = settings.port() < 0
                ? null
                : new Loop(settings, hub, access, info, tls == null ? null : TlsKeys.context(tls));
        this.monitoring = new Monitoring(settings, hub, info);
    }

    /**
     * Starts one.
     *
     * @throws IOException where the port is taken or keys cannot be read
     */
    public static BusServer start(BusSettings settings) throws IOException {
        return start(settings, InstantSource.system());
    }

    /**
     * Starts one whose monitoring tells the time of a clock.
     *
     * @throws IOException where the port is taken or keys cannot be read
     */
    public static BusServer start(BusSettings settings, InstantSource clock) throws IOException {
        BusServer server = new BusServer(settings, clock);
        if (server.loop != null) {
            server.loop.start();
        }
        return server;
    }

    /** The port clients connect to; -1 where there is none. */
    public int port() {
        try {
            return loop == null ? -1 : loop.port();
        } catch (IOException closed) {
            return -1; // it listens no longer
        }
    }

    /** A connection for a part of this process, under this name in monitoring. It need not say who it is. */
    public Bus connect(String clientName) {
        hub.lock.lock();
        try {
            LocalClient client = new LocalClient(hub, hub.nextCid(), clientName);
            client.enter();
            return client;
        } finally {
            hub.lock.unlock();
        }
    }

    @Override
    public byte[] page(String page, Map<String, String> query) {
        return monitoring.page(page, query);
    }

    /**
     * Leaves gently: nobody new is let in, clients are told and have a grace to go by themselves, then they are cut one
     * after the other over the lame duck duration. Returns when none is left.
     */
    public void lameDuck() throws InterruptedException {
        Loop sockets = loop;
        if (sockets != null) {
            new LameDuck(settings.limits(), hub, sockets).run();
        }
        close();
    }

    /** Writes what waits, for a short while, then ends all connections. */
    @Override
    public void close() {
        Loop sockets = loop;
        if (sockets != null) {
            awaitNone(sockets, SocketClient::isWriting);
            sockets.later(sockets::leave);
            awaitNone(
                    sockets, client -> true); // a socket that is closed while something comes in may lose what went out
        }
        closeNow();
    }

    private void awaitNone(Loop sockets, Predicate<SocketClient> what) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && isAny(sockets, what)) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private boolean isAny(Loop sockets, Predicate<SocketClient> what) {
        hub.lock.lock();
        try {
            return sockets.sockets().stream().anyMatch(what);
        } finally {
            hub.lock.unlock();
        }
    }

    /** Ends all connections at once; what waits to be written is lost. */
    public void closeNow() {
        List<LocalClient> all;
        hub.lock.lock();
        try {
            all = hub.clients.values().stream()
                    .filter(LocalClient.class::isInstance)
                    .map(LocalClient.class::cast)
                    .toList();
        } finally {
            hub.lock.unlock();
        }
        all.forEach(LocalClient::close);
        Loop sockets = loop;
        if (sockets != null) {
            CompletableFuture<Void> ended = sockets.stop();
            try {
                ended.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException fault) {
                throw new IllegalStateException("The bus's loop does not end", fault);
            }
        }
    }
}
