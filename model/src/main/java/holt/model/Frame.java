package holt.model;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One message of a session with an instance. On a connection it is four bytes of length (big-endian, of all that follows),
 * one byte of kind, and the content; in a message of the bus the length goes without saying.
 *
 * @param content at most {@link #MAX_CONTENT} bytes, not to be changed
 */
public record Frame(Kind kind, byte[] content) {
    public static final int MAX_CONTENT = 32 << 10;
    private static final byte[] NOTHING = {};

    /** What a frame says. The number on the wire is the place here: new ones go last. */
    public enum Kind {
        /** To the caller, first: {@link AccessApi.Started}. */
        STARTED,
        /** To the program: what it reads. */
        INPUT,
        /** To the program: nothing more to read. */
        INPUT_END,
        /** To the caller: standard output, or what came from the port. */
        OUTPUT,
        /** To the caller: nothing more on standard output, or from the port. */
        OUTPUT_END,
        /** To the caller: standard error. */
        ERROR_OUTPUT,
        /** To the program: columns and rows, two bytes each. */
        RESIZE,
        /** To the caller, last: the exit status, four bytes. */
        EXITED,
        /** To the caller, last: a problem, as JSON. */
        FAILED,
        /** Both ways: the sender lives. */
        ALIVE
    }

    public Frame {
        if (content.length > MAX_CONTENT) {
            throw new IllegalArgumentException(
                    "Expected at most " + MAX_CONTENT + " bytes in a frame, found " + content.length);
        }
    }

    public static Frame of(Kind kind) {
        return new Frame(kind, NOTHING);
    }

    /** A part of a buffer as a frame of its own. */
    public static Frame of(Kind kind, byte[] buffer, int length) {
        return new Frame(kind, Arrays.copyOf(buffer, length));
    }

    public static Frame exited(int status) {
        return new Frame(
                Kind.EXITED,
                new byte[] {(byte) (status >> 24), (byte) (status >> 16), (byte) (status >> 8), (byte) status});
    }

    public static Frame resize(int columns, int rows) {
        return new Frame(
                Kind.RESIZE, new byte[] {(byte) (columns >> 8), (byte) columns, (byte) (rows >> 8), (byte) rows});
    }

    /** A number in the content: two bytes at a place. */
    public int pair(int offset) {
        return offset + 2 > content.length ? 0 : (content[offset] & 0xff) << 8 | (content[offset + 1] & 0xff);
    }

    /** The exit status of {@link Kind#EXITED}. */
    public int status() {
        return pair(0) << 16 | pair(2);
    }

    /** Kind and content. */
    public byte[] bytes() {
        byte[] bytes = new byte[1 + content.length];
        bytes[0] = (byte) kind.ordinal();
        System.arraycopy(content, 0, bytes, 1, content.length);
        return bytes;
    }

    /** With the length before it. */
    public byte[] onWire() {
        byte[] bytes = new byte[5 + content.length];
        int length = 1 + content.length;
        bytes[0] = (byte) (length >> 24);
        bytes[1] = (byte) (length >> 16);
        bytes[2] = (byte) (length >> 8);
        bytes[3] = (byte) length;
        bytes[4] = (byte) kind.ordinal();
        System.arraycopy(content, 0, bytes, 5, content.length);
        return bytes;
    }

    /**
     * A frame from its {@link #bytes}.
     *
     * @throws IllegalArgumentException for what is none
     */
    public static Frame read(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] < 0 || bytes[0] >= Kind.values().length) {
            throw new IllegalArgumentException(
                    "Expected a frame of a known kind, found " + (bytes.length == 0 ? "nothing" : "kind " + bytes[0]));
        }
        return new Frame(Kind.values()[bytes[0]], Arrays.copyOfRange(bytes, 1, bytes.length));
    }

    /** The next frame of a connection; null where it ends between two frames. */
    public static @Nullable Frame read(InputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        DataInputStream data = new DataInputStream(in);
        int length = first << 24 | data.readUnsignedByte() << 16 | data.readUnsignedShort();
        if (length < 1 || length > 1 + MAX_CONTENT) {
            throw new IOException("Expected a frame of 1 to " + (1 + MAX_CONTENT) + " bytes, found " + length);
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("The connection ended within a frame");
        }
        try {
            return read(bytes);
        } catch (IllegalArgumentException strange) {
            throw new IOException(strange.getMessage(), strange);
        }
    }
}
