package holt.kernel;

import holt.model.AgentRequest;
import holt.model.Change;
import holt.model.Exit;
import holt.model.Problem;
import holt.model.RouteUpdate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster's brain wants done. Effects of one input are carried out in their order; where a {@link Persist}
 * fails, nothing after it is done and the brain is made anew from the store, because it now believes what is not so.
 */
public sealed interface Effect {

    /** Commits changes together, durably, before any later effect. */
    record Persist(List<Change> changes) implements Effect {
        public Persist {
            changes = List.copyOf(changes);
        }
    }

    /**
     * Answers a command: done where {@code problem} is null.
     *
     * @param created whether it made the app, or processes
     * @param version of the app's target; 0 for a command of processes
     * @param afterEvent id of the last event before the command
     * @param pids of the children, for a fork
     * @param exit of the child that was reaped; null for other commands
     */
    record Reply(
            long request,
            @Nullable Problem problem,
            boolean created,
            long version,
            long afterEvent,
            List<Long> pids,
            @Nullable Exit exit)
            implements Effect {
        public Reply {
            pids = List.copyOf(pids);
        }

        /** The answer to a command of an app. */
        public Reply(long request, @Nullable Problem problem, boolean created, long version, long afterEvent) {
            this(request, problem, created, version, afterEvent, List.of(), null);
        }
    }

    /** Asks an agent; a refusal or silence of a start comes back as {@link Input.StartRefused}. */
    record Ask(String host, AgentRequest request) implements Effect {}

    /** Tells all routers. */
    record PublishRoutes(RouteUpdate update) implements Effect {}

    /** Tells one router everything. */
    record AnswerSync(long request, RouteUpdate update) implements Effect {}

    /**
     * Calls on all agents to say everything, with this word in their reports from then on: by it those are known that were
     * made after the call.
     */
    record CallHosts(String word) implements Effect {}

    /** Asks to be {@link Input.Woken} at this moment; it replaces the moment asked for before. */
    record WakeAt(Instant moment) implements Effect {}
}
