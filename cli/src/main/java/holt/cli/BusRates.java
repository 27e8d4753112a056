package holt.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened on the bus between two looks at it, by the bus's own clock. Pure. A rate that cannot be known is null:
 * the server was started anew in between, a counter went back, no time passed.
 *
 * @param server rates of the whole
 * @param connections rates by client
 * @param total how many clients there are, of which these are some
 */
record BusRates(Server server, List<Client> connections, long total) {

    /** One look: both pages, read one directly after the other. */
    record Look(BusServer server, BusConnection.Page clients) {}

    /** The server now; messages and bytes {@code in} from all clients and {@code out} to them, a second. */
    record Server(
            String name,
            String version,
            String uptime,
            long connections,
            long subscriptions,
            long slowConsumers,
            @Nullable Double inMsgs,
            @Nullable Double outMsgs,
            @Nullable Double inBytes,
            @Nullable Double outBytes,
            double cpu,
            long memoryBytes) {}

    /** A client now; messages and bytes {@code to} it and {@code from} it, a second. */
    record Client(
            long cid,
            String name,
            String host,
            long subscriptions,
            long pendingBytes,
            @Nullable Double msgsTo,
            @Nullable Double msgsFrom,
            @Nullable Double bytesTo,
            @Nullable Double bytesFrom,
            String lang,
            String version,
            String uptime,
            @Nullable Long idleMillis) {}

    static BusRates between(Look before, Look now) {
        boolean same = before.server.id().equals(now.server.id());
        Map<Long, BusConnection> known = new HashMap<>();
        if (same) {
            before.clients.connections().forEach(client -> known.put(client.cid(), client));
        }
        Instant then = same ? before.clients.now() : null;
        return new BusRates(
                server(before.server, now.server),
                now.clients.connections().stream()
                        .map(client -> client(known.get(client.cid()), client, then, now.clients.now()))
                        .toList(),
                Math.max(now.clients.total(), now.clients.connections().size()));
    }

    static Server server(BusServer before, BusServer now) {
        double seconds = before.id().equals(now.id()) ? seconds(before.now(), now.now()) : 0;
        return new Server(
                now.name(),
                now.version(),
                now.uptime(),
                now.connections(),
                now.subscriptions(),
                now.slowConsumers(),
                rate(before.inMsgs(), now.inMsgs(), seconds),
                rate(before.outMsgs(), now.outMsgs(), seconds),
                rate(before.inBytes(), now.inBytes(), seconds),
                rate(before.outBytes(), now.outBytes(), seconds),
                now.cpu(),
                now.memoryBytes());
    }

    /** A client that was not there at the first look has done all it did since, if it came since. */
    private static Client client(
            @Nullable BusConnection before, BusConnection now, @Nullable Instant then, @Nullable Instant at) {
        Instant start = now.start();
        boolean isNew = before == null && start != null && then != null && !start.isBefore(then);
        double seconds = before == null && !isNew ? 0 : seconds(then, at);
        return new Client(
                now.cid(),
                now.name(),
                now.host(),
                now.subscriptions(),
                now.pendingBytes(),
                rate(before == null ? 0 : before.outMsgs(), now.outMsgs(), seconds),
                rate(before == null ? 0 : before.inMsgs(), now.inMsgs(), seconds),
                rate(before == null ? 0 : before.outBytes(), now.outBytes(), seconds),
                rate(before == null ? 0 : before.inBytes(), now.inBytes(), seconds),
                now.lang(),
                now.version(),
                now.uptime(),
                idle(now.lastActivity(), at));
    }

    private static @Nullable Long idle(@Nullable Instant last, @Nullable Instant at) {
        return last == null || at == null
                ? null
                : Long.valueOf(Math.max(0, Duration.between(last, at).toMillis()));
    }

    private static double seconds(@Nullable Instant then, @Nullable Instant now) {
        return then == null || now == null ? 0 : Duration.between(then, now).toNanos() / 1e9;
    }

    private static @Nullable Double rate(long before, long now, double seconds) {
        return seconds <= 0 || now < before ? null : Double.valueOf((now - before) / seconds);
    }

    /** The same with the clients in the order people want: the most first, or by name, or the longest silent first. */
    BusRates sorted(BusOrder order) {
        Comparator<Client> wanted = switch (order) {
            case MSGS -> Comparator.comparingDouble(client -> -sum(client.msgsTo, client.msgsFrom));
            case BYTES -> Comparator.comparingDouble(client -> -sum(client.bytesTo, client.bytesFrom));
            case SUBS -> Comparator.comparingLong(client -> -client.subscriptions);
            case NAME -> Comparator.comparing(Client::name);
            case IDLE -> Comparator.comparingLong(client -> client.idleMillis == null ? 1 : -client.idleMillis);
        };
        return new BusRates(
                server,
                connections.stream()
                        .sorted(wanted.thenComparingLong(Client::cid))
                        .toList(),
                total);
    }

    private static double sum(@Nullable Double one, @Nullable Double other) {
        return (one == null ? 0 : one) + (other == null ? 0 : other);
    }
}
