package holt.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * JSON for messages that may grow beyond what a message can hold, such as the report of a host with thousands of
 * processes: plain while it is small, and in gzip form when it is large, which the first two bytes tell.
 */
public final class Compact {
    /** Smaller than this it stays readable on the wire. */
    public static final int PLAIN_BYTES = 256 << 10;

    private static final int MAX_BYTES = 16 << 20;
    private static final int MAGIC_FIRST = 0x1F;
    private static final int MAGIC_SECOND = 0x8B;

    private Compact() {}

    /** Writes a value. */
    public static byte[] bytes(Object value) {
        byte[] plain = Json.bytes(value);
        if (plain.length < PLAIN_BYTES) {
            return plain;
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 8);
        try (GZIPOutputStream stream = new Quick(packed)) {
            stream.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException("A byte array could not be written", impossible);
        }
        return packed.toByteArray();
    }

    /**
     * Reads a value in either form.
     *
     * @throws tools.jackson.core.JacksonException where it is not such a value, or larger than 16 MiB
     */
    public static <T> T read(byte[] bytes, Class<T> type) {
        return Json.read(isPacked(bytes) ? unpacked(bytes) : bytes, type);
    }

    private static boolean isPacked(byte[] bytes) {
        return bytes.length > 2 && (bytes[0] & 0xFF) == MAGIC_FIRST && (bytes[1] & 0xFF) == MAGIC_SECOND;
    }

    /** What cannot be unpacked is given back as it is: it is no JSON either. */
    private static byte[] unpacked(byte[] bytes) {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] plain = stream.readNBytes(MAX_BYTES + 1);
            return plain.length > MAX_BYTES ? bytes : plain;
        } catch (IOException notPacked) {
            return bytes;
        }
    }

    /** The quickest level: reports repeat themselves so much that it shrinks them to a tenth. */
    private static final class Quick extends GZIPOutputStream {
        Quick(ByteArrayOutputStream target) throws IOException {
            super(target, 1 << 13);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
