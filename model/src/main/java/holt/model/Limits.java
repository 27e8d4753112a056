package holt.model;

/**
 * What one process may use.
 *
 * @param memoryBytes memory, bytes
 * @param cpuMillis cpu quota in thousandths of a core; 0 means no quota, only a fair share
 * @param pids number of threads and operating system processes
 * @param diskBytes disk, bytes; 0 for not stated
 */
public record Limits(long memoryBytes, int cpuMillis, int pids, long diskBytes) {
    public static final long DEFAULT_MEMORY_BYTES = 256L << 20;
    public static final int DEFAULT_PIDS = 512;
    /** Larger than what one process needs; keeps sums far from overflow. */
    public static final long MAX_DISK_BYTES = 16L << 40;

    /** Limits that say nothing of the disk. */
    public Limits(long memoryBytes, int cpuMillis, int pids) {
        this(memoryBytes, cpuMillis, pids, 0);
    }

    /** What an app gets that asks for nothing. */
    public static Limits standard() {
        return new Limits(DEFAULT_MEMORY_BYTES, 0, DEFAULT_PIDS);
    }

    /** The same with another memory limit. */
    public Limits withMemoryBytes(long bytes) {
        return new Limits(bytes, cpuMillis, pids, diskBytes);
    }
}
