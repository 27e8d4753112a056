package holt.bus.server;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The message that is being handed on, as ranges of the bytes it came in: the operation's line holds subject, reply and
 * sizes, the body holds headers, payload and a CR LF. One instance is filled again and again by its owner; whoever wants
 * to keep something of it copies.
 */
final class Publication {
    byte[] line = {};
    int subjectFrom;
    int subjectTo;
    int replyFrom;
    /** Equal to {@link #replyFrom} where no answer is expected. */
    int replyTo;

    int sizeFrom;
    int sizeTo;
    int headerSizeFrom;
    int headerSizeTo;
    /** Bytes of the body that are headers; 0 where there are none. */
    int headerSize;
    /** Bytes of headers and payload together. */
    int size;

    byte[] body = {};
    int bodyFrom;

    int subjectLength() {
        return subjectTo - subjectFrom;
    }

    int replyLength() {
        return replyTo - replyFrom;
    }

    boolean hasReply() {
        return replyTo > replyFrom;
    }

    boolean hasHeaders() {
        return headerSize > 0;
    }

    byte[] subject() {
        return java.util.Arrays.copyOfRange(line, subjectFrom, subjectTo);
    }

    byte[] reply() {
        return java.util.Arrays.copyOfRange(line, replyFrom, replyTo);
    }

    /** The payload without headers, copied. */
    byte[] payload() {
        return java.util.Arrays.copyOfRange(body, bodyFrom + headerSize, bodyFrom + size);
    }

    /** A message of a part of this process, which has no headers. */
    static Publication of(String subject, @Nullable String reply, byte[] payload) {
        byte[] size = Integer.toString(payload.length).getBytes(StandardCharsets.US_ASCII);
        byte[] to = subject.getBytes(StandardCharsets.UTF_8);
        byte[] answer = reply == null ? new byte[0] : reply.getBytes(StandardCharsets.UTF_8);
        Publication made = new Publication();
        made.line = new byte[to.length + answer.length + size.length];
        System.arraycopy(to, 0, made.line, 0, to.length);
        System.arraycopy(answer, 0, made.line, to.length, answer.length);
        System.arraycopy(size, 0, made.line, to.length + answer.length, size.length);
        made.subjectTo = to.length;
        made.replyFrom = to.length;
        made.replyTo = to.length + answer.length;
        made.sizeFrom = made.replyTo;
        made.sizeTo = made.line.length;
        made.size = payload.length;
        made.body = java.util.Arrays.copyOf(payload, payload.length + 2);
        made.body[payload.length] = '\r';
        made.body[payload.length + 1] = '\n';
        return made;
    }

    /** Copies the ranges of an operation's line, so that they outlive the bytes it came in. */
    void keepLine(int from, int to) {
        byte[] kept = java.util.Arrays.copyOfRange(line, from, to);
        line = kept;
        subjectFrom -= from;
        subjectTo -= from;
        replyFrom -= from;
        replyTo -= from;
        sizeFrom -= from;
        sizeTo -= from;
        headerSizeFrom -= from;
        headerSizeTo -= from;
    }
}
