package holt.bus.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Where clients come in: the port, and what each is told first. Owned by the loop's thread. */
final class Door {
    private static final Logger LOG = System.getLogger(Door.class.getName());
    private static final int ACCEPTED_AT_ONCE = 64;
    private static final int BACKLOG = 1024;
    private static final long ACCEPT_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int NONCE_BYTES = 11;

    private final Loop loop;
    private final Info info;
    private final @Nullable SSLContext tls;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final SelectionKey accepting;
    private final SecureRandom random = new SecureRandom();
    /** When it opens again after it had to shut for a while; guarded by the hub's lock. */
    private long openAgainNanos = Long.MAX_VALUE;

    /** @throws IOException where the port is taken */
    Door(Loop loop, Info info, @Nullable SSLContext tls, Selector selector) throws IOException {
        this.loop = loop;
        this.info = info;
        this.tls = tls;
        this.selector = selector;
        this.listener = ServerSocketChannel.open();
        BusSettings settings = loop.settings();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(new InetSocketAddress(settings.host(), settings.port()), BACKLOG);
            listener.configureBlocking(false);
            accepting = listener.register(selector, SelectionKey.OP_ACCEPT);
            info.listensOn(port());
        } catch (IOException | RuntimeException fault) {
            listener.close();
            throw fault;
        }
    }

    int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    boolean is(SelectionKey key) {
        return key == accepting;
    }

    /** Lets in who waits outside. */
    void accept() {
        for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
            try {
                SocketChannel channel = listener.accept();
                if (channel == null) {
                    return;
                }
                admit(channel);
            } catch (IOException fault) {
                LOG.log(Level.WARNING, "event=bus-accept-failed reason=\"{0}\"", fault.getMessage());
                shutForAWhile();
                return;
            }
        }
    }

    /** No descriptor is left, or the like: others may leave meanwhile. */
    private void shutForAWhile() {
        loop.hub().lock.lock();
        try {
            openAgainNanos = System.nanoTime() + ACCEPT_AGAIN_NANOS;
            loop.expects(openAgainNanos);
            if (accepting.isValid()) {
                accepting.interestOps(0);
            }
        } finally {
            loop.hub().lock.unlock();
        }
    }

    /** Opens again when it is time; with the hub's lock. Tells when to ask again. */
    long openWhenDue(long now) {
        if (now >= openAgainNanos) {
            openAgainNanos = Long.MAX_VALUE;
            if (accepting.isValid()) {
                accepting.interestOps(SelectionKey.OP_ACCEPT);
            }
        }
        return openAgainNanos;
    }

    private void admit(SocketChannel channel) {
        Hub hub = loop.hub();
        SocketClient client = null;
        hub.lock.lock();
        try {
            hub.look();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            InetSocketAddress address = (InetSocketAddress) channel.getRemoteAddress();
            client = new SocketClient(loop, hub.nextCid(), channel, address);
            client.key(channel.register(selector, SelectionKey.OP_READ, client));
            if (loop.enter(client)) {
                greet(client);
                loop.expects(client.dueNanos());
            } else {
                turnAway(client);
            }
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "event=bus-client-lost-at-once", gone);
            if (client != null && loop.has(client)) {
                client.closed("Read Error");
            }
            loop.close(channel);
        } finally {
            hub.lock.unlock();
        }
    }

    private void turnAway(SocketClient client) {
        BusSettings.Tls keys = loop.settings().tls();
        if (keys == null || !keys.first()) {
            client.inform(info.of(client, false));
        }
        client.cut("Maximum Connections Exceeded", "maximum connections exceeded");
    }

    private void greet(SocketClient client) throws IOException {
        if (loop.access().usesNonce()) {
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            client.nonce(Base64.getUrlEncoder().withoutPadding().encode(nonce));
        }
        BusSettings.Tls keys = loop.settings().tls();
        if (tls == null || keys == null) {
            inform(client);
            return;
        }
        if (!keys.first()) {
            inform(client);
            client.flush();
        }
        SSLEngine engine = tls.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(keys.clientAuthorities() != null);
        client.secure(
                new TlsLink(client.channel(), engine, loop::elsewhere, () -> loop.later(() -> loop.helped(client))));
    }

    /** A handshake may just have been done. */
    void shaken(SocketClient client, TlsLink link) {
        if (link.isShaken() && client.awaitsTls()) {
            client.secured();
            BusSettings.Tls keys = loop.settings().tls();
            if (keys != null && keys.first()) {
                inform(client);
            }
        }
    }

    private void inform(SocketClient client) {
        client.inform(info.of(client, loop.access().usesNonce()));
    }

    /** What clients are told before the server goes. */
    byte[] farewell() {
        return info.leaving();
    }

    /** Nobody new is let in. A channel is closed only once the selector has let go of it. */
    void shut() {
        try {
            listener.close();
            selector.selectNow(unused -> {});
        } catch (IOException fault) {
            LOG.log(Level.WARNING, "event=bus-listener-close-failed", fault);
        }
    }
}
