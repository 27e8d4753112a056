package holt.router;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event loop's connections to endpoints that wait for their next request; and the way to new ones. */
final class UpstreamPool {
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 << 10, 128 << 10);

    private static final int MAX_IDLE_PER_BACKEND = 1024;

    private final Loop loop;
    private final Map<Backend, ArrayDeque<UpstreamConnection>> idle = new IdentityHashMap<>();

    /** Connections that are being made. */
    private final Map<Backend, List<Channel>> connecting = new IdentityHashMap<>();

    UpstreamPool(Loop loop) {
        this.loop = loop;
    }

    /**
     * Takes the connection that was used last.
     *
     * @param maxIdleNanos none that has waited longer
     */
    @Nullable
    UpstreamConnection take(Backend backend, long maxIdleNanos) {
        ArrayDeque<UpstreamConnection> connections = idle.get(backend);
        if (connections == null) {
            return null;
        }
        UpstreamConnection last = connections.peekFirst();
        if (last == null || loop.coarseNanos - last.idleSinceNanos() > maxIdleNanos) {
            return null;
        }
        connections.removeFirst();
        return last;
    }

    /** Keeps a connection for the next request, or closes it where its endpoint will get none. */
    void giveBack(UpstreamConnection connection) {
        ArrayDeque<UpstreamConnection> connections =
                idle.computeIfAbsent(connection.backend(), unused -> new ArrayDeque<>());
        if (connection.backend().isRetired() || connections.size() >= MAX_IDLE_PER_BACKEND || loop.context.closing) {
            connection.close();
            return;
        }
        connections.addFirst(connection);
    }

    /** Forgets a connection that its endpoint has closed. */
    void remove(UpstreamConnection connection) {
        ArrayDeque<UpstreamConnection> connections = idle.get(connection.backend());
        if (connections != null) {
            connections.removeFirstOccurrence(connection);
        }
    }

    /**
     * Closes what waits for backends that get no requests any more, and gives up connecting to them: an instance that died
     * takes its address along, and nobody would answer until the time limit. Their requests go elsewhere.
     */
    void retire(List<Backend> backends) {
        for (Backend backend : backends) {
            ArrayDeque<UpstreamConnection> connections = idle.remove(backend);
            if (connections != null) {
                connections.forEach(UpstreamConnection::close);
            }
            List<Channel> begun = connecting.remove(backend);
            if (begun != null) {
                begun.forEach(Channel::close);
            }
        }
    }

    void closeAll() {
        retire(new ArrayList<>(idle.keySet()));
        retire(new ArrayList<>(connecting.keySet()));
    }

    void sweep(long nowNanos) {
        List<UpstreamConnection> old = new ArrayList<>();
        for (Iterator<Map.Entry<Backend, ArrayDeque<UpstreamConnection>>> each =
                        idle.entrySet().iterator();
                each.hasNext(); ) {
            Map.Entry<Backend, ArrayDeque<UpstreamConnection>> entry = each.next();
            ArrayDeque<UpstreamConnection> connections = entry.getValue();
            while (!connections.isEmpty()
                    && nowNanos - connections.peekLast().idleSinceNanos() > loop.context.upstreamIdleNanos) {
                old.add(connections.removeLast());
            }
            if (connections.isEmpty() && entry.getKey().isRetired()) {
                each.remove();
            }
        }
        old.forEach(UpstreamConnection::close);
    }

    /** Makes a new connection; the exchange hears of it, or why there is none. */
    void connect(Backend backend, Exchange exchange) {
        Channel channel = loop.context.transport.clientChannel().get();
        ChannelConfig config = channel.config();
        config.setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                loop.context.settings.timeouts().connect().toMillis());
        config.setOption(ChannelOption.TCP_NODELAY, true);
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        config.setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        // An endpoint may answer and close before it has read all of a request: what it said can still be read.
        config.setOption(ChannelOption.AUTO_CLOSE, false);
        UpstreamConnection connection = new UpstreamConnection(loop, backend, channel);
        channel.pipeline().addLast(connection);
        connecting.computeIfAbsent(backend, unused -> new ArrayList<>()).add(channel);
        loop.eventLoop.register(channel).addListener((ChannelFuture registered) -> {
            if (registered.isSuccess()) {
                channel.connect(backend.address()).addListener((ChannelFuture connected) -> {
                    connectingEnded(backend, channel);
                    exchange.connected(connection, connected.cause());
                });
            } else {
                connectingEnded(backend, channel);
                channel.unsafe().closeForcibly();
                exchange.connected(connection, registered.cause());
            }
        });
    }

    private void connectingEnded(Backend backend, Channel channel) {
        connecting.computeIfPresent(backend, (unused, begun) -> {
            begun.remove(channel);
            return begun.isEmpty() ? null : begun;
        });
    }
}
