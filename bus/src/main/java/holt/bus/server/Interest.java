package holt.bus.server;

import org.jspecify.annotations.Nullable;

/** One interest of one client. Guarded by the hub's lock. */
final class Interest {
    final Client client;
    /** The client's name for it. */
    final byte[] sid;

    final byte @Nullable [] queue;
    /** Where in the tree it stands; null once it is gone. */
    SubjectTree.@Nullable Node node;
    /** Index among those that stand there. */
    int position;
    /** Deliveries after which it ends; 0 for none. */
    long max;

    long delivered;
    /** Whether some of what matches must not be heard by this client. */
    boolean filtered;

    Interest(Client client, byte[] sid, byte @Nullable [] queue) {
        this.client = client;
        this.sid = sid;
        this.queue = queue;
    }

    boolean isGone() {
        return node == null;
    }

    /** Whether it has had all it may have. */
    boolean isSpent() {
        return max > 0 && delivered >= max;
    }
}
