package holt.model;

/** Where a process is in its life. {@code LOST} while its host is silent; an exited process never runs again. */
public enum ProcessState {
    /** Not placed on a host yet: waiting for room, or for its restart delay. */
    WAITING,
    /** Sent to a host; not ready yet. */
    STARTING,
    /** Ready: its program runs and, where it has a port, accepts connections. */
    RUNNING,
    /** Asked to end; its grace period runs. */
    STOPPING,
    /** Ended. */
    EXITED,
    /** Its host has been silent longer than the lease. */
    LOST;

    /** Whether a program may be running in this state. */
    public boolean isLive() {
        return this == STARTING || this == RUNNING || this == STOPPING;
    }
}
