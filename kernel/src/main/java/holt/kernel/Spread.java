package holt.kernel;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many instances an app has on each host and in each zone, those on their way out left aside: kept with each change,
 * so that a placement has nothing to count. Owned by the brain's thread.
 */
final class Spread {
    private final Map<String, Integer> byHost = new HashMap<>();
    private final Map<String, Integer> byZone = new HashMap<>();

    int onHost(String host) {
        return byHost.getOrDefault(host, 0);
    }

    int inZone(String zone) {
        return byZone.getOrDefault(zone, 0);
    }

    void add(String host, String zone) {
        byHost.merge(host, 1, Integer::sum);
        byZone.merge(zone, 1, Integer::sum);
    }

    void remove(String host, String zone) {
        byHost.computeIfPresent(host, (unused, count) -> less(count, 1));
        byZone.computeIfPresent(zone, (unused, count) -> less(count, 1));
    }

    /** The host turned out to be in another zone. */
    void rezone(String host, String before, String after) {
        int count = onHost(host);
        if (count > 0) {
            byZone.computeIfPresent(before, (unused, sum) -> less(sum, count));
            byZone.merge(after, count, Integer::sum);
        }
    }

    private static @Nullable Integer less(int count, int gone) {
        return count > gone ? count - gone : null;
    }
}
