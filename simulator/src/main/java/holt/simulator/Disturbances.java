package holt.simulator;

import java.util.Arrays;

/** Which faults are in effect, and since when all is quiet: for each host, and for what all of them share. */
final class Disturbances {
    private final Agenda agenda;
    private final int[] active;
    private final long[] quietSince;
    private int shared;
    private long sharedQuietSince;

    Disturbances(Agenda agenda, int hosts) {
        this.agenda = agenda;
        this.active = new int[hosts];
        this.quietSince = new long[hosts];
        Arrays.fill(quietSince, 0);
    }

    /** A fault begins (1) or ends (-1) on a host; on what all share where there is no such host. */
    void change(int host, int step) {
        if (host >= 0 && host < active.length) {
            active[host] += step;
            quietSince[host] = agenda.now();
        } else {
            shared += step;
            sharedQuietSince = agenda.now();
        }
    }

    /** Since when nothing disturbs what all share; now where something does. */
    long sharedQuietSince() {
        return shared > 0 ? agenda.now() : sharedQuietSince;
    }

    /** Since when nothing disturbs this host and what it shares with others; now where something does. */
    long quietSince(int host) {
        boolean disturbed = shared > 0 || active[host] > 0;
        return disturbed ? agenda.now() : Math.max(sharedQuietSince, quietSince[host]);
    }
}
