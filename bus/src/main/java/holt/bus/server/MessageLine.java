package holt.bus.server;

import java.nio.charset.StandardCharsets;

/** The line that goes before a message's body to its receiver: MSG or HMSG. Stateless. */
final class MessageLine {
    /** Bytes of it at most, without subject, sid and reply subject. */
    static final int REST = 40;

    private static final byte[] MSG = ascii("MSG ");
    private static final byte[] HMSG = ascii("HMSG ");

    private MessageLine() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes a message's line; tells where it ends. */
    static int write(byte[] chunk, int begin, Interest subscription, Publication message, boolean headers) {
        byte[] verb = headers ? HMSG : MSG;
        int at = put(chunk, begin, verb, 0, verb.length);
        at = put(chunk, at, message.line, message.subjectFrom, message.subjectTo);
        chunk[at++] = ' ';
        at = put(chunk, at, subscription.sid, 0, subscription.sid.length);
        chunk[at++] = ' ';
        if (message.hasReply()) {
            at = put(chunk, at, message.line, message.replyFrom, message.replyTo);
            chunk[at++] = ' ';
        }
        if (headers) {
            at = put(chunk, at, message.line, message.headerSizeFrom, message.headerSizeTo);
            chunk[at++] = ' ';
        }
        if (!headers && message.hasHeaders()) {
            byte[] size = ascii(Integer.toString(message.size - message.headerSize));
            at = put(chunk, at, size, 0, size.length);
        } else {
            at = put(chunk, at, message.line, message.sizeFrom, message.sizeTo);
        }
        chunk[at++] = '\r';
        chunk[at++] = '\n';
        return at;
    }

    private static int put(byte[] chunk, int at, byte[] bytes, int from, int to) {
        System.arraycopy(bytes, from, chunk, at, to - from);
        return at + to - from;
    }
}
