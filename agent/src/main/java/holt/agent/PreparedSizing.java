package holt.agent;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Says how many containers of each kind should wait for their start: as many as were started in the last minute, where
 * that is often, and none after a while without a start. Pure but for what it remembers; one thread at a time. Times are
 * of {@link System#nanoTime}.
 *
 * @param <K> what makes two containers the same but for what they are told at their start
 */
final class PreparedSizing<K> {
    static final int LEAST_OF_A_KIND = 8;
    static final int MOST_OF_A_KIND = 64;
    static final int OFTEN = 4;
    static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
    /** Shorter than the time after which a droplet that is not used may be deleted. */
    static final long IDLE_NANOS = Duration.ofMinutes(3).toNanos();

    private final int most;
    private final Map<K, Kind> kinds = new HashMap<>();

    /** The newest starts of a kind, and whether they ever were often. */
    private static final class Kind {
        final Deque<Long> starts = new ArrayDeque<>();
        boolean often;
    }

    /** @param most how many there may be of all kinds together */
    PreparedSizing(int most) {
        this.most = most;
    }

    /** One of that kind is being started. */
    void started(K key, long nanos) {
        Kind kind = kinds.computeIfAbsent(key, _ -> new Kind());
        kind.starts.addLast(nanos);
        if (kind.starts.size() > MOST_OF_A_KIND) {
            kind.starts.removeFirst();
        }
        kind.often |= recent(kind, nanos) >= OFTEN;
    }

    /** How many of each kind should wait now; kinds that are not named: none. The busiest come first. */
    Map<K, Integer> wishes(long nanos) {
        kinds.values().removeIf(kind -> nanos - kind.starts.getLast() > IDLE_NANOS);
        List<Map.Entry<K, Kind>> busiest = kinds.entrySet().stream()
                .filter(each -> each.getValue().often)
                .sorted(Comparator.comparing((Map.Entry<K, Kind> each) -> recent(each.getValue(), nanos))
                        .reversed())
                .toList();
        Map<K, Integer> wishes = new LinkedHashMap<>();
        int left = most;
        for (Map.Entry<K, Kind> each : busiest) {
            int wish = Math.min(left, Math.max(LEAST_OF_A_KIND, recent(each.getValue(), nanos)));
            if (wish > 0) {
                wishes.put(each.getKey(), wish);
                left -= wish;
            }
        }
        return wishes;
    }

    private static int recent(Kind kind, long nanos) {
        return (int) kind.starts.stream()
                .filter(start -> nanos - start <= WINDOW_NANOS)
                .count();
    }
}
