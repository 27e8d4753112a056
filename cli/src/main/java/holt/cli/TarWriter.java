package holt.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Writes a tar archive (POSIX.1-2001: ustar, with extended headers where a name or a size does not fit). One thread.
 */
final class TarWriter {
    static final int BLOCK = 512;

    private static final int NAME = 100;
    private static final int TARGET_OFFSET = 157;
    private static final int SUM_OFFSET = 148;
    private static final int SUM_LENGTH = 8;
    private static final long MAX_OCTAL = 077777777777L;

    private final OutputStream out;
    private final byte[] buffer = new byte[32 << 10];

    TarWriter(OutputStream out) {
        this.out = out;
    }

    /** Begins an entry; that many bytes of content have to follow. */
    void entry(TarEntry entry) throws IOException {
        byte[] name = bytes(entry.name());
        byte[] target = bytes(entry.target());
        StringBuilder more = new StringBuilder();
        if (name.length > NAME || !isAscii(name)) {
            more.append(record("path", entry.name()));
        }
        if (target.length > NAME || !isAscii(target)) {
            more.append(record("linkpath", entry.target()));
        }
        if (entry.size() > MAX_OCTAL) {
            more.append(record("size", Long.toString(entry.size())));
        }
        if (!more.isEmpty()) {
            byte[] records = bytes(more.toString());
            out.write(
                    header(bytes("./PaxHeaders/entry"), 'x', 0644, records.length, entry.modifiedSeconds(), bytes("")));
            out.write(records);
            pad(records.length);
        }
        out.write(header(name, entry.kind().letter, entry.mode(), entry.size(), entry.modifiedSeconds(), target));
    }

    /** The content of the entry that was begun: as many bytes as were announced, however many there are by now. */
    void content(InputStream in, long size, LongConsumer progress) throws IOException {
        long left = size;
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new EOFException("a file became shorter while it was read");
            }
            out.write(buffer, 0, count);
            left -= count;
            progress.accept(count);
        }
        pad(size);
    }

    /** Ends the archive. */
    void finish() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }

    private void pad(long size) throws IOException {
        out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }

    private static byte[] header(byte[] name, char kind, int mode, long size, long modified, byte[] target) {
        byte[] block = new byte[BLOCK];
        put(block, 0, NAME, name);
        octal(block, 100, 8, mode & 07777);
        octal(block, 108, 8, 0);
        octal(block, 116, 8, 0);
        octal(block, 124, 12, Math.min(size, MAX_OCTAL));
        octal(block, 136, 12, Math.clamp(modified, 0, MAX_OCTAL));
        block[156] = (byte) kind;
        put(block, TARGET_OFFSET, NAME, target);
        put(block, 257, 8, bytes("ustar\00000"));
        Arrays.fill(block, SUM_OFFSET, SUM_OFFSET + SUM_LENGTH, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        octal(block, SUM_OFFSET, 7, sum);
        return block;
    }

    private static void put(byte[] block, int offset, int length, byte[] value) {
        System.arraycopy(value, 0, block, offset, Math.min(length, value.length));
    }

    private static void octal(byte[] block, int offset, int length, long value) {
        String digits = Long.toOctalString(value);
        put(block, offset, length - 1, bytes("0".repeat(length - 1 - digits.length()) + digits));
        block[offset + length - 1] = 0;
    }

    /** Its length counts itself. */
    private static String record(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int length = bytes(rest).length + 1;
        while (bytes(length + rest).length != length) {
            length = bytes(length + rest).length;
        }
        return length + rest;
    }

    private static boolean isAscii(byte[] text) {
        for (byte b : text) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
