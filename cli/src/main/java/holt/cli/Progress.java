package holt.cli;

import holt.model.MemorySize;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far an upload is: a bar on a screen, a line at the end elsewhere. One thread.
 */
final class Progress {
    private static final long FRAME_NANOS = 80_000_000L;
    private static final int BAR = 28;

    private final Output output;
    private final LongSupplier nanos;
    private final long totalBytes;
    private final long startNanos;
    private long doneBytes;
    private long lastFrameNanos;

    Progress(Output output, LongSupplier nanos, long totalBytes) {
        this.output = output;
        this.nanos = nanos;
        this.totalBytes = totalBytes;
        this.startNanos = nanos.getAsLong();
        this.lastFrameNanos = startNanos;
        draw();
    }

    /** So many bytes more have been sent. */
    void advance(long bytes) {
        doneBytes = Math.min(totalBytes, doneBytes + bytes);
        long now = nanos.getAsLong();
        if (now - lastFrameNanos >= FRAME_NANOS) {
            lastFrameNanos = now;
            draw();
        }
    }

    /** All was sent and taken. */
    void finish(String sentence) {
        clear();
        output.say(sentence);
    }

    /** It goes no further. */
    void clear() {
        if (output.isLive()) {
            output.sayRaw("\r\u001b[K");
        }
    }

    /** The bar as it is now. */
    String line() {
        double part = totalBytes == 0 ? 1 : (double) doneBytes / totalBytes;
        int full = (int) Math.round(part * BAR);
        boolean unicode = output.terminal().unicode();
        String bar = (unicode ? "━" : "=").repeat(full);
        String rest = (unicode ? "─" : "-").repeat(BAR - full);
        double seconds = (nanos.getAsLong() - startNanos) / 1e9;
        String speed = seconds < 0.5 ? "" : "  " + MemorySize.format(Math.round(doneBytes / seconds)) + "/s";
        return String.format(
                Locale.ROOT,
                "  Uploading %s%s %3d%%  %s of %s%s",
                output.style(Style.GREEN, bar),
                output.style(Style.DIM, rest),
                Math.round(part * 100),
                MemorySize.format(doneBytes),
                MemorySize.format(totalBytes),
                speed);
    }

    private void draw() {
        if (output.isLive()) {
            output.sayRaw("\r" + line() + "\u001b[K");
        }
    }
}
