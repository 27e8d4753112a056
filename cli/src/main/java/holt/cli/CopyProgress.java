package holt.cli;

import holt.model.MemorySize;
import java.util.function.LongSupplier;

/** How far a copy is, whose size is not known before: shown on a screen once it takes over a second. One thread. */
final class CopyProgress {
    private static final long QUIET_NANOS = 1_000_000_000L;
    private static final long FRAME_NANOS = 100_000_000L;

    private final Output output;
    private final LongSupplier nanos;
    private final long startNanos;
    private long lastFrameNanos;
    private long bytes;
    private long files;
    private boolean drawn;

    CopyProgress(Output output, LongSupplier nanos) {
        this.output = output;
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
    }

    /** So many bytes more were copied. */
    void advance(long count) {
        bytes += count;
        long now = nanos.getAsLong();
        if (output.isLive() && now - startNanos > QUIET_NANOS && now - lastFrameNanos > FRAME_NANOS) {
            lastFrameNanos = now;
            drawn = true;
            long speed = Math.round(bytes / ((now - startNanos) / 1e9));
            output.sayRaw("\r  Copied " + MemorySize.format(bytes) + "  " + MemorySize.format(speed) + "/s\u001b[K");
        }
    }

    /** A file more is whole. */
    void file() {
        files++;
    }

    long bytes() {
        return bytes;
    }

    long files() {
        return files;
    }

    void clear() {
        if (drawn) {
            output.sayRaw("\r\u001b[K");
            drawn = false;
        }
    }
}
