package holt.agent;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets the tails of all instances read when the kernel tells that something was written. One thread; it rests a moment
 * between rounds, so that many small writes cost one round.
 */
final class LogTailer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogTailer.class.getName());
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long WAITING_MILLIS = 50;

    private final WatchService watch;
    private final Map<WatchKey, LogTail> byKey = new ConcurrentHashMap<>();
    private final Map<LogTail, WatchKey> byTail = new ConcurrentHashMap<>();
    private final Thread reader;

    LogTailer() throws IOException {
        watch = FileSystems.getDefault().newWatchService();
        reader = Thread.ofPlatform().daemon().name("holt-agent-logs").start(this::read);
    }

    /** Reads what is there, then whenever something is written. */
    void add(LogTail tail, InstanceFolder folder) throws IOException {
        WatchKey key = folder.output().register(watch, StandardWatchEventKinds.ENTRY_MODIFY);
        byKey.put(key, tail);
        byTail.put(tail, key);
        tail.advance();
    }

    void remove(LogTail tail) {
        WatchKey key = byTail.remove(tail);
        if (key != null) {
            byKey.remove(key);
            key.cancel();
        }
    }

    private void read() {
        Set<LogTail> waiting = new HashSet<>();
        try {
            while (true) {
                WatchKey first = waiting.isEmpty() ? watch.take() : watch.poll(WAITING_MILLIS, TimeUnit.MILLISECONDS);
                Set<LogTail> round = new HashSet<>(waiting);
                for (WatchKey key = first; key != null; key = watch.poll()) {
                    key.pollEvents();
                    key.reset();
                    LogTail tail = byKey.get(key);
                    if (tail != null) {
                        round.add(tail);
                    }
                }
                waiting.clear();
                for (LogTail tail : round) {
                    if (advance(tail)) {
                        waiting.add(tail);
                    }
                }
                LockSupport.parkNanos(REST_NANOS);
            }
        } catch (ClosedWatchServiceException closed) {
            LOG.log(System.Logger.Level.DEBUG, "event=log-tailer-closed");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean advance(LogTail tail) {
        try {
            return byTail.containsKey(tail) && tail.advance();
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=log-unreadable", fault);
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
        try {
            reader.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
