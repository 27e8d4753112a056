package holt.bus.remote;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Large payloads go packed (zlib, RFC 1950), told of in the header {@value #HEADER}: reports of big hosts and tables of
 * many routes would not fit into a server's {@code max_payload} as they are.
 */
final class Packed {
    static final String HEADER = "Holt-Encoding";
    static final String ZLIB = "zlib";
    /** Smaller ones are not worth it. */
    static final int FROM_BYTES = 128 << 10;
    /** What a few bytes from a stranger may grow to. */
    static final int MAX_BYTES = 64 << 20;
    /** What the header takes on the wire, at most. */
    static final int HEADER_BYTES = 64;

    private Packed() {}

    static byte[] pack(byte[] payload) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(payload.length / 4);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
            out.write(payload);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            deflater.end();
        }
        return packed.toByteArray();
    }

    /** @throws IOException for what is not packed, or too much */
    static byte[] unpack(byte[] packed) throws IOException {
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            byte[] payload = in.readNBytes(MAX_BYTES + 1);
            if (payload.length > MAX_BYTES) {
                throw new IOException("Expected at most " + MAX_BYTES + " bytes unpacked, found more");
            }
            return payload;
        }
    }
}
