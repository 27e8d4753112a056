package holt.router;

import java.util.List;
import java.util.Map;

/**
 * What a router has counted since its start.
 *
 * @param connections client connections open now
 * @param underWay requests under way now
 * @param requests requests that are over
 * @param byStatusClass of these, by the first digit of the status: 1 to 5
 * @param byApp of these, by app; requests for no route are not in here
 * @param latencyMillisBounds upper bounds of the latency buckets, milliseconds; a last bucket has no bound
 * @param latencyCounts requests in each bucket, one more than there are bounds
 * @param responseBytes bytes of response bodies
 * @param connectFailures connections to endpoints that could not be made
 * @param retries requests that were sent to an endpoint again, or to another one
 */
public record RouterStats(
        long connections,
        long underWay,
        long requests,
        Map<Integer, Long> byStatusClass,
        Map<String, Long> byApp,
        List<Integer> latencyMillisBounds,
        List<Long> latencyCounts,
        long responseBytes,
        long connectFailures,
        long retries) {
    public RouterStats {
        byStatusClass = Map.copyOf(byStatusClass);
        byApp = Map.copyOf(byApp);
        latencyMillisBounds = List.copyOf(latencyMillisBounds);
        latencyCounts = List.copyOf(latencyCounts);
    }
}
