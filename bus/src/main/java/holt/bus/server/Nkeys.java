package holt.bus.server;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Public keys as NATS writes them: base32 of a prefix byte, an Ed25519 key and a CRC-16 (XMODEM) with its low byte first.
 * Stateless.
 */
final class Nkeys {
    private static final int KEY_BYTES = 32;
    private static final int USER_PREFIX = 20 << 3;
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int CRC_POLYNOMIAL = 0x1021;
    /** What stands before the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410). */
    private static final byte[] X509_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    private Nkeys() {}

    /** Whether the owner of a user's public key has signed the nonce. */
    static boolean verifies(String nkey, @Nullable String signature, byte[] nonce) {
        byte[] key = userKey(nkey);
        if (key == null || signature == null) {
            return false;
        }
        try {
            byte[] x509 = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_BYTES);
            System.arraycopy(key, 0, x509, X509_PREFIX.length, KEY_BYTES);
            PublicKey publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(publicKey);
            verifier.update(nonce);
            return verifier.verify(decode64(signature));
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            return false; // not a key, not base64 or not a signature: not who they say they are
        }
    }

    private static byte[] decode64(String text) {
        return text.indexOf('+') >= 0 || text.indexOf('/') >= 0
                ? Base64.getDecoder().decode(text)
                : Base64.getUrlDecoder().decode(text);
    }

    /** The 32 bytes of a user's public key; null where it is none. */
    static byte @Nullable [] userKey(String nkey) {
        byte[] raw = decode32(nkey);
        if (raw == null || raw.length != 1 + KEY_BYTES + 2 || (raw[0] & 0xff) != USER_PREFIX) {
            return null;
        }
        int told = (raw[raw.length - 2] & 0xff) | (raw[raw.length - 1] & 0xff) << 8;
        return crc(raw, raw.length - 2) == told ? Arrays.copyOfRange(raw, 1, 1 + KEY_BYTES) : null;
    }

    private static byte @Nullable [] decode32(String text) {
        byte[] out = new byte[text.length() * 5 / 8];
        int bits = 0;
        int count = 0;
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0) {
                return null;
            }
            bits = bits << 5 | digit;
            count += 5;
            if (count >= 8) {
                count -= 8;
                out[at++] = (byte) (bits >> count);
                bits &= (1 << count) - 1;
            }
        }
        return out;
    }

    private static int crc(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc ^= (bytes[i] & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ CRC_POLYNOMIAL : crc << 1;
            }
            crc &= 0xffff;
        }
        return crc;
    }
}
