package holt.kernel;

/**
 * Why a process was given its host: what its placement saw.
 *
 * @param hosts number of hosts with the tags it demands
 * @param inZone number of the app's instances in the host's zone before
 * @param onHost number of the app's instances on the host before
 * @param loadPercent how much of the host was promised before, of the resource it is shortest of
 * @param near whether it is near its parent: on the same host, or in the same zone
 */
public record Choice(int hosts, int inZone, int onHost, int loadPercent, boolean near) {
    private static final int WIDE = (1 << 20) - 1;
    private static final int NARROW = (1 << 12) - 1;
    private static final int PERCENT = 127;

    public Choice {
        hosts = Math.clamp(hosts, 0, WIDE);
        inZone = Math.clamp(inZone, 0, WIDE);
        onHost = Math.clamp(onHost, 0, NARROW);
        loadPercent = Math.clamp(loadPercent, 0, PERCENT);
    }

    /** As one number, for a process table of a million rows; never 0. */
    long packed() {
        return 1L << 63
                | (long) hosts << 40
                | (long) inZone << 20
                | (long) onHost << 8
                | (long) loadPercent << 1
                | (near ? 1 : 0);
    }

    static Choice unpacked(long packed) {
        return new Choice(
                (int) (packed >> 40) & WIDE,
                (int) (packed >> 20) & WIDE,
                (int) (packed >> 8) & NARROW,
                (int) (packed >> 1) & PERCENT,
                (packed & 1) == 1);
    }
}
