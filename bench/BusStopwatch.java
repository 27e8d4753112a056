import java.lang.management.ManagementFactory;

/** Time of the clock, of the server's processor and of the generator's own thread, from its making on. */
final class BusStopwatch {
    private final BusRival server;
    private final double cpu;
    private final long own = ownNanos();
    private final long start = System.nanoTime();

    BusStopwatch(BusRival server) {
        this.server = server;
        this.cpu = server.cpuSeconds();
    }

    BusLoad.Result result(long messages) {
        double seconds = (System.nanoTime() - start) / 1e9;
        double ownSeconds = (ownNanos() - own) / 1e9;
        return new BusLoad.Result(messages, seconds, server.cpuSeconds() - cpu, ownSeconds);
    }

    private static long ownNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
