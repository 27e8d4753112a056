package holt.bus.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that serves all sockets: it reads much at once, takes everything apart, and writes once to each client
 * for whom something came of it. It never waits for a client, and takes the hub's lock for one client's bytes at a time.
 */
final class Loop {
    /** Time for which what a cut client still sends is taken and dropped, so that it can read why it was cut. */
    static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    static final long FIRST_PING_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Logger LOG = System.getLogger(Loop.class.getName());
    private static final int READ_AT_ONCE = 1 << 16;
    private static final int ACCEPTED_AT_ONCE = 64;
    private static final int BACKLOG = 1024;
    private static final long FLUSH_AFTER = 1 << 17;
    private static final long ACCEPT_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long SHORTEST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int NONCE_BYTES = 11;
    private static final int CHECKS_WAITING = 4096;

    private final BusSettings settings;
    private final Hub hub;
    private final Access access;
    private final Info info;
    private final @Nullable SSLContext tls;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final @Nullable SelectionKey accepting;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ThreadPoolExecutor helpers;
    private final SecureRandom random = new SecureRandom();
    private final Parser.Scratch scratch = new Parser.Scratch();
    private final OutBuffer.Pool chunks = new OutBuffer.Pool();
    private final byte[] in = new byte[READ_AT_ONCE];
    private final ByteBuffer buffer = ByteBuffer.wrap(in);
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
    private long acceptAgainNanos = Long.MAX_VALUE;
    private volatile boolean stopping;

