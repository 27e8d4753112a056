package holt.bus.remote;

import holt.bus.Bus;
import holt.bus.BusMonitor;
import holt.bus.Mailbox;
import holt.bus.Message;
import holt.bus.PayloadTooLarge;
import holt.bus.Subject;
import holt.model.ProblemException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bus over a nats-server or a cluster of them. It means just what {@link holt.bus.EmbeddedBus} means, whatever the
 * servers do: when they are away it tries for ever to come back, subscriptions live on, what is published waits in a
 * bounded {@link Outbox}, and requests are sent when the bus is back, if their time is not over by then. Nothing ever
 * waits for the network. Safe for use by any thread; a lock, never held while waiting, keeps the order.
 */
public final class RemoteBus implements Bus, BusMonitor {
    private static final Logger LOGGER = System.getLogger(RemoteBus.class.getName());

    private final RemoteSettings settings;
    private final Prefix prefix;
    private final MonitorPages pages;
    private final Attempts attempts;
    private final Inbox inbox = new Inbox();

    /** Of the last connection. */
    private volatile Link.Limits limits = new Link.Limits(0, true);

    private final ReentrantLock lock = new ReentrantLock();
    /** The rest is guarded by the lock. */
    private final Set<Registration> registrations = new LinkedHashSet<>();

    private final Outbox outbox = new Outbox();
    private Collection<String> known = List.of();
    private @Nullable Link link;
    private boolean closed;

    /** A subscription, through all connections. */
    private static final class Registration {
        private final String pattern;
        private final @Nullable String queue;
        private final Mailbox mailbox;
        private io.nats.client.@Nullable Subscription present;

        Registration(String pattern, @Nullable String queue, Mailbox mailbox) {
            this.pattern = pattern;
            this.queue = queue;
            this.mailbox = mailbox;
        }
    }

    private RemoteBus(RemoteSettings settings) {
        this.settings = settings;
        this.prefix = new Prefix(settings.prefix());
        this.pages = new MonitorPages(settings.monitor());
        this.attempts = new Attempts(settings);
    }

    /**
     * Connects; a server that is not there yet is waited for, as long as the settings say.
     *
     * @throws ProblemException {@code unavailable} naming the servers, what they said, and what to do;
     *     {@code parameter-invalid} where the login or the authorities cannot be used
     */
    public static RemoteBus connect(RemoteSettings settings) {
        RemoteBus bus = new RemoteBus(settings);
        bus.attempts.first(bus::tryOnce);
        return bus;
    }

    @Override
    public void publish(String subject, byte[] payload) {
        if (!subject.startsWith(Prefix.INBOX)) {
            Subject.checkLiteral(subject);
        }
        send(subject, null, payload, null);
    }

    @Override
    public void publish(String subject, String replySubject, byte[] payload) {
        Subject.checkLiteral(subject);
        Subject.checkLiteral(replySubject);
        send(subject, prefix.put(replySubject), payload, null);
    }

