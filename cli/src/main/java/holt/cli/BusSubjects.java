package holt.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what is said by subject, for a bounded number of subjects; all further ones are summed. Inboxes, of which each
 * answer may have its own, count as one subject. One thread adds, another one asks.
 */
final class BusSubjects {
    static final int MAX_SUBJECTS = 1000;
    static final String INBOXES = "_INBOX.>";

    private static final String INBOX = "_INBOX.";

    private final Map<String, Count> counts = new HashMap<>();
    private final Count others = new Count();
    private long lost;
    private long lastNanos;

    /**
     * What was said since the last look.
     *
     * @param others of the subjects beyond the bound; null where there are none
     * @param lost messages that came too fast to be counted
     */
    record Look(List<Rate> subjects, @Nullable Rate others, long lost) {}

    /** Of one subject: messages and bytes a second, and both since this began to listen. */
    record Rate(String subject, double msgsPerSecond, double bytesPerSecond, long msgs, long bytes, long idleMillis) {}

    private static final class Count {
        private long msgs;
        private long bytes;
        private long msgsBefore;
        private long bytesBefore;
        private long lastNanos;

        private void add(int size, long nanos) {
            msgs++;
            bytes += size;
            lastNanos = nanos;
        }

        private Rate look(String subject, double seconds, long nanos) {
            Rate rate = new Rate(
                    subject,
                    seconds <= 0 ? 0 : (msgs - msgsBefore) / seconds,
                    seconds <= 0 ? 0 : (bytes - bytesBefore) / seconds,
                    msgs,
                    bytes,
                    Math.max(0, (nanos - lastNanos) / 1_000_000));
            msgsBefore = msgs;
            bytesBefore = bytes;
            return rate;
        }
    }

    /** Begins now. */
    BusSubjects(long nanos) {
        lastNanos = nanos;
    }

    synchronized void add(String subject, int size, long nanos) {
        String key = subject.startsWith(INBOX) ? INBOXES : subject;
        Count count = counts.get(key);
        if (count == null && counts.size() < MAX_SUBJECTS) {
            count = new Count();
            counts.put(key, count);
        }
        (count == null ? others : count).add(size, nanos);
    }

    synchronized void lost(long messages) {
        lost += messages;
    }

    /** What was said since the last time this was asked. Where there is no room left, silent subjects make some. */
    synchronized Look look(long nanos, BusOrder order) {
        double seconds = (nanos - lastNanos) / 1e9;
        lastNanos = nanos;
        List<Rate> rates = new ArrayList<>();
        counts.forEach((subject, count) -> rates.add(count.look(subject, seconds, nanos)));
        Look look = new Look(
                rates.stream().sorted(comparator(order)).toList(),
                others.msgs == 0 ? null : others.look("others", seconds, nanos),
                lost);
        lost = 0;
        if (counts.size() >= MAX_SUBJECTS) {
            rates.stream().filter(rate -> rate.msgsPerSecond == 0).forEach(this::forget);
        }
        return look;
    }

    private void forget(Rate rate) {
        counts.remove(rate.subject);
        others.msgs += rate.msgs;
        others.bytes += rate.bytes;
        others.msgsBefore += rate.msgs;
        others.bytesBefore += rate.bytes;
    }

    private static Comparator<Rate> comparator(BusOrder order) {
        Comparator<Rate> wanted = switch (order) {
            case MSGS, SUBS ->
                Comparator.<Rate>comparingDouble(rate -> -rate.msgsPerSecond).thenComparingLong(rate -> -rate.msgs);
            case BYTES ->
                Comparator.<Rate>comparingDouble(rate -> -rate.bytesPerSecond).thenComparingLong(rate -> -rate.bytes);
            case NAME -> Comparator.comparing(Rate::subject);
            case IDLE -> Comparator.comparingLong(rate -> -rate.idleMillis);
        };
        return wanted.thenComparing(Rate::subject);
    }
}
