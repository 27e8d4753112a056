package holt.bus.server;

import java.time.Duration;

/**
 * What one client may cost, and how long it is waited for. Names and defaults as nats-server has them.
 *
 * @param maxConnections clients connected by socket at one time
 * @param maxSubscriptions of one client; 0 for no bound
 * @param maxPayload bytes of a message, headers among them
 * @param maxPending bytes that wait to be read by one client; one more and it is cut as a slow consumer
 * @param maxControlLine bytes of an operation's line without its payload
 * @param pingInterval silence after which a client is asked whether it is there
 * @param pingMax pings without an answer after which it is cut
 * @param authTimeout time in which a client says who it is
 * @param tlsTimeout time in which a TLS handshake is done
 * @param writeDeadline time in which a client takes something of what waits for it
 * @param lameDuckGrace time clients have to leave by themselves once they are told
 * @param lameDuckDuration time over which those that stay are cut one after the other
 */
public record BusLimits(
        int maxConnections,
        int maxSubscriptions,
        int maxPayload,
        long maxPending,
        int maxControlLine,
        Duration pingInterval,
        int pingMax,
        Duration authTimeout,
        Duration tlsTimeout,
        Duration writeDeadline,
        Duration lameDuckGrace,
        Duration lameDuckDuration) {

    /** The defaults of nats-server. */
    public static BusLimits standard() {
        return new BusLimits(
                65_536,
                0,
                1 << 20,
                64L << 20,
                4096,
                Duration.ofMinutes(2),
                2,
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMinutes(2));
    }
}
