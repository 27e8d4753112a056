/**
 * HTTP traffic to processes: a data plane on Netty event loops. A request lives on one loop from its client to its
 * endpoint and back; the loops share only the route table, the endpoints' counters and the statistics.
 *
 * <p>From the outside in: {@link holt.router.HttpRouter} starts and ends it, {@link holt.router.RouteKeeper} decides
 * what is known of the routes, {@code RouteSync} is its shell and writes the {@code RouteTable}, {@code ClientConnection} reads requests, {@code Exchange} brings one request to an
 * endpoint, {@code UpstreamConnection} reads its response.
 */
@NullMarked
package holt.router;

import org.jspecify.annotations.NullMarked;
