package holt.cli;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's own figures at one moment: the page {@code varz} of nats-server's monitoring. What a server leaves out is
 * empty or 0.
 *
 * @param id differs for each start of a server
 * @param port 0 where it takes no connections by socket
 */
record BusServer(
        String id,
        String name,
        String version,
        String uptime,
        String host,
        int port,
        boolean authRequired,
        boolean tlsRequired,
        long maxPayload,
        long connections,
        long subscriptions,
        long slowConsumers,
        long inMsgs,
        long outMsgs,
        long inBytes,
        long outBytes,
        double cpu,
        long memoryBytes,
        @Nullable Instant now) {

    /**
     * Reads the page.
     *
     * @throws JsonParser.Fault where it is no such page
     */
    static BusServer read(byte[] varz) {
        Map<?, ?> page = BusFields.object(JsonParser.parse(varz));
        return new BusServer(
                BusFields.text(page, "server_id"),
                BusFields.text(page, "server_name"),
                BusFields.text(page, "version"),
                BusFields.text(page, "uptime"),
                BusFields.text(page, "host"),
                (int) Math.max(0, BusFields.number(page, "port")),
                Boolean.TRUE.equals(page.get("auth_required")),
                Boolean.TRUE.equals(page.get("tls_required")),
                BusFields.number(page, "max_payload"),
                BusFields.number(page, "connections"),
                BusFields.number(page, "subscriptions"),
                BusFields.number(page, "slow_consumers"),
                BusFields.number(page, "in_msgs"),
                BusFields.number(page, "out_msgs"),
                BusFields.number(page, "in_bytes"),
                BusFields.number(page, "out_bytes"),
                BusFields.decimal(page, "cpu"),
                BusFields.number(page, "mem"),
                BusFields.instant(page, "now"));
    }
}
