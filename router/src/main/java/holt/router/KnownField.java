package holt.router;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Header fields the router has to look at; all others pass through unread. */
enum KnownField {
    ACCEPT,
    CONNECTION,
    CONTENT_LENGTH,
    EXPECT,
    HOST,
    KEEP_ALIVE,
    PROXY_AUTHORIZATION,
    PROXY_CONNECTION,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
    X_FORWARDED_FOR,
    X_FORWARDED_HOST,
    X_FORWARDED_PORT,
    X_FORWARDED_PROTO,
    X_REQUEST_ID,
    X_REQUEST_START;

    private static final int LONGEST = 24;
    private static final KnownField[][] BY_LENGTH = byLength();

    private final byte[] lowerCase =
            name().toLowerCase(Locale.ROOT).replace('_', '-').getBytes(StandardCharsets.US_ASCII);

    /** The field of that name in any case; null for one that is not known. */
    static @Nullable KnownField of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length >= LONGEST) {
            return null;
        }
        for (KnownField each : BY_LENGTH[length]) {
            if (Ascii.equalsIgnoreCase(bytes, from, to, each.lowerCase)) {
                return each;
            }
        }
        return null;
    }

    private static KnownField[][] byLength() {
        KnownField[][] table = new KnownField[LONGEST][0];
        for (KnownField each : values()) {
            KnownField[] present = table[each.lowerCase.length];
            KnownField[] more = java.util.Arrays.copyOf(present, present.length + 1);
            more[present.length] = each;
            table[each.lowerCase.length] = more;
        }
        return table;
    }
}
