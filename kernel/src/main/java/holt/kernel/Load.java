package holt.kernel;

import holt.model.Use;

/**
 * What a process uses besides memory and cpu, its traffic between its agent's last two reports.
 *
 * @param pids threads and processes of the operating system
 * @param diskBytes of its limit of disk, bytes; 0 where it has none
 * @param receivedPerSecond traffic to it, bytes a second
 * @param sentPerSecond traffic from it, bytes a second
 */
public record Load(long pids, long diskBytes, long receivedPerSecond, long sentPerSecond) {
    static final Load NONE = new Load(0, 0, 0, 0);
    private static final double MILLIS_PER_SECOND = 1000;

    /** @param millis between the two; 0 where there was no earlier one */
    static Load between(Use before, Use now, long millis) {
        return new Load(
                now.pids(),
                now.diskBytes(),
                rate(before.receivedBytes(), now.receivedBytes(), millis),
                rate(before.sentBytes(), now.sentBytes(), millis));
    }

    private static long rate(long before, long now, long millis) {
        return millis <= 0 ? 0 : (long) (Math.max(0.0, (double) now - before) * MILLIS_PER_SECOND / millis);
    }
}
