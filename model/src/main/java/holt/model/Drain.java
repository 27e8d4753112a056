package holt.model;

import java.time.Instant;

/**
 * A host that is to hold no process: what can be moved is, what cannot ends there, and nothing new is placed on it.
 *
 * @param host its name
 * @param force whether processes that cannot be moved are ended
 * @param since when it was asked for
 * @param actor name of the token that asked
 */
public record Drain(String host, boolean force, Instant since, String actor) {}
