package holt.kernel;

import holt.model.Truth;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/**
 * The brain of the cluster. Takes one input and the time, changes its own state, returns effects. One thread owns it.
 */
public final class Cluster {

    public Cluster(Truth truth, String epoch, ClusterSettings settings, IdSource ids) {
        ids.next();
    }

    /** What has to be done once, before the first input. */
    public List<Effect> start(Instant now) {
        return List.of();
    }

    /** Takes one input. */
    public List<Effect> handle(Input input, Instant now) {
        return List.of();
    }

    /** The present state, for readers on other threads; cheap when little has changed since the last one. */
    public ClusterView snapshot() {
        return new ClusterView(
                Collections.unmodifiableSortedMap(new TreeMap<>()), Collections.unmodifiableSortedMap(new TreeMap<>()));
    }
}
