package holt.simulator;

import holt.agent.InstanceKey;
import holt.agent.Place;
import holt.model.ProcessSpec;

/** A simulated program that really runs, whatever anybody believes of it. Owned by the simulation's thread. */
final class Running {
    final ProcessSpec spec;
    final InstanceKey key;
    final int host;
    final Place place;
    final Program program;
    /** Whether it accepts connections. */
    boolean ready;

    boolean alive = true;
    boolean terminated;

    Running(ProcessSpec spec, int host, Place place, Program program) {
        this.spec = spec;
        this.key = InstanceKey.of(spec);
        this.host = host;
        this.place = place;
        this.program = program;
    }
}
