package holt.controller;

import holt.model.ErrorCode;
import holt.model.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * All answers that have no end: bounds their number and ends them when the server does. Each runs on the thread of its
 * request. Safe for use by any thread.
 */
final class Streams implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Streams.class.getName());

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Semaphore places;
    private final int capacity;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    /** Written once, by the thread that closes; read by all. */
    private volatile boolean closed;

    /** Writes events until there are no more, the caller is gone, or it is interrupted. */
    @FunctionalInterface
    interface Writer {
        void write(Sse sse) throws IOException, InterruptedException;
    }

    Streams(int capacity) {
        this.capacity = capacity;
        this.places = new Semaphore(capacity);
    }

    void run(Call call, Writer writer) {
        if (closed || !places.tryAcquire()) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "No further event stream can be opened now.")
                    .expected("at most " + capacity + " streams at once", null)
                    .remedy("Close one, or try again later.")
                    .exception();
        }
        threads.add(Thread.currentThread());
        try {
            if (closed) {
                return;
            }
            writer.write(Sse.open(call.response()));
        } catch (IOException gone) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "event=stream-reader-gone path={0}",
                    call.route().path());
        } catch (InterruptedException ending) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "event=stream-ended path={0}",
                    call.route().path());
        } finally {
            threads.remove(Thread.currentThread());
            places.release();
        }
    }

    /** Ends all streams, and gives their last words some time to leave. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        try {
            if (!places.tryAcquire(capacity, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(System.Logger.Level.INFO, "event=streams-cut-off open={0}", threads.size());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
