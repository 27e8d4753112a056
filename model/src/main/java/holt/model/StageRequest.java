package holt.model;

import org.jspecify.annotations.Nullable;

/**
 * Asks a stager to make a droplet. Progress comes on {@link Subjects#stageProgress}; the last message of it has the
 * result. The reply to the request itself only says that a stager has taken it (an {@link AgentReply}).
 *
 * @param build id of the build
 * @param tree digest of the package's {@link Tree} in the blob store
 * @param command the user's own start command; null to find one out
 */
public record StageRequest(
        String build, String tree, @Nullable String command) {}
