/**
 * A whole cluster in one thread on virtual time: the real brains of controller and agents between simulated hosts,
 * programs, routers, a store and a network that can fail. Everything follows from a {@link holt.simulator.Plan}, and a
 * plan from a seed; the same plan leads to the same run, event by event.
 */
@NullMarked
package holt.simulator;

import org.jspecify.annotations.NullMarked;
