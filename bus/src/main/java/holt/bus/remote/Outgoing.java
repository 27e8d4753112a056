package holt.bus.remote;

import org.jspecify.annotations.Nullable;

/**
 * A message on its way out, as it goes on the wire.
 *
 * @param replySubject null where no answer is expected
 * @param packed whether the payload is {@link Packed}
 * @param untilNanos by {@link System#nanoTime} when nobody waits for its effect any more; null for never
 */
record Outgoing(
        String subject,
        @Nullable String replySubject,
        byte[] payload,
        boolean packed,
        @Nullable Long untilNanos) {

    boolean isLate(long nowNanos) {
        return untilNanos != null && nowNanos - untilNanos > 0;
    }

    int bytes() {
        return subject.length() + payload.length;
    }
}
