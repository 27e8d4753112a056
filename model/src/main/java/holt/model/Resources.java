package holt.model;

/**
 * What a host offers, or what a process takes of it. Numbers that cannot be are bounded and not refused: an agent that
 * lies about its host must harm nobody else. So sums of these never overflow, and none is negative.
 *
 * @param memoryBytes memory, bytes
 * @param cpuMillis cpu, thousandths of a core
 * @param diskBytes disk, bytes
 * @param pids number of threads and operating system processes
 */
public record Resources(long memoryBytes, long cpuMillis, long diskBytes, long pids) {
    /** Far above any machine, far below overflow. */
    public static final long MAX_BYTES = 1L << 50;

    public static final long MAX_CPU_MILLIS = 1L << 32;
    public static final long MAX_PIDS = 1L << 32;

    public static final Resources NONE = new Resources(0, 0, 0, 0);

    public Resources {
        memoryBytes = Math.clamp(memoryBytes, 0, MAX_BYTES);
        cpuMillis = Math.clamp(cpuMillis, 0, MAX_CPU_MILLIS);
        diskBytes = Math.clamp(diskBytes, 0, MAX_BYTES);
        pids = Math.clamp(pids, 0, MAX_PIDS);
    }

    /** A host of which only the memory is known: nothing else is found wanting. */
    public static Resources ofMemory(long bytes) {
        return new Resources(bytes, MAX_CPU_MILLIS, MAX_BYTES, MAX_PIDS);
    }

    /** What a process with these limits takes. One with only a fair share of the cpu takes none of it. */
    public static Resources of(Limits limits) {
        return new Resources(limits.memoryBytes(), limits.cpuMillis(), limits.diskBytes(), limits.pids());
    }

    public Resources plus(Resources more) {
        return new Resources(
                memoryBytes + more.memoryBytes,
                cpuMillis + more.cpuMillis,
                diskBytes + more.diskBytes,
                pids + more.pids);
    }

    /** What is left; where more is taken than there is, nothing. */
    public Resources minus(Resources less) {
        return new Resources(
                memoryBytes - less.memoryBytes,
                cpuMillis - less.cpuMillis,
                diskBytes - less.diskBytes,
                pids - less.pids);
    }

    /** Whether all of this can be taken of what is free. */
    public boolean fitsIn(Resources free) {
        return memoryBytes <= free.memoryBytes
                && cpuMillis <= free.cpuMillis
                && diskBytes <= free.diskBytes
                && pids <= free.pids;
    }

    /**
     * The largest of the shares that this is of a capacity, 0 for nothing: the dominant share of Ghodsi et al.,
     * "Dominant Resource Fairness" (NSDI 2011).
     */
    public double dominantShareOf(Resources capacity) {
        return Math.max(
                Math.max(share(memoryBytes, capacity.memoryBytes), share(cpuMillis, capacity.cpuMillis)),
                Math.max(share(diskBytes, capacity.diskBytes), share(pids, capacity.pids)));
    }

    private static double share(long part, long whole) {
        return part == 0 ? 0 : whole == 0 ? 1 : (double) part / whole;
    }
}
