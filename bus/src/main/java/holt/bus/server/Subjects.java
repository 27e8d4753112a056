package holt.bus.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/** The rules of subjects, on bytes: tokens with dots between. Stateless. */
final class Subjects {
    /** Unknown to clients, so that none can choose names that fall on the same place of a table. */
    private static final long MULTIPLIER = new SecureRandom().nextLong() | 1;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Subjects() {}

    /** Whether it may be subscribed to: no empty token, {@code >} only as the last one. */
    static boolean isValid(byte[] in, int from, int to) {
        int start = from;
        for (int at = from; at <= to; at++) {
            if (at == to || in[at] == '.') {
                if (at == start || (isTail(in, start, at) && at != to)) {
                    return false;
                }
                start = at + 1;
            }
        }
        return true;
    }

    /** Whether it may be published to: valid, and without a wildcard. */
    static boolean isLiteral(byte[] in, int from, int to) {
        return isValid(in, from, to) && !hasWildcard(in, from, to);
    }

    static boolean hasWildcard(byte[] in, int from, int to) {
        int start = from;
        for (int at = from; at <= to; at++) {
            if (at == to || in[at] == '.') {
                if (isAny(in, start, at) || isTail(in, start, at)) {
                    return true;
                }
                start = at + 1;
            }
        }
        return false;
    }

    static boolean isAny(byte[] in, int from, int to) {
        return to - from == 1 && in[from] == '*';
    }

    static boolean isTail(byte[] in, int from, int to) {
        return to - from == 1 && in[from] == '>';
    }

    static int hash(byte[] in, int from, int to) {
        long hash = to - from;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = Long.rotateLeft((hash ^ (long) WORDS.get(in, at)) * MULTIPLIER, 29);
        }
        for (; at < to; at++) {
            hash = (hash + in[at]) * MULTIPLIER;
        }
        return (int) (hash >>> 32);
    }
}
