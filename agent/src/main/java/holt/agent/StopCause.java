package holt.agent;

import holt.model.Exit;

/** Why the platform ends an instance, with the words for its exit. */
public record StopCause(Exit.Reason reason, String detail) {
    static final StopCause ASKED = new StopCause(Exit.Reason.STOPPED, "stopped on request");
}
