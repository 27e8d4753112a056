package holt.agent;

/**
 * How much of an instance's output is passed on: a rate with a burst, in lines and in bytes. Owned by the thread that
 * holds its tail's lock.
 */
final class FloodGate {
    static final int LINES_PER_SECOND = 2_000;
    static final int BYTES_PER_SECOND = 1 << 20;
    private static final int BURST_SECONDS = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    private double lines = LINES_PER_SECOND * BURST_SECONDS;
    private double bytes = (double) BYTES_PER_SECOND * BURST_SECONDS;
    private long refilledNanos;

    FloodGate(long nowNanos) {
        refilledNanos = nowNanos;
    }

    /** Lines that may pass now; none where the bytes are used up. */
    int allowedLines(long nowNanos) {
        double seconds = (nowNanos - refilledNanos) / NANOS_PER_SECOND;
        refilledNanos = nowNanos;
        lines = Math.min(LINES_PER_SECOND * (double) BURST_SECONDS, lines + seconds * LINES_PER_SECOND);
        bytes = Math.min((double) BYTES_PER_SECOND * BURST_SECONDS, bytes + seconds * BYTES_PER_SECOND);
        return bytes <= 0 ? 0 : (int) lines;
    }

    void passed(int lineCount, int byteCount) {
        lines -= lineCount;
        bytes -= byteCount;
    }
}
