package holt.agent;

/**
 * What an instance uses.
 *
 * @param memoryBytes memory now, bytes
 * @param cpuNanos cpu time since its start, nanoseconds
 * @param pids threads and processes of the operating system
 * @param diskBytes of its limit of disk, bytes; 0 where it has none
 * @param receivedBytes traffic to it since its start, bytes
 * @param sentBytes traffic from it since its start, bytes
 */
record Usage(long memoryBytes, long cpuNanos, long pids, long diskBytes, long receivedBytes, long sentBytes) {
    static final Usage NONE = new Usage(0, 0);

    Usage(long memoryBytes, long cpuNanos) {
        this(memoryBytes, cpuNanos, 0, 0, 0, 0);
    }
}
