package holt.bus.server;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The processor time this process took since it was last asked for, as a share of one core. Any thread. */
final class CpuShare {
    private long usedNanos = used();
    private long atNanos = System.nanoTime();
    private double last;

    private static long used() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    /** Percent of one core, with one decimal; asked for again within a second it is the same. */
    synchronized double percent() {
        long now = System.nanoTime();
        if (now - atNanos >= 1_000_000_000) {
            long next = used();
            last = Math.round((next - usedNanos) * 1000.0 / (now - atNanos)) / 10.0;
            usedNanos = next;
            atNanos = now;
        }
        return last;
    }
}
