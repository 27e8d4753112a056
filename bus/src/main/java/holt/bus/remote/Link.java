package holt.bus.remote;

import holt.bus.PayloadTooLarge;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.MessageHandler;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one server, over the client library, from its beginning to its loss; it never comes back. All it
 * does is to queue: nothing here waits for the server.
 */
final class Link {
    private static final Logger LOGGER = System.getLogger(Link.class.getName());
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    /** A server that answers none of three pings is gone. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(4);

    private static final int PINGS_OUT = 2;
    /** What may wait for a server that reads slowly. */
    private static final long MAX_PENDING_BYTES = 32L << 20;

    private static final Headers PACKED = new Headers(new Headers().put(Packed.HEADER, Packed.ZLIB), true);

    private final Connection connection;
    private final Dispatcher dispatcher;
    private final Events events;

    private Link(Connection connection, Events events) {
        this.connection = connection;
        this.events = events;
        this.dispatcher = connection.createDispatcher();
    }

    /**
     * Connects to any one of the servers.
     *
     * @param known further servers of the cluster that an earlier connection told of
     * @param whenLost is called once or more when the connection is gone, on a thread of the library
     * @throws IOException where none could be reached, or all refuse us
     */
    static Link open(RemoteSettings settings, Collection<String> known, Runnable whenLost) throws IOException {
        Events events = new Events(whenLost);
        Options.Builder options = Options.builder()
                .servers(settings.servers().stream().map(URI::toString).toArray(String[]::new))
                .connectionName(settings.name())
                .noReconnect()
                .supportUTF8Subjects()
                .connectionTimeout(CONNECT_LIMIT)
                .pingInterval(PING_INTERVAL)
                .maxPingsOut(PINGS_OUT)
                .connectionListener(events)
                .errorListener(events);
        for (String server : known) {
            options.server(server);
        }
        if (settings.isSecure()) {
            options.sslContext(Trust.context(settings.authority()));
        }
        Login.add(options, settings.credentials());
        try {
            return new Link(Nats.connect(options.build()), events);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while connecting", interrupted);
        }
    }

    /** What the server told of itself. */
    Limits limits() {
        return new Limits(
                connection.getServerInfo().getMaxPayload(),
                connection.getServerInfo().isHeadersSupported());
    }

    /** The servers of the cluster, as far as they are known. */
    Collection<String> servers() {
        return connection.getServers();
    }

    String server() {
        return String.valueOf(connection.getConnectedUrl());
    }

    boolean isLost() {
        return events.lost || connection.getStatus() != Connection.Status.CONNECTED;
    }

    /** @return null where it is on its way, else why not */
    @Nullable
    String send(Outgoing message) {
        if (connection.outgoingPendingBytes() > MAX_PENDING_BYTES) {
            return "the server reads too slowly";
        }
        try {
            connection.publish(
                    message.subject(), message.replySubject(), message.packed() ? PACKED : null, message.payload());
            return null;
        } catch (IllegalStateException | IllegalArgumentException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    Subscription subscribe(String subject, @Nullable String queue, MessageHandler handler) {
        return queue == null ? dispatcher.subscribe(subject, handler) : dispatcher.subscribe(subject, queue, handler);
    }

    void unsubscribe(Subscription subscription) {
        if (!isLost()) {
            dispatcher.unsubscribe(subscription);
        }
    }

    /** Sends what waits, for a moment, and ends. */
    void close() {
        try {
            if (!isLost()) {
                connection.flush(CONNECT_LIMIT);
            }
        } catch (java.util.concurrent.TimeoutException | IllegalStateException gone) {
            LOGGER.log(Level.DEBUG, "bus not flushed", gone);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            connection.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What a server takes.
     *
     * @param maxPayload bytes, headers included
     */
    record Limits(long maxPayload, boolean headers) {
        void check(String subject, int bytes) {
            if (maxPayload > 0 && bytes > maxPayload) {
                throw new PayloadTooLarge(subject, bytes, maxPayload);
            }
        }
    }

    /** What the library tells. */
    private static final class Events implements ConnectionListener, ErrorListener {
        private final Runnable whenLost;
        private volatile boolean lost;

        Events(Runnable whenLost) {
            this.whenLost = whenLost;
        }

        @Override
        public void connectionEvent(Connection connection, ConnectionListener.Events event) {
            if (event == ConnectionListener.Events.DISCONNECTED || event == ConnectionListener.Events.CLOSED) {
                lost = true;
                whenLost.run();
            }
        }

        @Override
        public void errorOccurred(Connection connection, String error) {
            LOGGER.log(Level.WARNING, "bus server refused reason=\"{0}\"", error);
        }

        @Override
        public void exceptionOccurred(Connection connection, Exception fault) {
            LOGGER.log(Level.DEBUG, "bus connection fault", fault);
        }

        @Override
        public void slowConsumerDetected(Connection connection, Consumer consumer) {
            LOGGER.log(Level.WARNING, "bus slow consumer lost={0}", consumer.getDroppedCount());
        }
    }
}
