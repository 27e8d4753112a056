package holt.agent;

import holt.model.Limits;
import holt.model.ProcessSpec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Containers that were created and wait only to be told what to run, for programs that are started often. One thread
 * makes and ends them; {@link PreparedSizing} says how many. Each waits at a pipe whose other end this program holds:
 * when the agent ends, however it does, they end. Methods are for any thread.
 */
final class PreparedContainers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PreparedContainers.class.getName());
    private static final long LOOK_SECONDS = 5;
    /** Starts go before what is made for later ones: that waits until none was for so long, but not for ever. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int LONGEST_WAIT = 50;
    private static final long RETRY_SECONDS = 5;

    private final Workshop workshop;
    private final AtomicLong numbers;
    private final PreparedSizing<Kind> sizing;
    private final Map<Kind, Deque<Waiting>> waiting = new HashMap<>();
    private final Map<Kind, Backend.Start> models = new HashMap<>();
    private final Semaphore work = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread maker;
    private volatile boolean closed;
    private volatile long newestStart = System.nanoTime();

    /** What is fixed when a container is created. */
    record Kind(String droplet, Limits limits, String stack) {
        static Kind of(ProcessSpec spec) {
            return new Kind(spec.droplet(), spec.limits(), spec.stack());
        }
    }

    /**
     * A container that waits.
     *
     * @param folder what it has on disk, to be moved to its instance's folder
     * @param init pid of its process 1
     * @param pipe descriptor to which its start is written
     */
    record Waiting(InstanceFolder folder, Place place, int init, int pipe) {}

    /** Makes containers, and ends those that are not needed. */
    interface Workshop {
        /** A container like that one, with this name. */
        Waiting make(Backend.Start model, InstanceKey name) throws IOException;

        boolean isAlive(Waiting container) throws IOException;

        void discard(Waiting container) throws IOException;
    }

    /**
     * Nothing is prepared before the first start.
     *
     * @param most how many may wait at a time
     * @param first number of the first
     */
    PreparedContainers(Workshop workshop, int most, long first) {
        this.workshop = workshop;
        sizing = new PreparedSizing<>(most);
        numbers = new AtomicLong(first);
        maker = Thread.ofVirtual().name("holt-agent-prepared").start(this::work);
    }

    /** One is being started: takes a container for it, where one waits. */
    Optional<Waiting> take(Backend.Start start) throws IOException {
        Kind kind = Kind.of(start.spec());
        newestStart = System.nanoTime();
        try {
            for (Optional<Waiting> next = poll(kind, start); next.isPresent(); next = poll(kind)) {
                if (workshop.isAlive(next.get())) {
                    return next;
                }
                workshop.discard(next.get());
            }
            return Optional.empty();
        } finally {
            work.release();
        }
    }

    private synchronized Optional<Waiting> poll(Kind kind, Backend.Start start) {
        sizing.started(kind, System.nanoTime());
        models.put(kind, new Backend.Start(start.spec(), start.folder(), start.droplet(), Map.of()));
        return poll(kind);
    }

    private synchronized Optional<Waiting> poll(Kind kind) {
        Deque<Waiting> line = waiting.get(kind);
        return line == null ? Optional.empty() : Optional.ofNullable(line.pollFirst());
    }

    /** How many wait. */
    synchronized int size() {
        return waiting.values().stream().mapToInt(Deque::size).sum();
    }

    private void work() {
        try {
            while (!closed) {
                boolean more = attempt();
                if (!more && work.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS)) {
                    work.drainPermits();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private boolean attempt() throws InterruptedException {
        try {
            for (int waits = 0; waits < LONGEST_WAIT && System.nanoTime() - newestStart < QUIET_NANOS; waits++) {
                TimeUnit.NANOSECONDS.sleep(QUIET_NANOS);
            }
            return discardOne() || makeOne();
        } catch (IOException | RuntimeException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=not-prepared", fault);
            work.drainPermits();
            return closed || work.tryAcquire(RETRY_SECONDS, TimeUnit.SECONDS);
        }
    }

    private boolean discardOne() throws IOException {
        Optional<Waiting> tooMany = pollTooMany();
        if (tooMany.isPresent()) {
            workshop.discard(tooMany.get());
        }
        return tooMany.isPresent();
    }

    private synchronized Optional<Waiting> pollTooMany() {
        Map<Kind, Integer> wishes = sizing.wishes(System.nanoTime());
        models.keySet().removeIf(kind -> !wishes.containsKey(kind) && !waiting.containsKey(kind));
        waiting.values().removeIf(Deque::isEmpty);
        return waiting.entrySet().stream()
                .filter(each -> each.getValue().size() > wishes.getOrDefault(each.getKey(), 0))
                .findFirst()
                .map(each -> each.getValue().pollFirst());
    }

    private boolean makeOne() throws IOException {
        Optional<Backend.Start> model = nextWanted();
        if (model.isEmpty()) {
            return false;
        }
        Waiting made = workshop.make(model.get(), InstanceKey.prepared(numbers.getAndIncrement()));
        synchronized (this) {
            waiting.computeIfAbsent(Kind.of(model.get().spec()), _ -> new ArrayDeque<>())
                    .addLast(made);
        }
        return true;
    }

    private synchronized Optional<Backend.Start> nextWanted() {
        return sizing.wishes(System.nanoTime()).entrySet().stream()
                .filter(wish ->
                        waiting.getOrDefault(wish.getKey(), new ArrayDeque<>()).size() < wish.getValue())
                .findFirst()
                .map(wish -> models.get(wish.getKey()));
    }

    /** Ends all that wait. */
    @Override
    public void close() throws IOException {
        closed = true;
        work.release();
        try {
            ended.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        for (Deque<Waiting> line : waiting.values()) {
            for (Waiting each : line) {
                workshop.discard(each);
            }
        }
        waiting.clear();
    }
}