    @Override
    public CompletableFuture<byte[]> request(String subject, byte[] payload, Duration timeout) {
        Subject.checkLiteral(subject);
        Inbox.Opened request = inbox.open(subject, timeout);
        try {
            if (!send(subject, request.replySubject(), payload, System.nanoTime() + timeout.toNanos())) {
                inbox.nobody(request.replySubject());
            }
        } catch (PayloadTooLarge tooLarge) {
            inbox.fail(request.replySubject(), tooLarge);
        }
        return request.answer();
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
    public byte[] page(String page, Map<String, String> query) throws IOException {
        return pages.page(page, query);
    }

    /** Whether there is a server at this moment. */
    public boolean isConnected() {
        lock.lock();
        try {
            return link != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Link last;
        lock.lock();
        try {
            closed = true;
            last = link;
            link = null;
            registrations.forEach(registration -> registration.mailbox.close());
            registrations.clear();
        } finally {
            lock.unlock();
        }
        attempts.end();
        inbox.cancelAll();
        if (last != null) {
            last.close();
        }
    }

    /** @return false where the bus is closed and nobody hears anything */
    private boolean send(String subject, @Nullable String reply, byte[] payload, @Nullable Long untilNanos) {
        Outgoing message = encoded(subject, reply, payload, untilNanos);
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            if (link == null) {
                outbox.add(message);
            } else {
                hand(link, message);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private Outgoing encoded(String subject, @Nullable String reply, byte[] payload, @Nullable Long untilNanos) {
        Link.Limits taken = limits;
        boolean packed = taken.headers() && payload.length >= Packed.FROM_BYTES;
        byte[] bytes = packed ? Packed.pack(payload) : payload;
        taken.check(subject, bytes.length + (packed ? Packed.HEADER_BYTES : 0));
        return new Outgoing(prefix.put(subject), reply, bytes, packed, untilNanos);
    }

    private void hand(Link to, Outgoing message) {
        String refused = to.send(message);
        if (refused != null) {
            outbox.lose(refused);
        }
    }

    private Subscription register(String pattern, @Nullable String queue, Handler handler) {
        Subject.checkPattern(pattern);
        Registration registration = new Registration(pattern, queue, new Mailbox(pattern, handler));
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("Expected an open bus, found one that was closed");
            }
            registrations.add(registration);
            if (link != null) {
                subscribe(link, registration);
            }
        } finally {
            lock.unlock();
        }
        registration.mailbox.start();
        return () -> unregister(registration);
    }

    private void unregister(Registration registration) {
        lock.lock();
        try {
            if (registrations.remove(registration) && link != null && registration.present != null) {
                link.unsubscribe(registration.present);
            }
        } finally {
            lock.unlock();
        }
        registration.mailbox.close();
    }

    private void subscribe(Link to, Registration registration) {
        registration.present = to.subscribe(
                prefix.put(registration.pattern), registration.queue, message -> receive(registration, message));
    }

    /** On the library's thread, which must not wait: {@link Mailbox} sees to that. */
    private void receive(Registration registration, io.nats.client.Message message) {
        if (message.isStatusMessage() || message.getSubject().startsWith(Prefix.INBOX)) {
            return;
        }
        String subject = prefix.strip(message.getSubject());
        byte[] payload = payload(message);
        if (payload != null) {
            registration.mailbox.offer(new Message(subject, message.getReplyTo(), payload, this));
        }
    }

    private void answered(io.nats.client.Message message) {
        if (message.isStatusMessage()) {
            inbox.status(message.getSubject(), message.getStatus().getCode());
            return;
        }
        byte[] payload = payload(message);
        if (payload != null) {
            inbox.answered(message.getSubject(), payload);
        }
    }

    private static byte @Nullable [] payload(io.nats.client.Message message) {
        boolean packed =
                message.hasHeaders() && Packed.ZLIB.equals(message.getHeaders().getFirst(Packed.HEADER));
        try {
            return packed ? Packed.unpack(message.getData()) : message.getData();
        } catch (IOException fault) {
            LOGGER.log(
                    Level.WARNING,
                    "bus message unreadable subject={0} reason=\"{1}\"",
                    message.getSubject(),
                    fault.getMessage());
            return null;
        }
    }

    /**
     * Connects and takes everything up again.
     *
     * @return whether nothing more is to be tried: it worked, or the bus is closed
     */
    private boolean tryOnce() throws IOException {
        Link opened = Link.open(settings, servers(), this::lost);
        lock.lock();
        try {
            if (!closed && opened.isLost()) {
                throw new IOException("The connection was lost at once");
            }
            if (!closed) {
                takeUp(opened);
                return true;
            }
        } finally {
            lock.unlock();
        }
        opened.close();
        return true;
    }

    private Collection<String> servers() {
        lock.lock();
        try {
            return known;
        } finally {
            lock.unlock();
        }
    }

    private void takeUp(Link opened) {
        link = opened;
        limits = opened.limits();
        known = List.copyOf(opened.servers());
        opened.subscribe(inbox.pattern(), null, this::answered);
        registrations.forEach(registration -> subscribe(opened, registration));
        List<Outgoing> kept = outbox.take(System.nanoTime());
        kept.forEach(message -> hand(opened, message));
        LOGGER.log(
                Level.INFO,
                "bus connected server={0} subscriptions={1} kept={2} lost={3}",
                opened.server(),
                registrations.size(),
                kept.size(),
                outbox.lost());
    }

    /** On the library's thread, at least once a connection. */
    private void lost() {
        lock.lock();
        try {
            if (link == null || !link.isLost()) {
                return;
            }
            link = null;
            registrations.forEach(registration -> registration.present = null);
            LOGGER.log(Level.WARNING, "bus lost servers={0}", settings.place());
        } finally {
            lock.unlock();
        }
        attempts.again(this::tryOnce);
    }
}
