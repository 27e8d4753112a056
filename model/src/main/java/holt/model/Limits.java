package holt.model;

/**
 * What one process may use.
 *
 * @param memoryBytes memory, bytes
 * @param cpuMillis cpu quota in thousandths of a core; 0 means no quota, only a fair share
 * @param pids number of threads and operating system processes
 * @param diskBytes what it may write to its own files, bytes; 0 for not stated
 * @param files number of files and connections open at once, of each of its operating system processes; 0 for not stated
 * @param networkBytesPerSecond traffic in each direction, bytes a second; 0 for no limit
 * @param ioBytesPerSecond reads and writes of the host's disk, each, bytes a second; 0 for no limit
 */
public record Limits(
        long memoryBytes,
        int cpuMillis,
        int pids,
        long diskBytes,
        int files,
        long networkBytesPerSecond,
        long ioBytesPerSecond) {
    public static final long DEFAULT_MEMORY_BYTES = 256L << 20;
    public static final int DEFAULT_PIDS = 512;
    /** Larger than what one process needs; keeps sums far from overflow. */
    public static final long MAX_DISK_BYTES = 16L << 40;

    /** Limits that say nothing of open files and of speed. */
    public Limits(long memoryBytes, int cpuMillis, int pids, long diskBytes) {
        this(memoryBytes, cpuMillis, pids, diskBytes, 0, 0, 0);
    }

    /** Limits that say nothing of the disk either. */
    public Limits(long memoryBytes, int cpuMillis, int pids) {
        this(memoryBytes, cpuMillis, pids, 0);
    }

    /** What an app gets that asks for nothing. */
    public static Limits standard() {
        return new Limits(DEFAULT_MEMORY_BYTES, 0, DEFAULT_PIDS);
    }

    /** The same with another memory limit. */
    public Limits withMemoryBytes(long bytes) {
        return new Limits(bytes, cpuMillis, pids, diskBytes, files, networkBytesPerSecond, ioBytesPerSecond);
    }
}
