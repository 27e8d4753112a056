package holt.router;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the event loops do. Any thread may count and read. */
final class StatsCollector {
    private static final List<Integer> BOUNDS_MILLIS = List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000);
    private static final long[] BOUNDS_NANOS =
            BOUNDS_MILLIS.stream().mapToLong(millis -> millis * 1_000_000L).toArray();
    private static final int CLASSES = 6;

    final AtomicInteger connections = new AtomicInteger();
    final LongAdder underWay = new LongAdder();
    final LongAdder connectFailures = new LongAdder();
    final LongAdder retries = new LongAdder();
    private final LongAdder responseBytes = new LongAdder();
    private final LongAdder[] byClass = adders(CLASSES);
    private final LongAdder[] latencies = adders(BOUNDS_NANOS.length + 1);
    private final Map<String, LongAdder> byApp = new ConcurrentHashMap<>();

    /** The counter of an app, for whoever counts often. */
    LongAdder app(String name) {
        return byApp.computeIfAbsent(name, unused -> new LongAdder());
    }

    void finished(int status, long bytes, long durationNanos) {
        byClass[Math.clamp(status / 100, 0, CLASSES - 1)].increment();
        int bucket = 0;
        while (bucket < BOUNDS_NANOS.length && durationNanos > BOUNDS_NANOS[bucket]) {
            bucket++;
        }
        latencies[bucket].increment();
        if (bytes > 0) {
            responseBytes.add(bytes);
        }
    }

    RouterStats read() {
        Map<Integer, Long> classes = new TreeMap<>();
        long requests = 0;
        for (int i = 1; i < CLASSES; i++) {
            classes.put(i, byClass[i].sum());
            requests += byClass[i].sum();
        }
        Map<String, Long> apps = new TreeMap<>();
        byApp.forEach((app, count) -> apps.put(app, count.sum()));
        List<Long> counts = new ArrayList<>();
        for (LongAdder latency : latencies) {
            counts.add(latency.sum());
        }
        return new RouterStats(
                connections.get(),
                underWay.sum(),
                requests,
                classes,
                apps,
                BOUNDS_MILLIS,
                counts,
                responseBytes.sum(),
                connectFailures.sum(),
                retries.sum());
    }

    private static LongAdder[] adders(int number) {
        LongAdder[] adders = new LongAdder[number];
        for (int i = 0; i < number; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }
}
