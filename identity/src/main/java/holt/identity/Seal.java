package holt.identity;

import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keeps secrets unreadable wherever they travel or lie: AES-256-GCM under keys derived from one key file, which only
 * controller and agents have. Whoever changes a sealed text makes it unopenable. Safe for use by many threads.
 *
 * <p>A sealed text begins with its form. {@code s1.} has a random nonce: sealing the same bytes twice gives two texts.
 *
 * <p>{@code e1.} is for environments, and its nonce is the beginning of an HMAC-SHA-256 of the content, as in synthetic
 * initialisation vectors (RFC 5297): the same map always gives the same text. The kernel, which holds no key, can so see
 * that two releases have equal environments and that a push changes nothing. What it costs is that somebody who sees two
 * sealed texts learns whether they are equal, and nothing else. A nonce never repeats for different contents, short of a
 * collision of 96 bits of HMAC. Each form has keys of its own.
 */
public final class Seal {
    private static final String RANDOM_FORM = "s1.";
    private static final String ENVIRONMENT_FORM = "e1.";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec randomKey;
    private final SecretKeySpec environmentKey;
    private final SecretKeySpec nonceKey;

    private Seal(byte[] master) {
        randomKey = derive(master, "holt seal s1 encryption", "AES");
        environmentKey = derive(master, "holt seal e1 encryption", "AES");
        nonceKey = derive(master, "holt seal e1 nonce", "HmacSHA256");
    }

    /**
     * Opens the seal of this key file, which is made when it does not exist.
     *
     * @throws ProblemException {@code internal} when the file cannot be read, made or understood
     */
    public static Seal open(Path keyFile) {
        try {
            return new Seal(KeyFile.read(keyFile));
        } catch (IOException fault) {
            throw new ProblemException(
                    Problem.of(
                                    ErrorCode.INTERNAL,
                                    "The key file '" + keyFile + "' cannot be used: " + fault.getMessage())
                            .remedy("See that the platform's user may read and write it."),
                    fault);
        }
    }

    /** Seals bytes; each time another text. */
    public String seal(byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return seal(RANDOM_FORM, randomKey, nonce, plain);
    }

    /**
     * Opens a text of either form.
     *
     * @throws ProblemException {@code internal} when it was sealed with another key file, or changed
     */
    public byte[] open(String sealed) {
        String form = sealed.substring(0, Math.min(RANDOM_FORM.length(), sealed.length()));
        return switch (form) {
            case RANDOM_FORM -> open(form, randomKey, sealed);
            case ENVIRONMENT_FORM -> open(form, environmentKey, sealed);
            default -> throw unopenable("its form is not known", null);
        };
    }

    /** Seals an environment: equal maps give equal texts, the empty map the empty text. */
    public String sealEnvironment(Map<String, String> variables) {
        if (variables.isEmpty()) {
            return "";
        }
        byte[] plain = Json.bytes(new TreeMap<>(variables));
        byte[] nonce = Arrays.copyOf(hmac(nonceKey, plain), NONCE_BYTES);
        return seal(ENVIRONMENT_FORM, environmentKey, nonce, plain);
    }

    /**
     * Opens an environment, in the order of the names; the empty text is the empty map.
     *
     * @throws ProblemException as {@link #open(String)}
     */
    public Map<String, String> openEnvironment(String sealed) {
        if (sealed.isEmpty()) {
            return Map.of();
        }
        Map<String, String> variables = new LinkedHashMap<>();
        Json.tree(open(sealed))
                .properties()
                .forEach(each -> variables.put(each.getKey(), each.getValue().asString()));
        return variables;
    }

    /** Whether two sealed environments hold the same variables with the same values. */
    public boolean sameEnvironment(String a, String b) {
        return a.equals(b) || openEnvironment(a).equals(openEnvironment(b));
    }

    private static String seal(String form, SecretKeySpec key, byte[] nonce, byte[] plain) {
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, form, key, nonce);
            byte[] sealed = cipher.doFinal(plain);
            byte[] whole = ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return form + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java runtime has AES-GCM, this one says it has not", impossible);
        }
    }

    private static byte[] open(String form, SecretKeySpec key, String sealed) {
        try {
            byte[] whole = Base64.getUrlDecoder().decode(sealed.substring(form.length()));
            if (whole.length < NONCE_BYTES) {
                throw unopenable("it is cut off", null);
            }
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, form, key, Arrays.copyOf(whole, NONCE_BYTES));
            return cipher.doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
        } catch (GeneralSecurityException | IllegalArgumentException fault) {
            throw unopenable("it was sealed with another key, or changed", fault);
        }
    }

    /** The form is authenticated too, so that a text of one form cannot be passed off as one of the other. */
    private static Cipher cipher(int mode, String form, SecretKeySpec key, byte[] nonce)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(form.getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }

    private static ProblemException unopenable(String why, @Nullable Throwable cause) {
        Problem problem = Problem.of(ErrorCode.INTERNAL, "A sealed secret cannot be opened: " + why + ".")
                .remedy("Start the platform with the key file its state was made with.");
        return cause == null ? problem.exception() : new ProblemException(problem, cause);
    }

    private static SecretKeySpec derive(byte[] master, String purpose, String algorithm) {
        byte[] key = hmac(new SecretKeySpec(master, "HmacSHA256"), purpose.getBytes(StandardCharsets.US_ASCII));
        return new SecretKeySpec(key, algorithm);
    }

    private static byte[] hmac(SecretKeySpec key, byte[] content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(content);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(
                    "Every Java runtime has HMAC-SHA-256, this one says it has not", impossible);
        }
    }
}
