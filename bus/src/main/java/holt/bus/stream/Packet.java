package holt.bus.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One message of the bus, as a stream uses it. The first 25 bytes are the kind and three numbers of 8 bytes.
 *
 * @param kind what the content is
 * @param sequence number of the message in the content, from 0; of no meaning without one
 * @param received how many messages the sender has got, without a gap
 * @param limit how many messages the sender lets the other side send, counted from the first
 * @param content a message, or why the stream ends
 */
record Packet(Kind kind, long sequence, long received, long limit, byte[] content) {
    private static final int HEAD = 25;
    private static final int LONGEST_REASON = 1000;

    enum Kind {
        /** A message. */
        DATA,
        /** Only the numbers. */
        NUMBERS,
        /** The sender has ended the stream; the content says why. */
        END
    }

    static byte[] reason(String text) {
        return text.substring(0, Math.min(text.length(), LONGEST_REASON)).getBytes(StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(HEAD + content.length)
                .put((byte) kind.ordinal())
                .putLong(sequence)
                .putLong(received)
                .putLong(limit)
                .put(content)
                .array();
    }

    /** @throws IllegalArgumentException for what is none */
    static Packet read(byte[] bytes) {
        if (bytes.length < HEAD || bytes[0] < 0 || bytes[0] >= Kind.values().length) {
            throw new IllegalArgumentException("Expected a packet, found " + bytes.length + " bytes of something else");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Kind kind = Kind.values()[buffer.get()];
        long sequence = buffer.getLong();
        long received = buffer.getLong();
        long limit = buffer.getLong();
        if (sequence < 0 || received < 0 || limit < 0) {
            throw new IllegalArgumentException("Expected a packet with numbers from 0, found one below");
        }
        byte[] content = new byte[buffer.remaining()];
        buffer.get(content);
        return new Packet(kind, sequence, received, limit, content);
    }
}
