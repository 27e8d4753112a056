package holt.simulator;

import holt.agent.AgentSupervisor;
import holt.kernel.Brain;
import holt.kernel.Cluster;
import holt.kernel.ClusterSettings;
import holt.kernel.IdSource;
import holt.kernel.TreeRule;
import holt.model.Resources;
import holt.model.Truth;
import java.time.Duration;

/** What a simulated cluster is made of: the real brains. Tests put broken parts in their places and must be found out. */
public class Parts {

    /** The numbers behind the cluster's decisions; small bounds of trees, so that they are reached. */
    protected ClusterSettings settings(String domain) {
        return ClusterSettings.standard(domain)
                .withTrees(new TreeRule(20, 5, Duration.ofSeconds(5), Duration.ofMinutes(2), 8));
    }

    /** A brain that begins with this truth. */
    protected Brain brain(Truth truth, String epoch, ClusterSettings settings, IdSource ids) {
        return new Cluster(truth, epoch, settings, ids);
    }

    /** A brain of an agent. */
    protected AgentSupervisor agent(Resources capacity, Duration keepExited) {
        return new AgentSupervisor(capacity, keepExited);
    }

    /** The truth. */
    protected SimulatedStore store() {
        return new SimulatedStore();
    }
}
