package holt.bus.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;

/** A user who signs: always the same key pair, for tests only. */
final class NkeySigner {
    private static final KeyPair KEYS = keys();
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int USER_PREFIX = 20 << 3;

    private NkeySigner() {}

    /** Puts in the public nkey and the signature of the nonce. */
    static String fill(String text, String nonce) {
        return text.contains("${") ? text.replace("${nkey}", nkey()).replace("${sig}", signature(nonce)) : text;
    }

    /** The public key in NATS's form: base32 of a prefix, the key and its CRC-16. */
    static String nkey() {
        byte[] encoded = KEYS.getPublic().getEncoded();
        ByteBuffer bytes = ByteBuffer.allocate(35).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) USER_PREFIX).put(encoded, encoded.length - 32, 32);
        bytes.putShort((short) crc16(Arrays.copyOf(bytes.array(), 33)));
        return base32(bytes.array());
    }

    private static String signature(String nonce) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(KEYS.getPrivate());
            signature.update(nonce.getBytes(US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException fault) {
            throw new IllegalStateException(fault);
        }
    }

    /** XMODEM's CRC: polynomial 0x1021, starting with 0. */
    private static int crc16(byte[] bytes) {
        int crc = 0;
        for (byte b : bytes) {
            crc ^= (b & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
            }
        }
        return crc & 0xffff;
    }

    private static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < bytes.length * 8; bit += 5) {
            int value = 0;
            for (int i = bit; i < bit + 5; i++) {
                int set = i < bytes.length * 8 ? bytes[i / 8] >> 7 - i % 8 & 1 : 0;
                value = value << 1 | set;
            }
            text.append(BASE32.charAt(value));
        }
        return text.toString();
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(255, new Sevens());
            return generator.generateKeyPair();
        } catch (GeneralSecurityException fault) {
            throw new IllegalStateException(fault);
        }
    }

    /** Not random at all. */
    private static final class Sevens extends SecureRandom {
        private static final long serialVersionUID = 1;

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, (byte) 7);
        }
    }
}
