package holt.router;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a body in a stream of bytes. The body itself is passed on as it came, chunk lines included; because
 * every chunk line is checked to the letter, all who read it see the same end. Belongs to one connection's event loop.
 */
final class BodyFraming {
    private static final int MAX_SIZE_DIGITS = 15;
    private static final int MAX_EXTENSION = 4096;

    private enum Step {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER,
        END
    }

    private final RouterSettings.Limits limits;
    private Step step = Step.END;
    private boolean chunked;
    private boolean untilClose;
    private long remaining;
    private int digits;
    private int extension;
    private @Nullable TrailerHead trailer;

    BodyFraming(RouterSettings.Limits limits) {
        this.limits = limits;
    }

    void none() {
        length(0);
    }

    void length(long bytes) {
        chunked = false;
        untilClose = false;
        remaining = bytes;
    }

    void chunked() {
        chunked = true;
        untilClose = false;
        step = Step.SIZE;
        remaining = 0;
        digits = 0;
        extension = 0;
        trailer = null;
    }

    void untilClose() {
        chunked = false;
        untilClose = true;
    }

    boolean isChunked() {
        return chunked;
    }

    boolean isUntilClose() {
        return untilClose;
    }

    boolean isDone() {
        return chunked ? step == Step.END : !untilClose && remaining == 0;
    }

    /**
     * Looks at what has come, without taking it.
     *
     * @return how many of the readable bytes belong to the body, framing included
     */
    int scan(ByteBuf in) throws BadMessage {
        return scan(in, null);
    }

    /**
     * Looks at what has come, without taking it.
     *
     * @param data gets the bytes of the chunks without framing
     * @return how many of the readable bytes belong to the body, framing included
     */
    int scan(ByteBuf in, @Nullable ByteBuf data) throws BadMessage {
        if (chunked) {
            return scanChunks(in, data);
        }
        if (untilClose) {
            return in.readableBytes();
        }
        int count = (int) Math.min(remaining, in.readableBytes());
        remaining -= count;
        return count;
    }

    private int scanChunks(ByteBuf in, @Nullable ByteBuf data) throws BadMessage {
        int start = in.readerIndex();
        int end = in.writerIndex();
        int at = start;
        while (at < end && step != Step.END) {
            if (step == Step.DATA) {
                int count = (int) Math.min(remaining, end - at);
                if (data != null) {
                    data.writeBytes(in, at, count);
                }
                at += count;
                remaining -= count;
                step = remaining == 0 ? Step.DATA_CR : Step.DATA;
            } else if (step == Step.TRAILER) {
                at = trailer(in, at);
            } else {
                byteOfLine(in.getByte(at++));
            }
        }
        return at - start;
    }

    private void byteOfLine(byte b) throws BadMessage {
        switch (step) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> {
                expect(b, Ascii.LF);
                step = remaining == 0 ? Step.TRAILER : Step.DATA;
                digits = 0;
                extension = 0;
            }
            case DATA_CR -> {
                expect(b, Ascii.CR);
                step = Step.DATA_LF;
            }
            case DATA_LF -> {
                expect(b, Ascii.LF);
                step = Step.SIZE;
            }
            case DATA, TRAILER, END -> throw new IllegalStateException("Step " + step + " is not one of a chunk line");
        }
    }

    private void size(byte b) throws BadMessage {
        int digit = Ascii.hex(b);
        if (digit >= 0) {
            if (++digits > MAX_SIZE_DIGITS) {
                throw BadMessage.malformed("a chunk's size has too many digits");
            }
            remaining = remaining << 4 | digit;
        } else if (digits == 0) {
            throw BadMessage.malformed("a chunk does not begin with its size");
        } else if (b == Ascii.CR) {
            step = Step.SIZE_LF;
        } else if (b == ';' || Ascii.isBlank(b)) {
            step = Step.EXTENSION;
        } else {
            throw BadMessage.malformed("a chunk's size is not a hexadecimal number");
        }
    }

    private void extension(byte b) throws BadMessage {
        if (b == Ascii.CR) {
            step = Step.SIZE_LF;
        } else if (!Ascii.isText(b) || ++extension > MAX_EXTENSION) {
            throw BadMessage.malformed("a chunk's extension is too long or has a control character in it");
        }
    }

    private static void expect(byte found, byte expected) throws BadMessage {
        if (found != expected) {
            throw BadMessage.malformed("a chunk does not end where its size says");
        }
    }

    private int trailer(ByteBuf in, int at) throws BadMessage {
        if (trailer == null) {
            trailer = new TrailerHead(limits);
        }
        int readerIndex = in.readerIndex();
        in.readerIndex(at);
        boolean complete = trailer.read(in);
        int next = in.readerIndex();
        in.readerIndex(readerIndex);
        if (complete) {
            trailer.check();
            step = Step.END;
            trailer = null;
        }
        return next;
    }

    /** The fields after the last chunk. None may be one that decides where a message goes or how long it is. */
    private static final class TrailerHead extends MessageHead {
        TrailerHead(RouterSettings.Limits limits) {
            super(limits);
            withoutFirstLine();
        }

        @Override
        int firstLine(int from, int to) {
            throw new IllegalStateException("A trailer has no first line");
        }

        @Override
        boolean isRequest() {
            return true;
        }

        void check() throws BadMessage {
            for (int i = 0; i < fields(); i++) {
                if (known(i) != null) {
                    throw BadMessage.malformed(
                            "its trailer has the field " + known(i) + ", which cannot come that late");
                }
            }
        }

        @Override
        void ownField(KnownField field, int index) {
            // All known fields are refused together by check.
        }

        @Override
        BadMessage tooLarge(String what, boolean inFirstLine) {
            return new BadMessage(431, "the trailer has a " + what);
        }
    }
}
