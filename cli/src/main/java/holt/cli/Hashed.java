package holt.cli;

import holt.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Digest and size of a content that was read once. */
record Hashed(String digest, long size) {
    private static final int BUFFER_BYTES = 64 << 10;

    /** Opens a content. */
    @FunctionalInterface
    interface Opener {
        InputStream open() throws IOException;
    }

    static Hashed of(Opener content) throws IOException {
        MessageDigest computation = Digest.sha256();
        long size = 0;
        try (InputStream in = content.open()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                computation.update(buffer, 0, count);
                size += count;
            }
        }
        return new Hashed(Digest.hex(computation), size);
    }
}
