package holt.simulator;

import java.util.List;

/**
 * What hosts there are in a plan's cluster. Where it has zones, they take turns; half of the hosts of each zone have a
 * tag, and hosts have once, one and a half times or twice the memory. Pure.
 */
final class Landscape {
    static final String TAG = "fast";
    private static final long MEGABYTE = 1L << 20;
    private static final int SIZES = 3;

    private Landscape() {}

    static String zone(Plan plan, int host) {
        return plan.zones() == 0 ? "" : "zone-" + host % plan.zones();
    }

    static List<String> tags(Plan plan, int host) {
        return plan.zones() > 0 && host / plan.zones() % 2 == 0 ? List.of(TAG) : List.of();
    }

    static long memoryBytes(Plan plan, int host) {
        long least = plan.hostMemoryMegabytes() * MEGABYTE;
        return plan.zones() == 0 ? least : least + least / 2 * (host % SIZES);
    }
}