    Loop(BusSettings settings, Hub hub, Access access, Info info, @Nullable SSLContext tls) throws IOException {
        this.settings = settings;
        this.hub = hub;
        this.access = access;
        this.info = info;
        this.tls = tls;
        this.memory = new Memory(this);
        this.selector = Selector.open();
        this.listener = ServerSocketChannel.open();
        this.helpers = new ThreadPoolExecutor(
                0,
                2,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(CHECKS_WAITING),
                Thread.ofPlatform().daemon().name("holt-bus-helper-", 0).factory());
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(new InetSocketAddress(settings.host(), settings.port()), BACKLOG);
            listener.configureBlocking(false);
            accepting = listener.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException | RuntimeException fault) {
            listener.close();
            selector.close();
            throw fault;
        }
        helpers.setCorePoolSize(1);
        helpers.allowCoreThreadTimeOut(true);
        info.listensOn(port());
        this.thread = Thread.ofPlatform().daemon().name("holt-bus").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
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
            selector.wakeup();
        }
    }

    /** A moment at which clients have to be looked at; guarded by the hub's lock. */
    void expects(long moment) {
        if (moment < tickNanos) {
            tickNanos = moment;
            if (Thread.currentThread() != thread) {
                selector.wakeup();
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
        selector.wakeup();
    }

    /** A client is gone or going. */
    void left(SocketClient client, String reason) {
        served--;
        LOG.log(Level.DEBUG, "event=bus-client-left {0} reason=\"{1}\"", client, reason);
        if (reason.startsWith("Slow Consumer")) {
            LOG.log(Level.WARNING, "event=bus-slow-consumer {0} reason=\"{1}\"", client, reason);
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
                selector.select(this::serve, waitMillis());
                turn();
            }
        } catch (IOException | RuntimeException fault) {
            LOG.log(Level.ERROR, "event=bus-loop-failed", fault);
        } finally {
            endAll();
            ended.complete(null);
        }
    }

    /** 0 for as long as nothing happens. */
    private long waitMillis() {
        long next;
        hub.lock.lock();
        try {
            if (!dirty.isEmpty() || !tasks.isEmpty()) {
                return 1;
            }
            next = Math.min(tickNanos, acceptAgainNanos);
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
            if (now() >= acceptAgainNanos && accepting != null && accepting.isValid()) {
                acceptAgainNanos = Long.MAX_VALUE;
                accepting.interestOps(SelectionKey.OP_ACCEPT);
            }
            if (now() >= tickNanos) {
                tick();
            }
            if (hub.sweep()) {
                selector.wakeup();
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
        long next = Long.MAX_VALUE;
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
        if (key == accepting) {
            accept();
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
                shaken(client, link);
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

    private void shaken(SocketClient client, TlsLink link) {
        if (link.isShaken() && client.awaitsTls()) {
            client.secured();
            if (settings.tls() != null && settings.tls().first()) {
                client.inform(info.of(client, access.usesNonce()));
            }
        }
        interest(client);
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

    private void accept() {
        for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
            try {
                SocketChannel channel = listener.accept();
                if (channel == null) {
                    return;
                }
                admit(channel);
            } catch (IOException fault) {
                LOG.log(Level.WARNING, "event=bus-accept-failed reason=\"{0}\"", fault.getMessage());
                pauseAccepting();
                return;
            }
        }
    }

    /** No descriptor is left, or the like: others may leave meanwhile. */
    private void pauseAccepting() {
        hub.lock.lock();
        try {
            acceptAgainNanos = System.nanoTime() + ACCEPT_AGAIN_NANOS;
            if (accepting != null && accepting.isValid()) {
                accepting.interestOps(0);
            }
        } finally {
            hub.lock.unlock();
        }
    }

    private void admit(SocketChannel channel) {
        SocketClient client = null;
        hub.lock.lock();
        try {
            hub.look();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            InetSocketAddress address = (InetSocketAddress) channel.getRemoteAddress();
            client = new SocketClient(this, hub.nextCid(), channel, address);
            client.key(channel.register(selector, SelectionKey.OP_READ, client));
            boolean full = served >= settings.limits().maxConnections();
            served++;
            sockets.add(client);
            hub.enter(client);
            if (full) {
                if (settings.tls() == null || !settings.tls().first()) {
                    client.inform(info.of(client, false));
                }
                client.cut("Maximum Connections Exceeded", "maximum connections exceeded");
                return;
            }
            greet(client);
            expects(client.dueNanos());
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "event=bus-client-lost-at-once", gone);
            if (client != null && sockets.contains(client)) {
                client.closed("Read Error");
            }
            close(channel);
        } finally {
            hub.lock.unlock();
        }
    }

    private void greet(SocketClient client) throws IOException {
        if (access.usesNonce()) {
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            client.nonce(Base64.getUrlEncoder().withoutPadding().encode(nonce));
        }
        BusSettings.Tls keys = settings.tls();
        if (tls == null || keys == null) {
            client.inform(info.of(client, access.usesNonce()));
            return;
        }
        if (!keys.first()) {
            client.inform(info.of(client, access.usesNonce()));
            client.flush();
        }
        SSLEngine engine = tls.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(keys.clientAuthorities() != null);
        client.secure(new TlsLink(client.channel(), engine, this::elsewhere, () -> later(() -> helped(client))));
    }

    /** The heavy part of a handshake is done. */
    private void helped(SocketClient client) {
        if (client.link() instanceof TlsLink link && !client.isGone()) {
            link.helped();
            interest(client);
            read(client);
        }
    }

    /** No new client is let in; those that are here hear that they should leave. */
    void closeToNewcomers() {
        closeListener();
        byte[] news = info.leaving();
        sockets.stream().filter(SocketClient::wantsNews).forEach(client -> client.inform(news));
    }

    /** A channel is closed only once the selector has let go of it. */
    private void closeListener() {
        try {
            listener.close();
            selector.selectNow(unused -> {});
        } catch (IOException fault) {
            LOG.log(Level.WARNING, "event=bus-listener-close-failed", fault);
        }
    }

    /** Those served by socket at present. */
    List<SocketClient> sockets() {
        return sockets.stream().filter(client -> !client.isGone()).toList();
    }

    /** Nobody new is let in, and those that are here are cut as soon as what waits for them is written. */
    void leave() {
        closeListener();
        sockets().forEach(client -> client.cut("Server Shutdown", null));
    }

    /** Ends the loop with all its sockets. */
    CompletableFuture<Void> stop() {
        stopping = true;
        selector.wakeup();
        return ended;
    }

    private void endAll() {
        hub.lock.lock();
        try {
            sockets.forEach(client -> client.closed("Server Shutdown"));
            sockets.clear();
            listener.close();
            selector.close();
        } catch (IOException fault) {
            LOG.log(Level.WARNING, "event=bus-close-failed", fault);
        } finally {
            hub.lock.unlock();
            helpers.shutdownNow();
        }
    }
}
