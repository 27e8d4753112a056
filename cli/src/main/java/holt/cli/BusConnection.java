package holt.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One client of the bus at one moment, as the page {@code connz} of nats-server's monitoring tells it. {@code in} is what
 * the client sent, {@code out} what it got.
 *
 * @param host where it is; empty for a part of the bus's own process
 */
record BusConnection(
        long cid,
        String name,
        String host,
        long subscriptions,
        long pendingBytes,
        long inMsgs,
        long outMsgs,
        long inBytes,
        long outBytes,
        String lang,
        String version,
        String uptime,
        @Nullable Instant start,
        @Nullable Instant lastActivity) {

    /**
     * A page.
     *
     * @param total how many connections there are, of which these are some
     */
    record Page(
            List<BusConnection> connections,
            long total,
            @Nullable Instant now) {}

    /**
     * Reads a page.
     *
     * @throws JsonParser.Fault where it is no such page
     */
    static Page read(byte[] connz) {
        Map<?, ?> page = BusFields.object(JsonParser.parse(connz));
        List<BusConnection> connections = new ArrayList<>();
        if (page.get("connections") instanceof List<?> all) {
            all.forEach(each -> connections.add(of(BusFields.object(each))));
        }
        return new Page(connections, BusFields.number(page, "total"), BusFields.instant(page, "now"));
    }

    private static BusConnection of(Map<?, ?> members) {
        String ip = BusFields.text(members, "ip");
        long port = BusFields.number(members, "port");
        return new BusConnection(
                BusFields.number(members, "cid"),
                BusFields.text(members, "name"),
                ip.isEmpty() || port == 0 ? ip : (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port,
                BusFields.number(members, "subscriptions"),
                BusFields.number(members, "pending_bytes"),
                BusFields.number(members, "in_msgs"),
                BusFields.number(members, "out_msgs"),
                BusFields.number(members, "in_bytes"),
                BusFields.number(members, "out_bytes"),
                BusFields.text(members, "lang"),
                BusFields.text(members, "version"),
                BusFields.text(members, "uptime"),
                BusFields.instant(members, "start"),
                BusFields.instant(members, "last_activity"));
    }
}
