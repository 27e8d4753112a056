package holt.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token as it is kept.
 *
 * @param id names it in lists
 * @param name chosen by who made it
 * @param role {@code admin}, {@code developer} or {@code reader}
 * @param hash see identity's Tokens; the text of a token is kept nowhere
 * @param lastUsedAt null while it was never used
 */
public record TokenRow(
        String id,
        String name,
        String role,
        String hash,
        Instant createdAt,
        @Nullable Instant lastUsedAt) {}
