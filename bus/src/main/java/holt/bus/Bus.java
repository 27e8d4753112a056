package holt.bus;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Messages between Holt's parts by subject, as NATS has them: tokens with dots between; in subscriptions {@code *} stands
 * for one token and a last {@code >} for one or more. At most once: a message may be lost, and whoever cares converges
 * from state.
 *
 * <p>Handlers run on a thread of their subscription, one message at a time, in the order of each publisher.
 */
public interface Bus extends AutoCloseable {

    /** Receives messages. May block; a handler that throws loses that message only, and the fault is logged. */
    @FunctionalInterface
    interface Handler {
        void receive(Message message);
    }

    /** Ends a subscription. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** Sends to all that subscribe to the subject. */
    void publish(String subject, byte[] payload);

    /** Sends to all that subscribe to the subject and tells them where answers go. */
    void publish(String subject, String replySubject, byte[] payload);

    /** Receives all messages of matching subjects. */
    Subscription subscribe(String subject, Handler handler);

    /** Receives messages of matching subjects; each goes to one subscriber of the queue only. */
    Subscription subscribe(String subject, String queue, Handler handler);

    /**
     * Sends and takes the first answer.
     *
     * @return completes with the answer's payload, or exceptionally with {@link NoResponders} when nobody subscribes, or
     *     with {@link java.util.concurrent.TimeoutException}
     */
    CompletableFuture<byte[]> request(String subject, byte[] payload, Duration timeout);

    @Override
    void close();
}
