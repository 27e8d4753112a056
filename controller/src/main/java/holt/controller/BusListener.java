package holt.controller;

import holt.bus.Message;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Somebody outside who listens to the bus. They hold up nobody: what does not fit into their buffer is counted and lost
 * to them. The bus's thread offers, the listener's thread takes.
 */
final class BusListener {
    static final int MAX_MESSAGES = 4096;
    static final long MAX_BYTES = 4 << 20;

    private final LinkedBlockingQueue<Message> messages = new LinkedBlockingQueue<>(MAX_MESSAGES);
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();

    void offer(Message message) {
        int size = message.payload().length;
        if (bytes.addAndGet(size) > MAX_BYTES || !messages.offer(message)) {
            bytes.addAndGet(-size);
            lost.incrementAndGet();
        }
    }

    /** The next message; null when none comes in time. */
    @Nullable
    Message next(Duration patience) throws InterruptedException {
        Message message = messages.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (message != null) {
            bytes.addAndGet(-message.payload().length);
        }
        return message;
    }

    /** The number of messages lost since this was asked last. */
    long lost() {
        return lost.getAndSet(0);
    }
}
