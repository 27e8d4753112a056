package holt.router;

import java.nio.charset.StandardCharsets;

/** What bytes mean in HTTP/1.1 heads (RFC 9110, section 5.6), and the few operations on them. */
final class Ascii {
    static final byte CR = '\r';
    static final byte LF = '\n';
    static final byte SPACE = ' ';
    static final byte TAB = '\t';

    private static final boolean[] TOKEN = new boolean[256];
    private static final boolean[] TEXT = new boolean[256];
    private static final boolean[] TARGET = new boolean[256];

    static {
        for (char c : "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".toCharArray()) {
            TOKEN[c] = true;
        }
        for (int c = 0; c < 256; c++) {
            TEXT[c] = c >= 0x20 && c != 0x7f || c == '\t';
            TARGET[c] = c > 0x20 && c != 0x7f;
        }
    }

    private Ascii() {}

    /** May stand in names: of methods and of fields. */
    static boolean isToken(byte b) {
        return TOKEN[b & 0xff];
    }

    /** May stand in a field's value. */
    static boolean isText(byte b) {
        return TEXT[b & 0xff];
    }

    /** May stand in a request target; beyond the standard, bytes over 0x7f pass, as clients do send them. */
    static boolean isTarget(byte b) {
        return TARGET[b & 0xff];
    }

    static boolean isBlank(byte b) {
        return b == SPACE || b == TAB;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The value of a hexadecimal digit, -1 for anything else. */
    static int hex(byte b) {
        if (isDigit(b)) {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lowerCase) {
        if (to - from != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (lower(bytes[from + i]) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] other, int otherFrom, int otherTo) {
        if (to - from != otherTo - otherFrom) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (lower(bytes[from + i]) != lower(other[otherFrom + i])) {
                return false;
            }
        }
        return true;
    }

    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String string(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Something a stranger sent, made safe and short enough for a message to people. */
    static String printable(byte[] bytes, int from, int to) {
        int end = Math.min(to, from + 80);
        StringBuilder shown = new StringBuilder(end - from + 3);
        for (int i = from; i < end; i++) {
            shown.append(bytes[i] > 0x20 && bytes[i] < 0x7f ? (char) bytes[i] : bytes[i] == SPACE ? ' ' : '?');
        }
        return end < to ? shown.append("...").toString() : shown.toString();
    }
}
