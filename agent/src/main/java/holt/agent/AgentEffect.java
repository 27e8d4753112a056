package holt.agent;

import holt.model.AgentReply;
import holt.model.ProcessSpec;
import java.time.Instant;

/** What the agent's brain wants done. */
public sealed interface AgentEffect {

    /** Answer a request. */
    record Answer(long request, AgentReply reply) implements AgentEffect {}

    /** Keep the status on disk, then report it. */
    record Changed(InstanceStatus status) implements AgentEffect {}

    /** Start it; {@link AgentEvent.Launched} or {@link AgentEvent.Ended} follows. */
    record Launch(ProcessSpec spec) implements AgentEffect {}

    /** Watch until it is ready or the moment has come; {@link AgentEvent.Ready} or NotReady follows unless it ends. */
    record AwaitReady(InstanceStatus status, Instant limit) implements AgentEffect {}

    /** Look after it from now on; {@link AgentEvent.Unhealthy} and ReadinessSeen tell what is found, until it ends. */
    record Watch(InstanceStatus status) implements AgentEffect {}

    /** Run its command before the stop; {@link AgentEvent.BeforeStopDone} follows. */
    record RunBeforeStop(InstanceStatus status) implements AgentEffect {}

    /** Ask it to end: SIGTERM. */
    record Terminate(InstanceKey key) implements AgentEffect {}

    /** End it and all it started: SIGKILL. */
    record Kill(InstanceKey key) implements AgentEffect {}

    /** Find out how it ended; {@link AgentEvent.Ended} follows. */
    record Examine(InstanceKey key) implements AgentEffect {}

    /** Keep it on disk that this start must not happen any more; {@link AgentEvent.Past} brings it to the next brain. */
    record Remember(InstanceKey key) implements AgentEffect {}

    /** Keep it on disk that it was here, as with {@link Remember}; then delete all that is left of it. */
    record Forget(InstanceKey key) implements AgentEffect {}

    /** Be woken at this moment; replaces the moment asked for before. */
    record WakeAt(Instant moment) implements AgentEffect {}
}
