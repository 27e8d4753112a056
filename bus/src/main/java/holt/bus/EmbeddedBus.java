package holt.bus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The bus inside one process: the subjects, queue groups and requests of NATS without a socket. Safe for use by any
 * thread. Publishing never blocks: a receiver that is slow has its own bounded {@link Mailbox}.
 */
public final class EmbeddedBus implements Bus {
    private static final String INBOX = "_INBOX.";

    private record Receiver(@Nullable String queue, Mailbox mailbox) {}

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final SubjectTree<Receiver> receivers = new SubjectTree<>();
    private final Map<String, CompletableFuture<byte[]>> requests = new ConcurrentHashMap<>();
    private final AtomicLong inboxes = new AtomicLong();
    private volatile boolean closed;

    @Override
    public void publish(String subject, byte[] payload) {
        deliver(new Message(subject, null, payload, this));
    }

    @Override
    public void publish(String subject, String replySubject, byte[] payload) {
        deliver(new Message(subject, replySubject, payload, this));
    }

    @Override
    public Subscription subscribe(String subject, Handler handler) {
        return register(subject, null, handler);
    }

    @Override
    public Subscription subscribe(String subject, String queue, Handler handler) {
        return register(subject, queue, handler);
    }

    @Override
    public CompletableFuture<byte[]> request(String subject, byte[] payload, Duration timeout) {
        String inbox = INBOX + inboxes.incrementAndGet();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        requests.put(inbox, answer);
        CompletableFuture<byte[]> result = answer.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((unused, fault) -> requests.remove(inbox));
        if (deliver(new Message(subject, inbox, payload, this)) == 0) {
            answer.completeExceptionally(new NoResponders(subject));
        }
        return result;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            requests.values().forEach(answer -> answer.cancel(false));
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Subscription register(String pattern, @Nullable String queue, Handler handler) {
        Receiver receiver = new Receiver(queue, new Mailbox(pattern, handler));
        lock.writeLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("Expected an open bus, found one that was closed");
            }
            receivers.add(pattern, receiver);
        } finally {
            lock.writeLock().unlock();
        }
        receiver.mailbox.start();
        return () -> unregister(pattern, receiver);
    }

    private void unregister(String pattern, Receiver receiver) {
        lock.writeLock().lock();
        try {
            receivers.remove(pattern, receiver);
        } finally {
            lock.writeLock().unlock();
        }
        receiver.mailbox.close();
    }

    /** Hands a message to everyone it is for and tells to how many. */
    private int deliver(Message message) {
        if (message.subject().startsWith(INBOX)) {
            CompletableFuture<byte[]> asked = requests.remove(message.subject());
            return asked != null && asked.complete(message.payload()) ? 1 : 0;
        }
        List<Receiver> chosen = choose(matching(message.subject()));
        chosen.forEach(receiver -> receiver.mailbox.offer(message));
        return chosen.size();
    }

    private List<Receiver> matching(String subject) {
        lock.readLock().lock();
        try {
            return closed ? List.of() : receivers.match(subject);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** All that subscribe plainly, and of each queue one at random. */
    private static List<Receiver> choose(List<Receiver> matching) {
        List<Receiver> chosen = new ArrayList<>(matching.size());
        Map<String, List<Receiver>> queues = new HashMap<>();
        for (Receiver receiver : matching) {
            if (receiver.queue == null) {
                chosen.add(receiver);
            } else {
                queues.computeIfAbsent(receiver.queue, unused -> new ArrayList<>())
                        .add(receiver);
            }
        }
        for (List<Receiver> members : queues.values()) {
            chosen.add(members.get(ThreadLocalRandom.current().nextInt(members.size())));
        }
        return chosen;
    }
}
