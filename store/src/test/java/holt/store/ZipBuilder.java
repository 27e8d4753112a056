package holt.store;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes zip archives byte by byte, and so also those that no honest tool would make. */
final class ZipBuilder {
    static final int FILE = 0100644;
    static final int PROGRAM = 0100755;
    static final int FOLDER = 0040755;
    static final int LINK = 0120777;
    static final int PIPE = 0010644;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private int count;
    private int countSaid = -1;

    ZipBuilder file(String name, String content) {
        return add(name, FILE, content.getBytes(StandardCharsets.UTF_8));
    }

    ZipBuilder add(String name, int mode, byte[] content) {
        return add(name, mode, content, content.length, 0, crc(content));
    }

    /** An entry that says it is as long as this, has these flags and this checksum. */
    ZipBuilder add(String name, int mode, byte[] content, long sizeSaid, int flags, long crcSaid) {
        byte[] packed = deflate(content);
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        int offset = body.size();
        ByteBuffer local = buffer(30).putInt(0x04034b50).putShort((short) 20).putShort((short) flags);
        local.putShort((short) 8)
                .putInt(0)
                .putInt((int) crcSaid)
                .putInt(packed.length)
                .putInt((int) sizeSaid);
        body.writeBytes(
                local.putShort((short) nameBytes.length).putShort((short) 0).array());
        body.writeBytes(nameBytes);
        body.writeBytes(packed);

        ByteBuffer central =
                buffer(46).putInt(0x02014b50).put((byte) 30).put((byte) 3).putShort((short) 20);
        central.putShort((short) flags).putShort((short) 8).putInt(0).putInt((int) crcSaid);
        central.putInt(packed.length)
                .putInt((int) sizeSaid)
                .putShort((short) nameBytes.length)
                .putShort((short) 0);
        central.putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt(mode << 16)
                .putInt(offset);
        directory.writeBytes(central.array());
        directory.writeBytes(nameBytes);
        count++;
        return this;
    }

    ZipBuilder sayingCount(int said) {
        countSaid = said;
        return this;
    }

    byte[] bytes() {
        short said = (short) (countSaid < 0 ? count : countSaid);
        ByteBuffer end = buffer(22).putInt(0x06054b50).putShort((short) 0).putShort((short) 0);
        end.putShort(said)
                .putShort(said)
                .putInt(directory.size())
                .putInt(body.size())
                .putShort((short) 0);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(body.toByteArray());
        whole.writeBytes(directory.toByteArray());
        whole.writeBytes(end.array());
        return whole.toByteArray();
    }

    static long crc(byte[] content) {
        CRC32 check = new CRC32();
        check.update(content);
        return check.getValue();
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        while (!deflater.finished()) {
            packed.write(chunk, 0, deflater.deflate(chunk));
        }
        deflater.end();
        return packed.toByteArray();
    }
}
