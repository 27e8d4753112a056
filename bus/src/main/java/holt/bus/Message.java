package holt.bus;

import org.jspecify.annotations.Nullable;

/**
 * A message as its receiver sees it.
 *
 * @param subject the literal subject it was sent to
 * @param replySubject where an answer is expected; null where none is
 * @param payload not to be changed: other receivers see the same bytes
 * @param bus where answers go
 */
public record Message(String subject, @Nullable String replySubject, byte[] payload, Bus bus) {

    /** Answers; does nothing where no answer is expected. */
    public void reply(byte[] answer) {
        if (replySubject != null) {
            bus.publish(replySubject, answer);
        }
    }
}
