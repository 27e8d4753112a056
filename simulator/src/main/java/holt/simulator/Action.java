package holt.simulator;

import holt.model.Keeping;
import holt.model.Placement;
import holt.model.RestartPolicy;
import org.jspecify.annotations.Nullable;

/** One thing that is done to the cluster from outside, as data. Times in milliseconds. */
public sealed interface Action {

    /** A push of an app: made if there is none, or a new release. What the program does is in the droplet's name. */
    record Push(String app, int instances, String droplet, int megabytes, Placement placement) implements Action {
        /** Of an app that may run anywhere. */
        public Push(String app, int instances, String droplet, int megabytes) {
            this(app, instances, droplet, megabytes, Placement.ANYWHERE);
        }
    }

    record Scale(String app, int instances) implements Action {}

    /** Other memory for the app: a release by a change of settings. */
    record Resize(String app, int megabytes) implements Action {}

    record Start(String app) implements Action {}

    record Stop(String app) implements Action {}

    record Restart(String app) implements Action {}

    record Delete(String app) implements Action {}

    record MapRoute(String app, String route) implements Action {}

    record UnmapRoute(String app, String route) implements Action {}

    /** Somebody kills the program of an instance. */
    record Crash(String app, int index) implements Action {}

    /**
     * A process of the app forks.
     *
     * @param parent which of the app's processes that run: the one of this rank by pid, counted round
     * @param keeping how its children are kept from then on; null for no word of that
     * @param key tells forks apart; what the children do is its first word, as with a droplet
     */
    record Fork(
            String app,
            int parent,
            int count,
            RestartPolicy restart,
            @Nullable Keeping keeping,
            boolean detached,
            String key)
            implements Action {}

    /** A process of the app is killed with all below it: of its processes the one of this rank by pid, counted round. */
    record Kill(String app, int process) implements Action {}

    /** A forked process of the app is to outlive its parent; ranks as with Kill, among the forked ones. */
    record Detach(String app, int process) implements Action {}

    /** A parent takes note of the end of a child; ranks as with Kill, among the forked ones that have ended. */
    record Reap(String app, int process) implements Action {}

    /** Processes move to better hosts. */
    record Rebalance() implements Action {}

    /** A host is emptied and leaves in an orderly way, and comes back after a while. */
    record Drain(int host, long forMillis) implements Action {}

    /**
     * Something goes wrong for a while.
     *
     * @param target number of the host; for partitions of the first node, hosts before routers; else 0
     * @param count for partitions the number of neighbours cut off together; else 1
     * @param strength by kind: a probability, a delay in milliseconds, a factor, a direction, a moment
     */
    record Fault(FaultKind kind, int target, int count, long forMillis, double strength) implements Action {}

    /** From here on nothing is done to the cluster: within this time drift has to be zero and routers have to agree. */
    record Settle(long withinMillis) implements Action {}
}
