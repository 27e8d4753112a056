package holt.store;

import holt.model.Api;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A build as it is kept.
 *
 * @param build as the API shows it
 * @param app it was asked for; null when for none yet
 * @param tree digest of the package's tree in the blob store
 * @param createdAt when it was asked for
 */
public record BuildRow(Api.Build build, @Nullable String app, String tree, Instant createdAt) {
    public static final String STAGING = "staging";
    public static final String SUCCEEDED = "succeeded";
    public static final String FAILED = "failed";
}
