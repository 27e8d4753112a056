package holt.store;

import java.time.Instant;

/**
 * A stack as it is kept.
 *
 * @param digest of its {@link holt.model.RootFileSystem} in the blob store
 * @param origin what it was made of, for people
 * @param bytes size of its packed form
 * @param createdBy name of the token that asked for it
 */
public record StackRow(String name, String digest, String origin, long bytes, Instant createdAt, String createdBy) {}
