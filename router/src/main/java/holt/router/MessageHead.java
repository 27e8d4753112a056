package holt.router;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Reads the head of a message from buffers that may end anywhere, and is used again for the next message of a
 * connection. Belongs to the event loop of its connection.
 *
 * <p>Strict where leniency lets two readers of one stream see different messages: no folded lines, no space before the
 * colon, no bare CR, no other control characters.
 */
abstract class MessageHead extends FieldLines {
    private static final int STEP = 4096;
    private static final byte[] CLOSE = Ascii.bytes("close");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");
    private static final byte[] UPGRADE = Ascii.bytes("upgrade");
    private static final byte[] CHUNKED = Ascii.bytes("chunked");
    private static final int MAX_LENGTH_DIGITS = 18;

    private final RouterSettings.Limits limits;
    private int length;
    private int lineStart;
    private boolean firstLineRead;

    /** Of the body; -1 where no field says it. */
    long contentLength = -1;

    boolean chunked;
    boolean saysClose;
    boolean saysKeepAlive;
    boolean saysUpgrade;

    /** The minor version of HTTP/1. */
    int minorVersion = 1;

    /** Whether a line ended in LF alone, so that lines cannot be passed on as they are. */
    boolean bareLf;

    MessageHead(RouterSettings.Limits limits) {
        this.limits = limits;
    }

    /**
     * Parses the first line.
     *
     * @return where the next line begins; -1 where more bytes are needed
     */
    abstract int firstLine(int from, int to) throws BadMessage;

    /** Whether lines may end in a bare LF, and empty lines may stand before the first. */
    abstract boolean isRequest();

    /** Looks at a field that concerns only one kind of message. */
    abstract void ownField(KnownField field, int index) throws BadMessage;

    /** What to say when there are too many bytes: of a line or of all. */
    abstract BadMessage tooLarge(String what, boolean inFirstLine);

    void reset() {
        forgetFields();
        bareLf = false;
        length = 0;
        lineStart = 0;
        firstLineRead = false;
        contentLength = -1;
        chunked = false;
        saysClose = false;
        saysKeepAlive = false;
        saysUpgrade = false;
        minorVersion = 1;
    }

    /** Whether nothing of it has come yet. */
    boolean isEmpty() {
        return length == 0;
    }

