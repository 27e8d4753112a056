package holt.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipException;

/**
 * What a zip's central directory says of each entry's kind and permissions, which the JDK does not tell. Read by the
 * format's description (APPNOTE 4.3.12, 4.3.14 to 4.3.16).
 */
final class ZipModes {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int WIDE_END_SIGNATURE = 0x06064b50;
    private static final int WIDE_LOCATOR_SIGNATURE = 0x07064b50;
    private static final int WIDE_LOCATOR_BYTES = 20;
    private static final int WIDE_END_BYTES = 56;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    private static final int MAX_DIRECTORY_BYTES = 256 << 20;
    private static final int UNIX = 3;
    private static final int MAC = 19;

    private ZipModes() {}

    /** What an entry is. */
    enum Kind {
        FILE,
        FOLDER,
        LINK,
        OTHER
    }

    /**
     * Of one entry.
     *
     * @param unix type and permissions as Unix has them; 0 where the archive does not say
     */
    record Mode(int unix, boolean encrypted) {
        static final Mode UNKNOWN = new Mode(0, false);

        Kind kind(boolean namedAsFolder) {
            return switch (unix >> 12) {
                case 0 -> namedAsFolder ? Kind.FOLDER : Kind.FILE;
                case 4 -> Kind.FOLDER;
                case 8 -> namedAsFolder ? Kind.OTHER : Kind.FILE;
                case 10 -> Kind.LINK;
                default -> Kind.OTHER;
            };
        }

        boolean executable() {
            return (unix & 0100) != 0;
        }
    }

    /**
     * Reads the directory.
     *
     * @param expected number of entries that another reader found; two views of one archive are a trap
     */
    static Map<String, Mode> read(Path zip, int expected) throws IOException {
        ByteBuffer directory = directory(zip);
        Map<String, Mode> modes = new HashMap<>();
        int count = 0;
        while (directory.remaining() >= ENTRY_BYTES && directory.getInt(directory.position()) == ENTRY_SIGNATURE) {
            readEntry(directory, modes);
            count++;
        }
        if (count != expected) {
            throw new ZipException("its directory can be read in two ways");
        }
        return modes;
    }

    private static void readEntry(ByteBuffer directory, Map<String, Mode> modes) throws ZipException {
        int start = directory.position();
        int madeBy = directory.get(start + 5) & 0xff;
        int flags = directory.getShort(start + 8) & 0xffff;
        int nameBytes = directory.getShort(start + 28) & 0xffff;
        int extraBytes = directory.getShort(start + 30) & 0xffff;
        int commentBytes = directory.getShort(start + 32) & 0xffff;
        int attributes = directory.getInt(start + 38);
        if (directory.remaining() < ENTRY_BYTES + nameBytes + extraBytes + commentBytes) {
            throw new ZipException("its directory is cut off");
        }
        byte[] name = new byte[nameBytes];
        directory.get(start + ENTRY_BYTES, name);
        int unix = madeBy == UNIX || madeBy == MAC ? attributes >>> 16 : 0;
        modes.put(new String(name, StandardCharsets.UTF_8), new Mode(unix, (flags & 1) != 0));
        directory.position(start + ENTRY_BYTES + nameBytes + extraBytes + commentBytes);
    }

    private static ByteBuffer directory(Path zip) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(zip)) {
            long size = channel.size();
            int tailBytes = (int) Math.min(size, END_BYTES + 0xffff);
            ByteBuffer tail = bytes(channel, size - tailBytes, tailBytes);
            int end = tailBytes - END_BYTES;
            while (end >= 0 && !isEnd(tail, end)) {
                end--;
            }
            if (end < 0) {
                throw new ZipException("it has no end record");
            }
            long endAt = size - tailBytes + end;
            long directoryBytes = tail.getInt(end + 12) & 0xffffffffL;
            long directoryEnd = endAt;
            if (endAt >= WIDE_LOCATOR_BYTES) {
                ByteBuffer locator = bytes(channel, endAt - WIDE_LOCATOR_BYTES, WIDE_LOCATOR_BYTES);
                if (locator.getInt(0) == WIDE_LOCATOR_SIGNATURE) {
                    directoryEnd = locator.getLong(8);
                    directoryBytes = wideBytes(channel, directoryEnd, size);
                }
            }
            if (directoryBytes > MAX_DIRECTORY_BYTES || directoryBytes > directoryEnd) {
                throw new ZipException("its directory is said to have " + directoryBytes + " bytes");
            }
            return bytes(channel, directoryEnd - directoryBytes, (int) directoryBytes);
        }
    }

    private static boolean isEnd(ByteBuffer tail, int at) {
        return tail.getInt(at) == END_SIGNATURE && (tail.getShort(at + 20) & 0xffff) == tail.limit() - at - END_BYTES;
    }

    private static long wideBytes(SeekableByteChannel channel, long at, long size) throws IOException {
        if (at < 0 || at + WIDE_END_BYTES > size) {
            throw new ZipException("its end record points outside");
        }
        ByteBuffer wide = bytes(channel, at, WIDE_END_BYTES);
        if (wide.getInt(0) != WIDE_END_SIGNATURE || wide.getLong(40) < 0) {
            throw new ZipException("its end record is damaged");
        }
        return wide.getLong(40);
    }

    private static ByteBuffer bytes(SeekableByteChannel channel, long at, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        channel.position(at);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new ZipException("it ends too early");
            }
        }
        return buffer.flip();
    }
}
