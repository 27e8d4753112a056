package holt.controller;

import holt.model.Process;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which ports were reached by whom lately: a browser makes many connections, and one event tells of them all until there
 * was none for a while. Any thread.
 */
final class ForwardNotes {
    private static final Duration WHILE = Duration.ofMinutes(10);
    private static final int MOST = 4096;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock; the one used longest ago first. */
    private final Map<Key, Instant> last = new LinkedHashMap<>(16, 0.75f, true);

    private record Key(String token, long pid, int incarnation, int port) {}

    ForwardNotes(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether this was asked a moment ago; from now on it was. */
    boolean isKnown(String token, Process process, int port) {
        Key key = new Key(token, process.pid(), process.incarnation(), port);
        Instant now = clock.instant();
        lock.lock();
        try {
            Instant before = last.put(key, now);
            if (last.size() > MOST) {
                last.remove(last.keySet().iterator().next());
            }
            return before != null && now.isBefore(before.plus(WHILE));
        } finally {
            lock.unlock();
        }
    }
}
