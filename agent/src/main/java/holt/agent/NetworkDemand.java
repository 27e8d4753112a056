package holt.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Says how many networks to make ahead: as many as were taken in the last seconds, within bounds. Pure but for what it
 * remembers; its methods may be called by any thread.
 */
final class NetworkDemand {
    static final int MOST = 32;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int least;
    private final Deque<Long> taken = new ArrayDeque<>();
    private int stock;

    /** @param least how many there are when nobody asks */
    NetworkDemand(int least) {
        this.least = Math.min(least, MOST);
        stock = this.least;
    }

    /** How many to make at the beginning. */
    int least() {
        return least;
    }

    /** One is taken at that time: how many to make now. */
    synchronized int taken(long nanos) {
        taken.addLast(nanos);
        while (taken.size() > MOST || nanos - taken.getFirst() > WINDOW_NANOS) {
            taken.removeFirst();
        }
        stock--;
        int missing = Math.max(0, Math.max(least, taken.size()) - stock);
        stock += missing;
        return missing;
    }
}
