package holt.controller;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who follows the log of an app. He holds up nobody: lines beyond what he can take in time are counted and lost
 * to him. The keeper's thread offers, the follower's thread takes.
 */
final class LogFollower implements AutoCloseable {
    private static final int CAPACITY = 4096;

    private final LogQuery query;
    private final Runnable onClose;
    private final ArrayBlockingQueue<AppLog.Numbered> lines = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong lost = new AtomicLong();

    LogFollower(LogQuery query, java.util.function.Consumer<LogFollower> onClose) {
        this.query = query;
        this.onClose = () -> onClose.accept(this);
    }

    void offer(AppLog.Numbered line) {
        if (query.wants(line.line()) && !lines.offer(line)) {
            lost.incrementAndGet();
        }
    }

    /** The next line; null when none comes in time. */
    AppLog.@Nullable Numbered next(Duration patience) throws InterruptedException {
        return lines.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The number of lines lost since this was asked last. */
    long lost() {
        return lost.getAndSet(0);
    }

    @Override
    public void close() {
        onClose.run();
    }
}
