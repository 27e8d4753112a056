package holt.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Names content by its SHA-256: 64 lower-case hexadecimal digits. */
public final class Digest {
    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{64}");

    private Digest() {}

    /** Whether the text has the shape of a digest. */
    public static boolean isValid(String text) {
        return SHAPE.matcher(text).matches();
    }

    /** The digest of some bytes. */
    public static String of(byte[] content) {
        return hex(sha256(), content);
    }

    /** A fresh SHA-256 computation, for content that streams by. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java runtime has SHA-256, this one says it has not", impossible);
        }
    }

    /** The result of a computation as a digest. */
    public static String hex(MessageDigest computation) {
        return HexFormat.of().formatHex(computation.digest());
    }

    private static String hex(MessageDigest computation, byte[] content) {
        computation.update(content);
        return hex(computation);
    }
}
