package holt.bus.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that serves all sockets: it reads much at once, takes everything apart, and writes once to each client
 * for whom something came of it. It never waits for a client, and takes the hub's lock for one client's bytes at a time.
 */
final class Loop {
    /** Time for which what a cut client still sends is taken and dropped, so that it can read why it was cut. */
    static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** What comes within this time is served without waking from sleep; on a machine that does nothing else that is most. */
    private static final long AWAKE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    static final long FIRST_PING_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Logger LOG = System.getLogger(Loop.class.getName());
    private static final int READ_AT_ONCE = 1 << 18;
    /** Chunks in one write. */
    private static final int WRITTEN_AT_ONCE = 8;

    private static final long FLUSH_AFTER = 1 << 17;
    private static final long SHORTEST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int CHECKS_WAITING = 4096;

    private final BusSettings settings;
    private final Hub hub;
    private final Access access;
    private final Selector selector;
    private final Door door;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ThreadPoolExecutor helpers;
    private final Parser.Scratch scratch = new Parser.Scratch();
    private final OutBuffer.Pool chunks = new OutBuffer.Pool();
    private final byte[] in = new byte[READ_AT_ONCE];
    private final ByteBuffer buffer = ByteBuffer.wrap(in);
    private final ByteBuffer[] ranges = new ByteBuffer[WRITTEN_AT_ONCE];
    private final Memory memory;
    private final Thread thread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Clients for whom something waits, guarded by the hub's lock. */
    private ArrayDeque<SocketClient> dirty = new ArrayDeque<>();

    private ArrayDeque<SocketClient> flushing = new ArrayDeque<>();
    private byte[] line = new byte[8192];
    private final List<SocketClient> sockets = new ArrayList<>();
    /** Clients that are neither gone nor going. */
    private int served;

    private long readSinceFlush;
    private long tickNanos = Long.MAX_VALUE;
    /** How long it does not sleep after it served somebody. */
    private long awakeUntilNanos = Long.MIN_VALUE;
    /** Whether there is something to be done besides what comes by sockets. */
    private volatile boolean called;

    private volatile boolean stopping;

