package holt.bus.stream;

import holt.bus.Bus;
import holt.bus.Message;
import holt.bus.PayloadTooLarge;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One side of a stream of messages on the bus, see {@link StreamPeer} for what it guarantees. Any thread may send; one at a
 * time should receive, for the order's sake.
 */
public final class BusStream implements AutoCloseable {
    private final Bus bus;
    private final String subject;
    private final Runnable broken;
    private final Bus.Subscription subscription;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by the lock. */
    private final StreamPeer peer = new StreamPeer(System.nanoTime());
    /** Guarded by the lock. */
    private boolean told;

    /**
     * Begins to listen.
     *
     * @param in subject on which the other side sends
     * @param out subject on which the other side listens
     * @param broken is run once, on a thread of its own, when the stream has ended, by whomever
     */
    public BusStream(Bus bus, String in, String out, Runnable broken) {
        this.bus = bus;
        this.subject = out;
        this.broken = broken;
        this.subscription = bus.subscribe(in, this::receive);
        Thread.ofVirtual().name("holt-stream").start(this::tick);
    }

    /** Sends a message, when there is room for it. */
    public void send(byte[] message) throws StreamBroken, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!peer.canSend()) {
                checkAlive();
                changed.await();
            }
            peer.send(message, System.nanoTime());
            settle();
            changed.signalAll(); // something is due earlier now
        } finally {
            lock.unlock();
        }
    }

    /** The next message, when there is one. */
    public byte[] receive() throws StreamBroken, InterruptedException {
        return receive(Duration.ofDays(1)).orElseThrow(() -> new StreamBroken("nothing came for a day"));
    }

    /** The next message; empty where none comes in time. */
    public Optional<byte[]> receive(Duration patience) throws StreamBroken, InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<byte[]> message = peer.take(System.nanoTime());
                settle();
                if (message.isPresent()) {
                    return message;
                }
                checkAlive();
                if (nanos <= 0) {
                    return Optional.empty();
                }
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that was sent has arrived; false where it does not in time. */
    public boolean drain(Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!peer.isDrained() && peer.ended() == null && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return peer.isDrained();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the stream for both sides. */
    public void end(String reason) {
        lock.lock();
        try {
            peer.end(reason, System.nanoTime());
            settle();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the stream, where nobody has yet. */
    @Override
    public void close() {
        end("it was closed");
    }

    private void checkAlive() throws StreamBroken {
        String reason = peer.ended();
        if (reason != null) {
            throw new StreamBroken(reason);
        }
    }

    private void receive(Message message) {
        lock.lock();
        try {
            peer.receive(message.payload(), System.nanoTime());
            settle();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void tick() {
        lock.lock();
        try {
            while (peer.ended() == null) {
                peer.tick(System.nanoTime());
                settle();
                long nanos = Math.max(peer.dueAt() - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(1));
                changed.awaitNanos(nanos);
            }
        } catch (InterruptedException stop) {
            peer.end("its thread was stopped", System.nanoTime());
            settle();
        } finally {
            lock.unlock();
        }
    }

    /** Publishes what the peer wants said, under the lock so that it leaves in order: the bus only queues it. */
    private void settle() {
        try {
            peer.outgoing().forEach(packet -> bus.publish(subject, packet));
        } catch (PayloadTooLarge | IllegalStateException refused) {
            peer.end("the bus does not take it: " + refused.getMessage(), System.nanoTime());
        }
        if (peer.ended() != null && !told) {
            told = true;
            changed.signalAll();
            Thread.startVirtualThread(() -> {
                subscription.close();
                broken.run();
            });
        }
    }
}
