package holt.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/**
 * The central directory of a zip archive, for what {@link java.util.zip.ZipFile} does not tell: the Unix mode of an entry,
 * whether it is encrypted, and how many entries there are before memory is spent on them. Layout after PKWARE's
 * APPNOTE, sections 4.3.12 to 4.3.16.
 */
final class ZipDirectory {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT_BYTES = 0xffff;
    private static final int WIDE_LOCATOR_SIGNATURE = 0x07064b50;
    private static final int WIDE_LOCATOR_BYTES = 20;
    private static final int WIDE_END_SIGNATURE = 0x06064b50;
    private static final int WIDE_END_BYTES = 56;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    private static final int MADE_BY_UNIX = 3;
    private static final int MADE_BY_DARWIN = 19;

    /** A directory with more than this is no package: names are at most 1 KiB, and most are far shorter. */
    private static final long MAX_DIRECTORY_BYTES = 128L << 20;

    private ZipDirectory() {}

    /**
     * One entry.
     *
     * @param mode Unix mode with the kind of file; 0 where the archive was not made on Unix
     */
    record Entry(String name, int mode, boolean encrypted, int method) {}

    /** Where the directory stands, as the end record tells. */
    private record Extent(long end, long bytes, long count) {}

    /**
     * Reads all entries, in their order.
     *
     * @throws ZipException when this is not a zip archive, or has more than {@code maxEntries}
     */
    static List<Entry> read(Path archive, int maxEntries) throws IOException {
        try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ)) {
            Extent extent = extent(channel);
            if (extent.count() > maxEntries) {
                throw new ZipException("it has " + extent.count() + " entries, more than " + maxEntries);
            }
            if (extent.bytes() > MAX_DIRECTORY_BYTES || extent.bytes() > extent.end() || extent.bytes() < 0) {
                throw new ZipException("its table of contents cannot be where it says");
            }
            return entries(read(channel, extent.end() - extent.bytes(), (int) extent.bytes()), extent.count());
        }
    }

    private static Extent extent(FileChannel channel) throws IOException {
        long size = channel.size();
        int tailBytes = (int) Math.min(size, END_BYTES + MAX_COMMENT_BYTES);
        ByteBuffer tail = read(channel, size - tailBytes, tailBytes);
        for (int at = tailBytes - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END_SIGNATURE && at + END_BYTES + unsignedShort(tail, at + 20) == tailBytes) {
                return wideExtent(
                        channel,
                        size - tailBytes + at,
                        new Extent(size - tailBytes + at, unsignedInt(tail, at + 12), unsignedShort(tail, at + 10)));
            }
        }
        throw new ZipException("it has no table of contents");
    }

    /** Archives with more than 65,535 entries or 4 GiB tell the true numbers in a second, wider end record. */
    private static Extent wideExtent(FileChannel channel, long end, Extent narrow) throws IOException {
        if (end < WIDE_LOCATOR_BYTES + WIDE_END_BYTES) {
            return narrow;
        }
        ByteBuffer locator = read(channel, end - WIDE_LOCATOR_BYTES, WIDE_LOCATOR_BYTES);
        if (locator.getInt(0) != WIDE_LOCATOR_SIGNATURE) {
            return narrow;
        }
        long wideEnd = locator.getLong(8);
        if (wideEnd < 0 || wideEnd > end - WIDE_LOCATOR_BYTES - WIDE_END_BYTES) {
            throw new ZipException("its table of contents cannot be where it says");
        }
        ByteBuffer wide = read(channel, wideEnd, WIDE_END_BYTES);
        if (wide.getInt(0) != WIDE_END_SIGNATURE) {
            return narrow;
        }
        return new Extent(wideEnd, wide.getLong(40), wide.getLong(32));
    }

    private static List<Entry> entries(ByteBuffer table, long count) throws IOException {
        List<Entry> entries = new ArrayList<>();
        while (table.remaining() >= ENTRY_BYTES) {
            int at = table.position();
            if (table.getInt(at) != ENTRY_SIGNATURE) {
                break;
            }
            int nameBytes = unsignedShort(table, at + 28);
            int next = at + ENTRY_BYTES + nameBytes + unsignedShort(table, at + 30) + unsignedShort(table, at + 32);
            if (next > table.limit()) {
                throw new ZipException("its table of contents is cut off");
            }
            entries.add(entry(table, at, name(table, at + ENTRY_BYTES, nameBytes)));
            table.position(next);
        }
        if (entries.size() != count) {
            throw new ZipException("its table of contents says " + count + " entries and has " + entries.size());
        }
        return entries;
    }

    private static Entry entry(ByteBuffer table, int at, String name) {
        int madeBy = table.get(at + 5);
        boolean unix = madeBy == MADE_BY_UNIX || madeBy == MADE_BY_DARWIN;
        return new Entry(
                name,
                unix ? unsignedShort(table, at + 40) : 0,
                (unsignedShort(table, at + 8) & 1) != 0,
                unsignedShort(table, at + 10));
    }

    private static String name(ByteBuffer table, int at, int bytes) throws ZipException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(table.slice(at, bytes))
                    .toString();
        } catch (CharacterCodingException fault) {
            throw new ZipException("it has a name that is not UTF-8");
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new ZipException("it is cut off");
            }
        }
        return buffer.flip();
    }

    private static int unsignedShort(ByteBuffer buffer, int at) {
        return Short.toUnsignedInt(buffer.getShort(at));
    }

    private static long unsignedInt(ByteBuffer buffer, int at) {
        return Integer.toUnsignedLong(buffer.getInt(at));
    }
}
