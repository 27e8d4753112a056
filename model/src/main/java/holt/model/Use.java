package holt.model;

/**
 * What a process uses besides memory and cpu, as its agent counts it. Numbers that cannot be are bounded.
 *
 * @param pids threads and processes of the operating system
 * @param diskBytes of its limit of disk, bytes; 0 where it has none
 * @param receivedBytes traffic to it since its start, bytes
 * @param sentBytes traffic from it since its start, bytes
 */
public record Use(long pids, long diskBytes, long receivedBytes, long sentBytes) {
    public static final Use NONE = new Use(0, 0, 0, 0);

    public Use {
        pids = Math.max(0, pids);
        diskBytes = Math.max(0, diskBytes);
        receivedBytes = Math.max(0, receivedBytes);
        sentBytes = Math.max(0, sentBytes);
    }
}
