package holt.agent;

import holt.model.ProcessSpec;
import java.util.List;

/** What the agent's brain can be told. */
public sealed interface AgentEvent {

    /** A process is wanted; the answer is an {@link AgentEffect.Answer} with the same number. */
    record StartAsked(long request, ProcessSpec spec) implements AgentEvent {}

    /** A process is not wanted any more. */
    record StopAsked(long request, InstanceKey key, long graceMillis) implements AgentEvent {}

    /** No process is wanted here any more, and no new one is taken. */
    record StopAllAsked(long graceMillis) implements AgentEvent {}

    /** Earlier agents ran these or were told never to, the newest last: they must not start any more. */
    record Past(List<InstanceKey> keys) implements AgentEvent {}

    /** An earlier agent left this behind; {@code alive} tells whether it lives. */
    record Found(InstanceStatus status, boolean alive) implements AgentEvent {}

    /** The program is being run. */
    record Launched(InstanceKey key, Place place) implements AgentEvent {}

    /** The program is ready. */
    record Ready(InstanceKey key) implements AgentEvent {}

    /** The program was not ready within its limit, and what could be seen of why. */
    record NotReady(InstanceKey key, String detail) implements AgentEvent {}

    /** Nothing of the instance is alive any more. */
    record Ended(InstanceKey key, EndFacts facts) implements AgentEvent {}

    /** A moment asked for has come; too early or twice does no harm. */
    record Woken() implements AgentEvent {}
}
