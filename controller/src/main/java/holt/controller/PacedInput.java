package holt.controller;

import holt.model.ErrorCode;
import holt.model.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A request body that can neither be larger than allowed nor keep its thread for ever: after a grace period it has to
 * have come at a minimal pace on the average. Used by the thread of its request only.
 */
final class PacedInput extends FilterInputStream {
    static final Duration GRACE = Duration.ofSeconds(20);
    static final long MIN_BYTES_PER_SECOND = 4096;

    private final long maxBytes;
    private final InstantSource clock;
    private final Instant start;
    private long bytes;

    PacedInput(InputStream body, long maxBytes, InstantSource clock) {
        super(body);
        this.maxBytes = maxBytes;
        this.clock = clock;
        this.start = clock.instant();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count > 0) {
            bytes += count;
            check();
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        return in.readNBytes((int) Math.min(count, 8192)).length;
    }

    private void check() {
        if (bytes > maxBytes) {
            throw tooLarge(maxBytes, "more").exception();
        }
        Duration patience = GRACE.plusSeconds(bytes / MIN_BYTES_PER_SECOND);
        if (clock.instant().isAfter(start.plus(patience))) {
            throw Problem.of(ErrorCode.BODY_INVALID, "The request body comes too slowly.")
                    .expected("at least " + MIN_BYTES_PER_SECOND + " bytes a second", null)
                    .exception();
        }
    }

    static Problem tooLarge(long maxBytes, String found) {
        return Problem.of(ErrorCode.BODY_TOO_LARGE, "The request body is larger than what is taken here.")
                .expected("at most " + maxBytes + " bytes", found);
    }
}
