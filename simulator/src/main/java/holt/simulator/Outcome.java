package holt.simulator;

import java.util.List;
import java.util.Optional;

/**
 * What one run came to.
 *
 * @param found what must hold and did not; empty for a good run
 * @param samples drift over time
 * @param trace fingerprint of the run: the same plan leads to the same
 */
public record Outcome(Summary summary, Optional<Found> found, List<Sample> samples, long trace) {
    public Outcome {
        samples = List.copyOf(samples);
    }

    /** An invariant that did not hold, what was seen, and when. */
    public record Found(String invariant, String detail, long atMillis) {}

    /** Drift at a moment, and how many programs ran. */
    public record Sample(long atMillis, Drift drift, int running) {}

    /**
     * The figures of a run.
     *
     * @param simulatedMillis virtual time that passed
     * @param events what happened in the simulated world, of all kinds
     * @param messages sent over the network; {@code lost} of these
     * @param commits of the controller
     * @param commands acknowledged; {@code refused} were not
     * @param placements starts that were decided on
     * @param restarts ends that nobody asked for
     * @param hostsLost how often a host was silent for longer than the lease
     * @param starts programs that were really started
     * @param running programs that ran at the end
     * @param longestSettleMillis longest time from the last disturbance to zero drift
     * @param checks invariants checked
     */
    public record Summary(
            long simulatedMillis,
            long events,
            long messages,
            long lost,
            long commits,
            long commands,
            long refused,
            long placements,
            long restarts,
            long hostsLost,
            long starts,
            int running,
            long longestSettleMillis,
            long checks) {}
}