    Loop(BusSettings settings, Hub hub, Access access, Info info, @Nullable SSLContext tls) throws IOException {
        this.settings = settings;
        this.hub = hub;
        this.access = access;
        this.memory = new Memory(this);
        this.selector = Selector.open();
        this.helpers = new ThreadPoolExecutor(
                0,
                2,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(CHECKS_WAITING),
                Thread.ofPlatform().daemon().name("holt-bus-helper-", 0).factory());
        try {
            door = new Door(this, info, tls, selector);
        } catch (IOException | RuntimeException fault) {
            selector.close();
            throw fault;
        }
        helpers.setCorePoolSize(1);
        helpers.allowCoreThreadTimeOut(true);
        this.thread = Thread.ofPlatform().daemon().name("holt-bus").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    int port() throws IOException {
        return door.port();
    }

    BusSettings settings() {
        return settings;
    }

    Hub hub() {
        return hub;
    }

    Access access() {
        return access;
    }

    Parser.Scratch scratch() {
        return scratch;
    }

    /** Scratch space for one write. */
    ByteBuffer[] ranges() {
        return ranges;
    }

    OutBuffer.Pool chunks() {
        return chunks;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    /** Whether all clients together hold more than they may; guarded by the hub's lock. */
    boolean isShort() {
        return memory.isShort();
    }

    /** Writes what can be written, then cuts those who hold most; guarded by the hub's lock. */
    void relieve() {
        if (Thread.currentThread() == thread) {
            for (SocketClient client = dirty.poll(); client != null; client = dirty.poll()) {
                client.flush();
            }
        }
        memory.check();
    }

    /** The time of this round; guarded by the hub's lock. */
    long now() {
        return hub.nowNanos;
    }

    /** Scratch space for a line; guarded by the hub's lock. */
    byte[] line(int length) {
        if (line.length < length) {
            line = new byte[length];
        }
        return line;
    }

    /** Something waits for a client; guarded by the hub's lock. */
    void soiled(SocketClient client) {
        dirty.add(client);
        if (Thread.currentThread() != thread) {
            call();
        }
    }

    /** A moment at which clients have to be looked at; guarded by the hub's lock. */
    void expects(long moment) {
        if (moment < tickNanos) {
            tickNanos = moment;
            if (Thread.currentThread() != thread) {
                call();
            }
        }
    }

    /** Does something that takes long on another thread. One too many is not done: who waits for it times out. */
    void elsewhere(Runnable work) {
        try {
            helpers.execute(work);
        } catch (RejectedExecutionException full) {
            LOG.log(Level.WARNING, "event=bus-checks-full waiting={0}", CHECKS_WAITING);
        }
    }

    /** Does something on the loop's thread, with the hub's lock. */
    void later(Runnable task) {
        tasks.add(task);
        call();
    }

    /** Has the loop look at what there is to do besides what comes by sockets. */
    private void call() {
        called = true;
        selector.wakeup();
    }

    /** A client is gone or going. */
    void left(SocketClient client, String reason) {
        served--;
        LOG.log(Level.DEBUG, "event=bus-client-left {0} reason=\"{1}\"", client, reason);
        if (reason.startsWith("Slow Consumer") && Long.bitCount(hub.slowConsumers) == 1) {
            LOG.log(
                    Level.WARNING,
                    "event=bus-slow-consumer {0} reason=\"{1}\" so-far={2}",
                    client,
                    reason,
                    hub.slowConsumers);
        }
    }

    void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "event=bus-close-failed", gone);
        }
        selector.wakeup();
    }

    private void run() {
        try {
            while (!stopping) {
                int served = await();
                if (served > 0 || called || System.nanoTime() >= tickNanos) {
                    called = false;
                    turn();
                }
            }
        } catch (IOException | RuntimeException fault) {
            LOG.log(Level.ERROR, "event=bus-loop-failed", fault);
        } finally {
            endAll();
            ended.complete(null);
        }
    }

    /**
     * Serves those that are ready. For a moment after that it looks again and again, and only then sleeps: answers come
     * fast, and to wake a sleeping thread takes longer than to serve it.
     */
    private int await() throws IOException {
        boolean awake = System.nanoTime() < awakeUntilNanos;
        int served = awake ? selector.selectNow(this::serve) : selector.select(this::serve, waitMillis());
        if (served > 0) {
            awakeUntilNanos = System.nanoTime() + AWAKE_NANOS;
        } else if (awake) {
            Thread.yield();
        } else {
            called = true;
        }
        return served;
    }

    /** 0 for as long as nothing happens. */
    private long waitMillis() {
        long next;
        hub.lock.lock();
        try {
            if (!dirty.isEmpty() || !tasks.isEmpty()) {
                return 1;
            }
            next = tickNanos;
        } finally {
            hub.lock.unlock();
        }
        if (next == Long.MAX_VALUE) {
            return 0;
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(next - System.nanoTime()) + 1);
    }

    /** What has to be done after each round. */
    private void turn() {
        hub.lock.lock();
        try {
            hub.look();
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                run(task);
            }
            if (now() >= tickNanos) {
                tick();
            }
            if (hub.sweep()) {
                call();
            }
        } finally {
            hub.lock.unlock();
        }
        flushAll();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException fault) {
            LOG.log(Level.ERROR, "event=bus-task-failed", fault);
        }
    }

    private void tick() {
        tickNanos = Long.MAX_VALUE;
        long next = door.openWhenDue(now());
        for (SocketClient client : List.copyOf(sockets)) {
            client.at(now());
            next = Math.min(next, client.dueNanos());
        }
        sockets.removeIf(SocketClient::isGone);
        tickNanos = Math.min(tickNanos, next == Long.MAX_VALUE ? next : Math.max(next, now() + SHORTEST_TICK_NANOS));
    }

    private void serve(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (door.is(key)) {
            door.accept();
            return;
        }
        SocketClient client = (SocketClient) key.attachment();
        try {
            serve(client, key);
        } catch (CancelledKeyException gone) {
            LOG.log(Level.DEBUG, "event=bus-client-gone-meanwhile {0}", client);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError fault) {
            LOG.log(Level.ERROR, "event=bus-client-fault " + client, fault);
            end(client, "Internal Error");
        }
        if (readSinceFlush >= FLUSH_AFTER) {
            flushAll();
        }
    }

    /** One who sends without end is written to all the same. */
    private void serve(SocketClient client, SelectionKey key) {
        boolean writable = key.isWritable();
        if (key.isReadable()) {
            read(client);
        }
        if (writable) {
            flush(client);
        }
    }

    private void read(SocketClient client) {
        try {
            buffer.clear();
            int count = client.link().read(buffer);
            if (count < 0) {
                end(client, "Client Closed");
            } else if (count > 0 || client.isTls()) {
                took(client, count);
                if (client.link() instanceof TlsLink link && link.isEnded()) {
                    end(client, "Client Closed");
                }
            }
        } catch (IOException gone) {
            end(client, client.isTls() ? "TLS Error" : "Read Error");
        }
    }

    private void took(SocketClient client, int count) {
        readSinceFlush += count;
        hub.lock.lock();
        try {
            hub.look();
            if (client.link() instanceof TlsLink link) {
                door.shaken(client, link);
                interest(client);
            }
            if (count > 0) {
                client.take(in, count);
            }
            if (client.isPaused()) {
                interest(client);
            }
            if (isShort()) {
                relieve();
            }
        } finally {
            hub.lock.unlock();
        }
    }

    private void end(SocketClient client, String reason) {
        hub.lock.lock();
        try {
            client.closed(reason);
        } finally {
            hub.lock.unlock();
        }
    }

    private void flush(SocketClient client) {
        hub.lock.lock();
        try {
            client.flush();
        } finally {
            hub.lock.unlock();
        }
    }

    /** Writes to all for whom something waits, with the lock for one at a time. */
    private void flushAll() {
        readSinceFlush = 0;
        hub.lock.lock();
        try {
            ArrayDeque<SocketClient> due = dirty;
            dirty = flushing;
            flushing = due;
        } finally {
            hub.lock.unlock();
        }
        for (SocketClient client = flushing.poll(); client != null; client = flushing.poll()) {
            flush(client);
        }
    }

    /** What is waited for of a client may have changed. */
    void interest(SocketClient client) {
        SelectionKey key = client.key();
        if (key != null && key.isValid()) {
            int wanted = client.interest();
            if (key.interestOps() != wanted) {
                key.interestOps(wanted);
            }
        }
    }

    /** The heavy part of a handshake is done. */
    void helped(SocketClient client) {
        if (client.link() instanceof TlsLink link && !client.isGone()) {
            link.helped();
            interest(client);
            read(client);
        }
    }

    /** No new client is let in; those that are here hear that they should leave. */
    void closeToNewcomers() {
        door.shut();
        byte[] news = door.farewell();
        sockets.stream().filter(SocketClient::wantsNews).forEach(client -> client.inform(news));
    }

    /** Takes a client in; false where there are as many as may be. With the hub's lock. */
    boolean enter(SocketClient client) {
        boolean room = served < settings.limits().maxConnections();
        served++;
        sockets.add(client);
        hub.enter(client);
        return room;
    }

    boolean has(SocketClient client) {
        return sockets.contains(client);
    }

    /** Those served by socket at present. */
    List<SocketClient> sockets() {
        return sockets.stream().filter(client -> !client.isGone()).toList();
    }

    /** Nobody new is let in, and those that are here are cut as soon as what waits for them is written. */
    void leave() {
        door.shut();
        sockets().forEach(client -> client.cut("Server Shutdown", null));
    }

    /** Ends the loop with all its sockets. */
    CompletableFuture<Void> stop() {
        stopping = true;
        call();
        return ended;
    }

    private void endAll() {
        hub.lock.lock();
        try {
            sockets.forEach(client -> client.closed("Server Shutdown"));
            sockets.clear();
            door.shut();
            selector.close();
        } catch (IOException fault) {
            LOG.log(Level.WARNING, "event=bus-close-failed", fault);
        } finally {
            hub.lock.unlock();
            helpers.shutdownNow();
        }
    }
}
