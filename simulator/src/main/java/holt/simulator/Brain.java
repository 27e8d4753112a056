package holt.simulator;

import holt.kernel.Cluster;
import holt.kernel.ClusterView;
import holt.kernel.Effect;
import holt.kernel.Input;
import java.time.Instant;
import java.util.List;

/** The cluster's brain as the simulated shell sees it: the real one, or in tests one with a fault built in. */
public interface Brain {
    List<Effect> start(Instant now);

    List<Effect> handle(Input input, Instant now);

    ClusterView snapshot();

    /** The real one. */
    static Brain of(Cluster cluster) {
        return new Brain() {
            @Override
            public List<Effect> start(Instant now) {
                return cluster.start(now);
            }

            @Override
            public List<Effect> handle(Input input, Instant now) {
                return cluster.handle(input, now);
            }

            @Override
            public ClusterView snapshot() {
                return cluster.snapshot();
            }
        };
    }
}
