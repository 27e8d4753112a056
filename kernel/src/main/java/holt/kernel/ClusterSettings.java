package holt.kernel;

import java.time.Duration;

/**
 * The numbers behind the cluster's decisions.
 *
 * @param domain what is appended to an app's name to make its default route
 * @param lease silence after which a host is lost, and a router no longer waited for
 * @param drainLimit longest wait for the requests of an endpoint that was taken out of the routes
 * @param stopGrace time between SIGTERM and SIGKILL
 * @param confirmAfter time after which an agent's full report must show what it was asked for; else it is asked again
 * @param startMargin time beyond the readiness limit after which a start has failed, whatever its agent says
 * @param refusalDelay wait before a host that refused a process is asked again; doubles with each refusal
 * @param refusalMaxDelay limit of that wait
 * @param refusalLimit number of refusals, with no host left to ask, after which a new release has failed
 * @param routesInterval longest time between two route updates: what a router missed it knows after so long
 * @param restart what follows on crashes
 * @param bounds how much of anything there may be
 * @param trees bounds of the trees that programs fork
 */
public record ClusterSettings(
        String domain,
        Duration lease,
        Duration drainLimit,
        Duration stopGrace,
        Duration confirmAfter,
        Duration startMargin,
        Duration refusalDelay,
        Duration refusalMaxDelay,
        int refusalLimit,
        Duration routesInterval,
        RestartRule restart,
        Bounds bounds,
        TreeRule trees) {

    /** What everybody gets who has no reason for other numbers. */
    public static ClusterSettings standard(String domain) {
        return new ClusterSettings(
                domain,
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                5,
                Duration.ofSeconds(5),
                RestartRule.standard(),
                Bounds.standard(),
                TreeRule.standard());
    }

    public ClusterSettings withTrees(TreeRule other) {
        return with(bounds, other);
    }

    public ClusterSettings withBounds(Bounds other) {
        return with(other, trees);
    }

    private ClusterSettings with(Bounds otherBounds, TreeRule otherTrees) {
        return new ClusterSettings(
                domain,
                lease,
                drainLimit,
                stopGrace,
                confirmAfter,
                startMargin,
                refusalDelay,
                refusalMaxDelay,
                refusalLimit,
                routesInterval,
                restart,
                otherBounds,
                otherTrees);
    }
}
