package holt.bus.server;

/** Whether a client is there: it is asked when it was silent for long, and given up when it does not answer. */
final class Pulse {
    private final long intervalNanos;
    private final int most;
    private long askAtNanos;
    private long askedNanos;
    private int open;
    private long rttNanos;

    /** @param first time after which it is asked first, however much it says: that tells how far away it is */
    Pulse(BusLimits limits, long now, long first) {
        this.intervalNanos = limits.pingInterval().toNanos();
        this.most = limits.pingMax();
        this.askAtNanos = now + Math.min(intervalNanos, first);
    }

    /** Something came from it. */
    void heard(long now) {
        if (open == 0 && rttNanos > 0) {
            askAtNanos = Math.max(askAtNanos, now + intervalNanos);
        }
    }

    /** It has answered. */
    void answered(long now) {
        if (open > 0) {
            rttNanos = now - askedNanos;
        }
        open = 0;
    }

    /** When it has to be asked next. */
    long dueNanos() {
        return askAtNanos;
    }

    /** It is asked now; false where it did not answer so often that it is not there. */
    boolean ask(long now) {
        if (open >= most) {
            return false;
        }
        open++;
        askedNanos = now;
        askAtNanos = now + intervalNanos;
        return true;
    }

    /** Time an answer took last; 0 where there was none yet. */
    long rttNanos() {
        return rttNanos;
    }
}
