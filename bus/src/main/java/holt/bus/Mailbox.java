package holt.bus;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for one subscription, and the virtual thread that hands them to its handler in order. Bounded:
 * a handler that cannot keep up loses the newest messages, is counted and named in the log, and slows nobody down.
 */
public final class Mailbox {
    /** Messages that may wait. */
    public static final int CAPACITY = 65_536;

    private static final Logger LOGGER = System.getLogger(Mailbox.class.getName());

    private final String pattern;
    private final Bus.Handler handler;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Queue<Message> waiting = new ArrayDeque<>();
    private boolean closed;
    private long lost;

    public Mailbox(String pattern, Bus.Handler handler) {
        this.pattern = pattern;
        this.handler = handler;
    }

    /** Begins to hand messages over. */
    public void start() {
        Thread.ofVirtual().name("bus " + pattern).start(this::run);
    }

    /** Puts a message into the mailbox, or loses it where the mailbox is full. Never blocks. */
    public void offer(Message message) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (waiting.size() >= CAPACITY) {
                lost++;
                if (Long.bitCount(lost) == 1) {
                    LOGGER.log(Level.WARNING, "bus slow consumer subject={0} lost={1}", pattern, lost);
                }
                return;
            }
            waiting.add(message);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Drops what waits; a message that is being handled is handled to its end. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (Message message = next(); message != null; message = next()) {
            deliver(message);
        }
    }

    /** A handler's fault is its own: it loses this message, and the next ones still come. */
    private void deliver(Message message) {
        try {
            handler.receive(message);
        } catch (RuntimeException fault) {
            LOGGER.log(Level.ERROR, "bus handler failed subject=" + message.subject(), fault);
        }
    }

    private @Nullable Message next() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                arrived.awaitUninterruptibly();
            }
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }
}
