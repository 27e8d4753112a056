package holt.kernel;

import java.time.Instant;
import java.util.List;

/**
 * What a shell drives: {@link Cluster}, or one that is recorded, or in tests one with a fault built in. One thread owns
 * it; see {@link Cluster} for what each method promises.
 */
public interface Brain {

    /** What has to be done once, before the first input. */
    List<Effect> start(Instant now);

    /** Takes one input; what has to be done, in order. */
    List<Effect> handle(Input input, Instant now);

    /** The present state, for readers on other threads. */
    ClusterView snapshot();
}
