package holt.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of one agent, by request on {@link Subjects#agent}. Repeating a request does no harm. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AgentRequest.Start.class, name = "start"),
    @JsonSubTypes.Type(value = AgentRequest.Stop.class, name = "stop"),
    @JsonSubTypes.Type(value = AgentRequest.Files.class, name = "files"),
    @JsonSubTypes.Type(value = AgentRequest.Enter.class, name = "enter")
})
public sealed interface AgentRequest {

    /** Starts a process. A (pid, incarnation) that is there already, or was, is accepted and nothing done. */
    record Start(ProcessSpec spec) implements AgentRequest {}

    /** Ends a process: SIGTERM, {@code graceMillis} of patience, SIGKILL. One that is not there is accepted. */
    record Stop(long pid, int incarnation, long graceMillis) implements AgentRequest {}

    /**
     * Reads a folder or a file of a process, as it sees it below its own folder.
     *
     * @param path relative; empty for the folder itself
     * @param offset first byte wanted of a file
     * @param length bytes wanted of a file, at most {@link #MAX_LENGTH}
     */
    record Files(long pid, int incarnation, String path, long offset, int length) implements AgentRequest {
        public static final int MAX_LENGTH = 512 << 10;
    }

    /**
     * Begins a session with a process that runs. The answer says only whether it begins; how it goes is told in the
     * session's own stream, whose first frame is {@link Frame.Kind#STARTED} or {@link Frame.Kind#FAILED}.
     *
     * @param session id of the stream, see {@link Subjects#session}
     */
    record Enter(long pid, int incarnation, String session, Errand errand) implements AgentRequest {}

    /** What a session is for. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Run.class, name = "run"),
        @JsonSubTypes.Type(value = Connect.class, name = "connect")
    })
    sealed interface Errand {}

    /**
     * Runs a program.
     *
     * @param environment sealed variables besides the instance's own
     * @param directory where it begins; empty for the instance's own folder
     * @param input whether it reads what is sent
     * @param terminal null for none
     */
    record Run(
            List<String> command,
            String environment,
            String directory,
            boolean input,
            AccessApi.@Nullable Window terminal)
            implements Errand {}

    /** Connects to a port, as seen from inside the instance. */
    record Connect(int port) implements Errand {}
}
