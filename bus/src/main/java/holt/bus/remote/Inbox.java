package holt.bus.remote;

import holt.bus.NoResponders;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Requests that wait for an answer: all answers come to subjects below one name that nobody else has. Any thread. */
final class Inbox {
    private static final int NO_RESPONDERS = 503;

    private record Waiting(String subject, CompletableFuture<byte[]> answer) {}

    private final String name = Prefix.INBOX + UUID.randomUUID().toString().replace("-", "") + ".";
    private final AtomicLong numbers = new AtomicLong();
    private final Map<String, Waiting> requests = new ConcurrentHashMap<>();

    /** What to subscribe to. */
    String pattern() {
        return name + "*";
    }

    /** A request: where its answer goes to, and the answer. */
    record Opened(String replySubject, CompletableFuture<byte[]> answer) {}

    Opened open(String subject, Duration timeout) {
        String reply = name + numbers.incrementAndGet();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        requests.put(reply, new Waiting(subject, answer));
        return new Opened(
                reply,
                answer.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                        .whenComplete((unused, fault) -> requests.remove(reply)));
    }

    /** Completes on a thread of its own: what hangs on the answer may block. */
    void answered(String replySubject, byte[] payload) {
        Waiting waiting = requests.remove(replySubject);
        if (waiting != null) {
            waiting.answer().completeAsync(() -> payload, Thread::startVirtualThread);
        }
    }

    /** The server says something instead of an answer. */
    void status(String replySubject, int code) {
        if (code == NO_RESPONDERS) {
            Thread.startVirtualThread(() -> nobody(replySubject));
        }
    }

    void nobody(String replySubject) {
        Waiting waiting = requests.remove(replySubject);
        if (waiting != null) {
            waiting.answer().completeExceptionally(new NoResponders(waiting.subject()));
        }
    }

    void fail(String replySubject, RuntimeException fault) {
        Waiting waiting = requests.remove(replySubject);
        if (waiting != null) {
            waiting.answer().completeExceptionally(fault);
        }
    }

    void cancelAll() {
        requests.values().forEach(waiting -> waiting.answer().cancel(false));
    }
}
