package holt.model;

import org.jspecify.annotations.Nullable;

/**
 * One step of a build.
 *
 * @param build id of the build
 * @param line a line of the staging log; null in the last message
 * @param result how it ended; null in all but the last message
 */
public record StageProgress(
        String build, @Nullable String line, @Nullable Result result) {

    /**
     * How a build ended: either a droplet or a failure.
     *
     * @param droplet digest of the {@link Droplet} in the blob store; null when it failed
     * @param buildpack see {@link Droplet}
     * @param command see {@link Droplet}
     * @param failure stable code of the error, see {@link ErrorCode}; null when it succeeded
     * @param detail why it failed, for people
     */
    public record Result(
            @Nullable String droplet,
            @Nullable String buildpack,
            @Nullable String command,
            @Nullable String failure,
            @Nullable String detail) {}
}
