package holt.simulator;

import java.util.Comparator;
import java.util.List;

/**
 * All that is done to a cluster in one run: with its sizes and its seed, which the network's and the programs' chances
 * are drawn from, it determines the run. A plan can be written down, cut down and replayed.
 *
 * @param hosts number of machines, {@code hostMemoryMegabytes} each, or up to twice as much where there are zones
 * @param zones number of zones that the hosts are in, see {@link Landscape}; 0 where all hosts are alike
 * @param untilMillis the run ends here, and not before the last thing that happens is over
 * @param entries by time
 */
public record Plan(
        long seed, int hosts, int routers, long hostMemoryMegabytes, int zones, long untilMillis, List<Entry> entries) {

    /** What happens when, in milliseconds from the beginning. */
    public record Entry(long atMillis, Action action) {}

    /** Sorts the entries by time; those of one moment stay in their order. */
    public Plan {
        entries = entries.stream()
                .sorted(Comparator.comparingLong(Entry::atMillis))
                .toList();
    }

    /** Of a cluster whose hosts are all alike. */
    public Plan(long seed, int hosts, int routers, long hostMemoryMegabytes, long untilMillis, List<Entry> entries) {
        this(seed, hosts, routers, hostMemoryMegabytes, 0, untilMillis, entries);
    }

    Plan with(List<Entry> others) {
        return new Plan(seed, hosts, routers, hostMemoryMegabytes, zones, untilMillis, others);
    }

    Plan until(long millis) {
        return new Plan(seed, hosts, routers, hostMemoryMegabytes, zones, millis, entries);
    }

    Plan withSizes(int fewerHosts, int fewerRouters) {
        return new Plan(seed, fewerHosts, fewerRouters, hostMemoryMegabytes, zones, untilMillis, entries);
    }

    Plan withZones(int fewer) {
        return new Plan(seed, hosts, routers, hostMemoryMegabytes, fewer, untilMillis, entries);
    }

    /** When the run ends. */
    long endMillis() {
        long end = untilMillis;
        for (Entry entry : entries) {
            end = Math.max(end, entry.atMillis() + length(entry.action()));
        }
        return end;
    }

    static long length(Action action) {
        return switch (action) {
            case Action.Fault fault -> fault.forMillis();
            case Action.Drain drain -> drain.forMillis();
            case Action.Settle settle -> settle.withinMillis();
            case Action.Push _,
                    Action.Scale _,
                    Action.Resize _,
                    Action.Start _,
                    Action.Stop _,
                    Action.Restart _,
                    Action.Delete _,
                    Action.MapRoute _,
                    Action.UnmapRoute _,
                    Action.Fork _,
                    Action.Kill _,
                    Action.Detach _,
                    Action.Reap _,
                    Action.Rebalance _,
                    Action.Crash _ -> 0;
        };
    }
}
