package holt.model;

import org.jspecify.annotations.Nullable;

/**
 * How a process is kept alive and how it is ended.
 *
 * @param liveness how it is watched once it is ready
 * @param graceSeconds time from SIGTERM to SIGKILL, seconds; 0 for what the platform gives
 * @param beforeStop command that is run inside it before SIGTERM, within the same time; empty for none
 */
public record Lifecycle(Liveness liveness, int graceSeconds, String beforeStop) {
    /** Not watched, and ended as the platform ends what says nothing. */
    public static final Lifecycle STANDARD = new Lifecycle(Liveness.NONE, 0, "");

    public Lifecycle(@Nullable Liveness liveness, int graceSeconds, @Nullable String beforeStop) {
        this.liveness = liveness == null ? Liveness.NONE : liveness;
        this.graceSeconds = graceSeconds;
        this.beforeStop = beforeStop == null ? "" : beforeStop;
    }
}
