package holt.stager;

import holt.bus.Bus;
import holt.store.Blobs;

/** Turns packages into droplets, as asked on the bus. */
public final class Stager implements AutoCloseable {
    public Stager(Bus bus, Blobs blobs) {}

    /** Begins to take requests. */
    public void start() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
