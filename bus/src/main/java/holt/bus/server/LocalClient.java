package holt.bus.server;

import holt.bus.Bus;
import holt.bus.Mailbox;
import holt.bus.Message;
import holt.bus.NoResponders;
import holt.bus.Subject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A part of this process on the bus: the same subjects and queues as for clients behind sockets, without a socket. Safe
 * for use by any thread. Publishing never blocks: a receiver that is slow has its own bounded {@link Mailbox}.
 */
final class LocalClient extends Client implements Bus {
    private static final String INBOX = "_INBOX.";
    private static final byte[] INBOX_SID = {'0'};

    private final Hub hub;
    private final String inbox;
    private final Map<String, CompletableFuture<byte[]>> requests = new ConcurrentHashMap<>();
    private final Map<Interest, Receiver> receivers = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean closed;

    /** @param answers whether it was asked for by name what others are answered */
    private record Receiver(Mailbox mailbox, boolean answers) {}

    LocalClient(Hub hub, long cid, String name) {
        super(cid);
        this.hub = hub;
        this.name = name;
        this.language = "java";
        this.version = System.getProperty("java.version", "");
        this.inbox = INBOX + UUID.randomUUID().toString().replace("-", "") + ".";
    }

    /** Enters with the subscription on which answers come. */
    void enter() {
        hub.lock.lock();
        try {
            hub.look();
            hub.enter(this);
            byte[] pattern = (inbox + "*").getBytes(StandardCharsets.US_ASCII);
            hub.subscribe(new Interest(this, INBOX_SID, null), pattern, 0, pattern.length);
        } finally {
            hub.lock.unlock();
        }
    }

    @Override
    public void publish(String subject, byte[] payload) {
        Subject.checkLiteral(subject);
        route(Publication.of(subject, null, payload));
    }

    @Override
    public void publish(String subject, String replySubject, byte[] payload) {
        Subject.checkLiteral(subject);
        Subject.checkLiteral(replySubject);
        route(Publication.of(subject, replySubject, payload));
    }

    private boolean route(Publication message) {
        hub.lock.lock();
        try {
            if (closed) {
                return false;
            }
            hub.look();
            activeAtMillis = hub.nowMillis;
            return hub.route(this, message);
        } finally {
            hub.lock.unlock();
        }
    }

    @Override
    public Bus.Subscription subscribe(String subject, Handler handler) {
        return register(subject, null, handler);
    }

    @Override
    public Bus.Subscription subscribe(String subject, String queue, Handler handler) {
        return register(subject, queue, handler);
    }

    private Bus.Subscription register(String pattern, @Nullable String queue, Handler handler) {
        Subject.checkPattern(pattern);
        byte[] bytes = pattern.getBytes(StandardCharsets.UTF_8);
        byte[] sid = Long.toString(numbers.incrementAndGet()).getBytes(StandardCharsets.US_ASCII);
        byte[] group = queue == null ? null : queue.getBytes(StandardCharsets.UTF_8);
        Interest subscription = new Interest(this, sid, group);
        Mailbox mailbox = new Mailbox(pattern, handler);
        hub.lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("Expected an open bus, found one that was closed");
            }
            receivers.put(subscription, new Receiver(mailbox, pattern.startsWith(INBOX)));
            hub.subscribe(subscription, bytes, 0, bytes.length);
        } finally {
            hub.lock.unlock();
        }
        mailbox.start();
        return () -> unregister(subscription);
    }

    private void unregister(Interest subscription) {
        hub.lock.lock();
        try {
            hub.unsubscribe(subscription);
        } finally {
            hub.lock.unlock();
        }
        Receiver receiver = receivers.remove(subscription);
        if (receiver != null) {
            receiver.mailbox().close();
        }
    }

    @Override
    public CompletableFuture<byte[]> request(String subject, byte[] payload, Duration timeout) {
        Subject.checkLiteral(subject);
        String reply = inbox + numbers.incrementAndGet();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        requests.put(reply, answer);
        CompletableFuture<byte[]> result = answer.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((unused, fault) -> requests.remove(reply));
        if (!route(Publication.of(subject, reply, payload))) {
            answer.completeExceptionally(new NoResponders(subject));
        }
        return result;
    }

    @Override
    boolean deliver(Interest subscription, Publication message) {
        String subject = new String(message.subject(), StandardCharsets.UTF_8);
        if (subscription.sid == INBOX_SID) {
            CompletableFuture<byte[]> asked = requests.remove(subject);
            if (asked == null) {
                return false;
            }
            byte[] payload = message.payload();
            Thread.startVirtualThread(() -> asked.complete(payload)); // who waits for it may do much, and holds no lock
            return true;
        }
        Receiver receiver = receivers.get(subscription);
        if (receiver == null || (subject.startsWith(INBOX) && !receiver.answers())) {
            return false;
        }
        String reply = message.hasReply() ? new String(message.reply(), StandardCharsets.UTF_8) : null;
        receiver.mailbox().offer(new Message(subject, reply, message.payload(), this));
        return true;
    }

    @Override
    public void close() {
        hub.lock.lock();
        try {
            closed = true;
            hub.look();
            hub.leave(this, "Client Closed");
        } finally {
            hub.lock.unlock();
        }
        sweep();
        requests.values().forEach(answer -> answer.cancel(false));
        receivers.values().forEach(receiver -> receiver.mailbox().close());
        receivers.clear();
    }

    /** A hub without a port has no loop that would do it; others have their turn in between. */
    private void sweep() {
        boolean more = true;
        while (more) {
            hub.lock.lock();
            try {
                more = hub.sweep();
            } finally {
                hub.lock.unlock();
            }
        }
    }
}
