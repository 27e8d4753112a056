package holt.identity;

/**
 * Who asks.
 *
 * @param tokenId id of the token that was shown; empty for none
 * @param name of that token, for events and logs
 * @param role what it stands for
 */
public record Subject(String tokenId, String name, Role role) {
    /** Somebody who showed no token. */
    public static final Subject ANONYMOUS = new Subject("", "anonymous", Role.ANONYMOUS);
}
