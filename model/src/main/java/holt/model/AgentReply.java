package holt.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** An agent's answer to an {@link AgentRequest}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AgentReply.Accepted.class, name = "accepted"),
    @JsonSubTypes.Type(value = AgentReply.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = AgentReply.Listing.class, name = "listing"),
    @JsonSubTypes.Type(value = AgentReply.Content.class, name = "content")
})
public sealed interface AgentReply {

    /** It will be done; how it goes is reported. */
    record Accepted() implements AgentReply {}

    /** It will not be done, and why. */
    record Refused(String reason) implements AgentReply {}

    /** A folder. */
    record Listing(List<FileInfo> files) implements AgentReply {}

    /** Part of a file: {@code size} is the whole file's, bytes. */
    record Content(byte[] bytes, long size) implements AgentReply {}

    /** One name in a folder; size in bytes, 0 for a folder. */
    record FileInfo(String name, boolean folder, long size) {}
}
