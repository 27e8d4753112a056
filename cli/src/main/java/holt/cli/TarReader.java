package holt.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive from somebody who is not to be trusted: ustar, the extended headers of POSIX.1-2001, and GNU's long
 * names. What it gives is only what the archive says; names are for its user to check. One thread.
 */
final class TarReader {
    private static final int MAX_EXTENSION = 64 << 10;
    private static final int SUM_OFFSET = 148;
    private static final int SUM_LENGTH = 8;

    private final InputStream in;
    private long left;
    private long padding;

    TarReader(InputStream in) {
        this.in = in;
    }

    /** The next entry; null at the end. What was not read of the one before is skipped. */
    @Nullable
    TarEntry next() throws IOException {
        skipContent();
        Map<String, String> extension = new HashMap<>();
        while (true) {
            byte[] block = in.readNBytes(TarWriter.BLOCK);
            if (block.length == 0 || isEmpty(block)) {
                return null;
            }
            if (block.length < TarWriter.BLOCK) {
                throw new EOFException("the archive ends in its middle");
            }
            checkSum(block);
            char letter = (char) (block[156] & 0xff);
            long size = number(block, 124, 12);
            if (letter == 'x' || letter == 'g' || letter == 'L' || letter == 'K') {
                extend(extension, letter, size);
                continue;
            }
            return entry(block, TarEntry.Kind.of(letter), size, extension);
        }
    }

    private TarEntry entry(byte[] block, TarEntry.Kind kind, long shortSize, Map<String, String> extension)
            throws IOException {
        long size = extension.containsKey("size") ? whole(extension.get("size")) : shortSize;
        boolean hasContent = kind == TarEntry.Kind.FILE || kind == TarEntry.Kind.OTHER;
        left = hasContent ? size : 0;
        padding = hasContent ? (TarWriter.BLOCK - size % TarWriter.BLOCK) % TarWriter.BLOCK : 0;
        String prefix = text(block, 345, 155);
        String plain = text(block, 0, 100);
        boolean ustar = text(block, 257, 5).equals("ustar") && block[262] == 0;
        String name = ustar && !prefix.isEmpty() ? prefix + "/" + plain : plain;
        return new TarEntry(
                extension.getOrDefault("path", name),
                kind,
                (int) number(block, 100, 8) & 07777,
                left,
                number(block, 136, 12),
                extension.getOrDefault("linkpath", text(block, 157, 100)));
    }

    private void extend(Map<String, String> extension, char letter, long size) throws IOException {
        if (size > MAX_EXTENSION) {
            throw new IOException("the archive has a header of " + size + " bytes");
        }
        byte[] content = in.readNBytes((int) size);
        in.skipNBytes((TarWriter.BLOCK - size % TarWriter.BLOCK) % TarWriter.BLOCK);
        if (content.length < size) {
            throw new EOFException("the archive ends in its middle");
        }
        switch (letter) {
            case 'x' -> records(content, extension);
            case 'L' -> extension.put("path", text(content, 0, content.length));
            case 'K' -> extension.put("linkpath", text(content, 0, content.length));
            default -> {
                // What is said of all entries is of no use here.
            }
        }
    }

    private static void records(byte[] content, Map<String, String> extension) throws IOException {
        int at = 0;
        while (at < content.length) {
            int blank = at;
            while (blank < content.length && content[blank] != ' ') {
                blank++;
            }
            long length = whole(new String(content, at, blank - at, StandardCharsets.US_ASCII));
            if (length < blank - at + 3 || at + length > content.length) {
                throw new IOException("the archive has a header that cannot be read");
            }
            String record = new String(content, blank + 1, (int) length - (blank + 1 - at) - 1, StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            if (equals > 0) {
                extension.put(record.substring(0, equals), record.substring(equals + 1));
            }
            at += (int) length;
        }
    }

    /** Reads content of the present entry; -1 at its end. */
    int read(byte[] buffer) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
            throw new EOFException("the archive ends within a file");
        }
        left -= count;
        return count;
    }

    private void skipContent() throws IOException {
        in.skipNBytes(left);
        in.skipNBytes(padding);
        left = 0;
        padding = 0;
    }

    private static boolean isEmpty(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static void checkSum(byte[] block) throws IOException {
        int sum = 0;
        for (int i = 0; i < block.length; i++) {
            sum += i >= SUM_OFFSET && i < SUM_OFFSET + SUM_LENGTH ? ' ' : block[i] & 0xff;
        }
        if (sum != number(block, SUM_OFFSET, SUM_LENGTH)) {
            throw new IOException("this is no archive, or it was damaged");
        }
    }

    /** Octal digits, or, with the first bit set, binary. */
    private static long number(byte[] block, int offset, int length) throws IOException {
        if ((block[offset] & 0x80) != 0) {
            long value = block[offset] & 0x7f;
            for (int i = 1; i < length; i++) {
                if (value >> 55 != 0) {
                    throw new IOException("the archive has a number that is too large");
                }
                value = value << 8 | (block[offset + i] & 0xff);
            }
            return value;
        }
        String digits = text(block, offset, length).strip();
        if (digits.isEmpty()) {
            return 0;
        }
        if (!digits.matches("[0-7]{1,20}")) {
            throw new IOException("the archive has a number that cannot be read");
        }
        return Long.parseLong(digits, 8);
    }

    private static long whole(String digits) throws IOException {
        if (!digits.matches("\\d{1,18}")) {
            throw new IOException("the archive has a number that cannot be read");
        }
        return Long.parseLong(digits);
    }

    private static String text(byte[] block, int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return new String(block, offset, end - offset, StandardCharsets.UTF_8);
    }
}
