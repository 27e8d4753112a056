package holt.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an answer, by content length, in chunks, or to the end of the connection. Tells when its last byte was
 * taken; until then the connection cannot be used for anything else. One thread.
 */
final class HttpBodyStream extends InputStream {
    private static final long TO_THE_END = -1;
    private static final long LITTLE_LEFT = 64 << 10;

    private final InputStream in;
    private final boolean chunked;
    private final Runnable abandon;
    private long left;
    private boolean firstChunk = true;
    private boolean finished;

    private HttpBodyStream(InputStream in, boolean chunked, long left, Runnable abandon) {
        this.in = in;
        this.chunked = chunked;
        this.left = left;
        this.abandon = abandon;
        this.finished = !chunked && left == 0;
    }

    /**
     * The body that belongs to a head.
     *
     * @param abandon closes the connection: called when the body is closed with more to come
     */
    static HttpBodyStream of(HttpHead head, InputStream in, Runnable abandon) throws IOException {
        if (head.status() == 101 || head.status() == 204 || head.status() == 304) {
            return new HttpBodyStream(in, false, 0, abandon);
        }
        if (head.headers().getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return new HttpBodyStream(in, true, 0, abandon);
        }
        String length = head.headers().get("content-length");
        if (length == null) {
            return new HttpBodyStream(in, false, TO_THE_END, abandon);
        }
        if (!length.matches("\\d{1,18}")) {
            throw new IOException("the answer has the content length '" + Text.printable(length, 30) + "'");
        }
        return new HttpBodyStream(in, false, Long.parseLong(length), abandon);
    }

    /** Whether all of it was read and the connection is still good. */
    boolean isFinished() {
        return finished && left != TO_THE_END;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (finished || length == 0) {
            return finished ? -1 : 0;
        }
        if (chunked && left == 0 && !nextChunk()) {
            return -1;
        }
        int wanted = left == TO_THE_END ? length : (int) Math.min(length, left);
        int count = in.read(bytes, offset, wanted);
        if (count < 0) {
            return end();
        }
        if (left != TO_THE_END) {
            left -= count;
            finished = !chunked && left == 0;
        }
        return count;
    }

    @Override
    public int available() throws IOException {
        return finished || (chunked && left == 0) ? 0 : (int) Math.min(in.available(), left < 0 ? 4096 : left);
    }

    private int end() throws EOFException {
        if (left != TO_THE_END) {
            throw new EOFException("the connection was closed in the middle of the answer");
        }
        finished = true;
        return -1;
    }

    private boolean nextChunk() throws IOException {
        if (!firstChunk) {
            HttpHead.line(in, false);
        }
        firstChunk = false;
        String size = HttpHead.line(in, false);
        int end = size.indexOf(';');
        String digits = (end < 0 ? size : size.substring(0, end)).strip();
        if (!digits.matches("[0-9a-fA-F]{1,15}")) {
            throw new IOException("the answer has a chunk of the size '" + Text.printable(digits, 30) + "'");
        }
        left = Long.parseLong(digits, 16);
        if (left == 0) {
            while (!HttpHead.line(in, false).isEmpty()) {
                // Trailers are of no interest.
            }
            finished = true;
        }
        return left > 0;
    }

    /** Reads over the little that is left, so that the connection can be kept; otherwise gives it up. */
    @Override
    public void close() throws IOException {
        if (!chunked && left >= 0 && left <= LITTLE_LEFT) {
            byte[] rest = new byte[4096];
            while (read(rest) >= 0) {
                // Reading is the purpose.
            }
        }
        if (!isFinished()) {
            finished = true;
            abandon.run();
        }
    }
}
