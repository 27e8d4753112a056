package holt.kernel;

import java.time.Instant;
import java.util.List;

/**
 * How far a host is on its way to hold no process.
 *
 * @param since when it was asked for
 * @param actor who asked
 * @param force whether processes that cannot be moved are ended
 * @param left number of processes that are still there
 * @param stuck those that do not leave at present, by pid
 */
public record DrainStatus(Instant since, String actor, boolean force, int left, List<Stuck> stuck) {
    public DrainStatus {
        stuck = List.copyOf(stuck);
    }

    /** A process that stays for now, and why, for people. */
    public record Stuck(long pid, String app, int index, String reason) {}
}