    /**
     * Takes what belongs to the head.
     *
     * @return whether it is complete; otherwise all of the buffer was taken
     */
    boolean read(ByteBuf in) throws BadMessage {
        while (in.isReadable()) {
            int count = Math.min(Math.min(in.readableBytes(), STEP), limits.headBytes() - length);
            if (count == 0) {
                throw tooLarge("head of more than " + limits.headBytes() + " bytes", !firstLineRead);
            }
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
            }
            in.readBytes(bytes, length, count);
            length += count;
            if (readLines()) {
                in.readerIndex(in.readerIndex() - (length - lineStart));
                length = lineStart;
                return true;
            }
            if (length - lineStart > limits.lineBytes()) {
                throw tooLarge("line of more than " + limits.lineBytes() + " bytes", !firstLineRead);
            }
        }
        return false;
    }

    private boolean readLines() throws BadMessage {
        while (true) {
            int next = firstLineRead ? field(lineStart) : firstLine(lineStart, length);
            if (next < 0) {
                return false;
            }
            if (next - lineStart > limits.lineBytes()) {
                throw tooLarge("line of more than " + limits.lineBytes() + " bytes", !firstLineRead);
            }
            boolean empty = firstLineRead && isEmptyLine(lineStart, next);
            boolean skipped = !firstLineRead && isEmptyLine(lineStart, next);
            firstLineRead |= !skipped;
            lineStart = next;
            if (empty) {
                return true;
            }
        }
    }

    private boolean isEmptyLine(int from, int next) {
        return next - from <= 2 && (bytes[from] == Ascii.CR || bytes[from] == Ascii.LF);
    }

    /** For a head that has no first line: the trailer of a chunked body. */
    void withoutFirstLine() {
        firstLineRead = true;
    }

    /** Parses a field or the empty line; returns where the next line begins, -1 where more bytes are needed. */
    private int field(int from) throws BadMessage {
        byte[] b = bytes;
        int end = length;
        int at = from;
        while (at < end && Ascii.isToken(b[at])) {
            at++;
        }
        if (at == end) {
            return -1;
        }
        if (at == from) {
            return emptyLine(from);
        }
        if (b[at] != ':') {
            throw BadMessage.malformed("the header line '" + Ascii.printable(b, from, at + 1)
                    + "' does not have a colon right after a legal name");
        }
        int nameEnd = at++;
        while (at < end && Ascii.isBlank(b[at])) {
            at++;
        }
        int valueStart = at;
        while (at < end && Ascii.isText(b[at])) {
            at++;
        }
        int next = lineEnd(at);
        if (next < 0) {
            return -1;
        }
        while (at > valueStart && Ascii.isBlank(b[at - 1])) {
            at--;
        }
        add(from, nameEnd, valueStart, at, next);
        return next;
    }

    private int emptyLine(int from) throws BadMessage {
        if (Ascii.isBlank(bytes[from])) {
            throw BadMessage.malformed("a header line begins with a blank: folded lines are not allowed");
        }
        if (bytes[from] != Ascii.CR && bytes[from] != Ascii.LF) {
            throw BadMessage.malformed("a header line has no legal name");
        }
        return lineEnd(from);
    }

    /** Where the line after a line end at this place begins; -1 where more bytes are needed. */
    final int lineEnd(int at) throws BadMessage {
        if (at == length) {
            return -1;
        }
        if (bytes[at] == Ascii.CR) {
            if (at + 1 == length) {
                return -1;
            }
            if (bytes[at + 1] == Ascii.LF) {
                return at + 2;
            }
            throw BadMessage.malformed("a line has a CR that no LF follows");
        }
        if (bytes[at] == Ascii.LF) {
            if (!isRequest()) {
                bareLf = true;
                return at + 1;
            }
            throw BadMessage.malformed("a line ends in LF without CR");
        }
        throw BadMessage.malformed("a line has the control character " + (bytes[at] & 0xff) + " in it");
    }

    private void add(int from, int nameEnd, int valueStart, int valueEnd, int next) throws BadMessage {
        if (fields() == limits.fields()) {
            throw tooLarge("head of more than " + limits.fields() + " fields", false);
        }
        KnownField field = KnownField.of(bytes, from, nameEnd);
        int index = addField(field, from, nameEnd, valueStart, valueEnd, next);
        if (field != null) {
            look(field, index);
        }
    }

    private void look(KnownField field, int index) throws BadMessage {
        switch (field) {
            case CONNECTION -> connection(index);
            case CONTENT_LENGTH -> contentLength(index);
            case TRANSFER_ENCODING -> transferEncoding(index);
            case ACCEPT,
                    EXPECT,
                    HOST,
                    KEEP_ALIVE,
                    PROXY_AUTHORIZATION,
                    PROXY_CONNECTION,
                    TE,
                    UPGRADE,
                    X_FORWARDED_FOR,
                    X_FORWARDED_HOST,
                    X_FORWARDED_PORT,
                    X_FORWARDED_PROTO,
                    X_REQUEST_ID,
                    X_REQUEST_START -> ownField(field, index);
        }
    }

    private void contentLength(int index) throws BadMessage {
        int from = valueStart(index);
        int to = valueEnd(index);
        if (to == from || to - from > MAX_LENGTH_DIGITS) {
            throw BadMessage.malformed("Content-Length is not a number");
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            if (!Ascii.isDigit(bytes[i])) {
                throw BadMessage.malformed("Content-Length is not a number");
            }
            value = value * 10 + (bytes[i] - '0');
        }
        if (contentLength >= 0 && contentLength != value) {
            throw BadMessage.malformed("it has two values of Content-Length");
        }
        contentLength = value;
    }

    private void transferEncoding(int index) throws BadMessage {
        if (chunked) {
            throw BadMessage.malformed("it has Transfer-Encoding twice");
        }
        if (!Ascii.equalsIgnoreCase(bytes, valueStart(index), valueEnd(index), CHUNKED)) {
            throw BadMessage.malformed("Transfer-Encoding is something else than 'chunked'");
        }
        chunked = true;
    }

    private void connection(int index) {
        int end = valueEnd(index);
        for (int from = valueStart(index); from < end; ) {
            int to = optionEnd(from, end);
            int last = trimmed(from, to);
            if (Ascii.equalsIgnoreCase(bytes, from, last, CLOSE)) {
                saysClose = true;
            } else if (Ascii.equalsIgnoreCase(bytes, from, last, KEEP_ALIVE)) {
                saysKeepAlive = true;
            } else if (Ascii.equalsIgnoreCase(bytes, from, last, UPGRADE)) {
                saysUpgrade = true;
            } else if (last > from) {
                foundOption();
            }
            from = optionStart(to + 1, end);
        }
    }

    /** Number of bytes taken so far. */
    int length() {
        return length;
    }
}
