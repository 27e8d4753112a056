package holt.router;

import java.time.Duration;

/**
 * How a router is set up.
 *
 * @param name of this router, unique among the routers of a platform
 * @param address to listen on
 * @param port to listen on; 0 for any free one
 * @param threads number of event loops
 * @param maxConnections of clients at one time; further ones are answered 503 and closed
 * @param trustForwarded whether all requests come through a proxy of ours in front: then the X-Forwarded-Proto, -Host,
 *     -Port and X-Request-Start that it sent are passed on. Otherwise, as anybody could send them, what came under these
 *     names is dropped and the router's own view is written, so that an application can rely on them
 * @param limits sizes a request head may have
 * @param timeouts how long is waited for what
 */
public record RouterSettings(
        String name,
        String address,
        int port,
        int threads,
        int maxConnections,
        boolean trustForwarded,
        Limits limits,
        Timeouts timeouts) {

    /**
     * Sizes a message head may have.
     *
     * @param lineBytes of the request line or of one field, bytes
     * @param headBytes of all lines together, bytes
     * @param fields number of fields
     */
    public record Limits(int lineBytes, int headBytes, int fields) {}

    /**
     * How long is waited for what.
     *
     * @param connect for an endpoint to accept a connection
     * @param head for a request head to be complete, from its first byte on
     * @param body for the client to send more of a request's body, or to take more of a response
     * @param response for an endpoint to begin its response, from the request's last progress on
     * @param stream for an endpoint to send more of a response's body
     * @param keepAlive for a client's next request
     * @param upstreamIdle for an endpoint's connection to be used again
     * @param close for requests under way when the router closes
     */
    public record Timeouts(
            Duration connect,
            Duration head,
            Duration body,
            Duration response,
            Duration stream,
            Duration keepAlive,
            Duration upstreamIdle,
            Duration close) {}

    /** What a router has that is told only its name: any free port of all addresses. */
    public static RouterSettings standard(String name) {
        return new RouterSettings(
                name,
                "0.0.0.0",
                0,
                Runtime.getRuntime().availableProcessors(),
                50_000,
                false,
                new Limits(16 << 10, 64 << 10, 200),
                new Timeouts(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(120),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(75),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10)));
    }

    /** The same at another address and port. */
    public RouterSettings withListener(String otherAddress, int otherPort) {
        return new RouterSettings(
                name, otherAddress, otherPort, threads, maxConnections, trustForwarded, limits, timeouts);
    }

    /** The same with another number of event loops. */
    public RouterSettings withThreads(int number) {
        return new RouterSettings(name, address, port, number, maxConnections, trustForwarded, limits, timeouts);
    }

    /** The same for another number of clients. */
    public RouterSettings withMaxConnections(int number) {
        return new RouterSettings(name, address, port, threads, number, trustForwarded, limits, timeouts);
    }

    /** The same with trust in what a proxy in front says, or without. */
    public RouterSettings withTrustForwarded(boolean trust) {
        return new RouterSettings(name, address, port, threads, maxConnections, trust, limits, timeouts);
    }

    /** The same with other patience. */
    public RouterSettings withTimeouts(Timeouts others) {
        return new RouterSettings(name, address, port, threads, maxConnections, trustForwarded, limits, others);
    }
}
