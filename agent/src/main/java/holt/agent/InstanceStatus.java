package holt.agent;

import holt.model.Exit;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one instance: what is kept on disk for the next agent, and what is reported.
 *
 * @param spec what was asked for
 * @param state STARTING, RUNNING, STOPPING or EXITED
 * @param since when it came into the state
 * @param place where it is reached; null while unknown
 * @param startedAt when its program was started; null before
 * @param cause why the platform ends it; null while it does not
 * @param killAt end of the grace period; null outside of one
 * @param exit how it ended; null unless EXITED
 * @param unready why requests had better go elsewhere though it runs; null where they may come
 */
public record InstanceStatus(
        ProcessSpec spec,
        ProcessState state,
        Instant since,
        @Nullable Place place,
        @Nullable Instant startedAt,
        @Nullable StopCause cause,
        @Nullable Instant killAt,
        @Nullable Exit exit,
        @Nullable String unready) {

    static InstanceStatus starting(ProcessSpec spec, Instant now) {
        return new InstanceStatus(spec, ProcessState.STARTING, now, null, null, null, null, null, null);
    }

    /** Which start of which process it is. */
    public InstanceKey key() {
        return InstanceKey.of(spec);
    }

    /** Whether nothing of it is alive any more. */
    public boolean isExited() {
        return state == ProcessState.EXITED;
    }

    InstanceStatus launched(Place where, Instant at) {
        return new InstanceStatus(spec, state, since, where, at, cause, killAt, exit, unready);
    }

    /** The same at this place. */
    public InstanceStatus at(@Nullable Place where) {
        return new InstanceStatus(spec, state, since, where, startedAt, cause, killAt, exit, unready);
    }

    InstanceStatus running(Instant now) {
        return new InstanceStatus(spec, ProcessState.RUNNING, now, place, startedAt, cause, killAt, exit, unready);
    }

    InstanceStatus stopping(StopCause why, Instant killMoment, Instant now) {
        Instant from = state == ProcessState.STOPPING ? since : now;
        return new InstanceStatus(spec, ProcessState.STOPPING, from, place, startedAt, why, killMoment, exit, unready);
    }

    /** The same, ended by the platform or its host for this. */
    InstanceStatus because(StopCause why) {
        return new InstanceStatus(spec, state, since, place, startedAt, why, killAt, exit, unready);
    }

    InstanceStatus killed() {
        return new InstanceStatus(spec, state, since, place, startedAt, cause, null, exit, unready);
    }

    InstanceStatus exited(Exit how, Instant now) {
        return new InstanceStatus(spec, ProcessState.EXITED, now, place, startedAt, cause, null, how, null);
    }

    /** The same, ready for requests or not. */
    InstanceStatus unready(@Nullable String why) {
        return new InstanceStatus(spec, state, since, place, startedAt, cause, killAt, exit, why);
    }
}
