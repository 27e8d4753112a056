package holt.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a body of unknown length in chunks (RFC 9112). Must be finished; closing does not close what is below. */
final class ChunkedOutput extends OutputStream {
    private static final byte[] LINE_END = {'\r', '\n'};

    private final OutputStream out;
    private final byte[] buffer = new byte[32 << 10];
    private int filled;

    ChunkedOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            int part = Math.min(left, buffer.length - filled);
            System.arraycopy(bytes, from, buffer, filled, part);
            filled += part;
            from += part;
            left -= part;
            if (filled == buffer.length) {
                writeChunk();
            }
        }
    }

    /** Writes what is left and the end. */
    void finish() throws IOException {
        writeChunk();
        out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    private void writeChunk() throws IOException {
        if (filled > 0) {
            out.write(Integer.toHexString(filled).getBytes(StandardCharsets.ISO_8859_1));
            out.write(LINE_END);
            out.write(buffer, 0, filled);
            out.write(LINE_END);
            filled = 0;
        }
    }
}
