package holt.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What is asked of one agent, by request on {@link Subjects#agent}. Repeating a request does no harm. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AgentRequest.Start.class, name = "start"),
    @JsonSubTypes.Type(value = AgentRequest.Stop.class, name = "stop"),
    @JsonSubTypes.Type(value = AgentRequest.Files.class, name = "files")
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
}
