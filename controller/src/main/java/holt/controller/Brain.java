package holt.controller;

import holt.kernel.Cluster;
import holt.kernel.ClusterView;
import holt.kernel.Effect;
import holt.kernel.Input;
import java.time.Instant;
import java.util.List;

/** What the {@link ControlLoop} drives: the cluster's brain, or one that is recorded. See {@link Cluster}. */
interface Brain {
    List<Effect> start(Instant now);

    List<Effect> handle(Input input, Instant at);

    ClusterView snapshot();

    static Brain of(Cluster cluster) {
        return new Brain() {
            @Override
            public List<Effect> start(Instant now) {
                return cluster.start(now);
            }

            @Override
            public List<Effect> handle(Input input, Instant at) {
                return cluster.handle(input, at);
            }

            @Override
            public ClusterView snapshot() {
                return cluster.snapshot();
            }
        };
    }
}
