package holt.identity;

import holt.model.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Makes the tokens that callers of the API show, and recognises them by their hash; the text of a token is kept nowhere.
 *
 * <p>The hash is one plain SHA-256. Slow, salted hashes protect secrets that people chose and that can therefore be
 * guessed; a token has 256 random bits, so guessing is hopeless at any speed, and a fast hash keeps each request fast.
 * For the same reason looking a token up by its hash in an index tells an attacker nothing through its timing: he cannot
 * steer the hash of what he sends towards one that is stored.
 */
public final class Tokens {
    private static final String PREFIX = "holt_";
    private static final int RANDOM_BYTES = 32;
    private static final int ID_BYTES = 5;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Tokens() {}

    /**
     * A token that was just made.
     *
     * @param id names it in lists; no secret
     * @param text what callers show; to be told once and then forgotten
     * @param hash what is kept
     */
    public record Created(String id, String text, String hash) {
        /** Without the text, which must not end up in a log. */
        @Override
        public String toString() {
            return "Created[id=" + id + "]";
        }
    }

    /** Makes a token. */
    public static Created create() {
        String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random(RANDOM_BYTES));
        return new Created(HexFormat.of().formatHex(random(ID_BYTES)), text, hash(text));
    }

    /** The hash under which a token is kept. */
    public static String hash(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a token that was shown has this hash; takes the same time wherever they differ. */
    public static boolean matches(String text, String hash) {
        return MessageDigest.isEqual(
                hash(text).getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
