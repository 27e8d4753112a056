package holt.cli;

import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Reads a set of an ignore pattern: {@code [abc]}, {@code [a-z]}, {@code [!x]}, {@code [[:digit:]]}. */
final class ByteSetParser {
    private final byte[] text;
    private final boolean[] set = new boolean[256];
    private int at;
    private boolean broken;

    /** The place behind the opening bracket. */
    ByteSetParser(byte[] text, int at) {
        this.text = text;
        this.at = at;
    }

    /** The bytes of the set, never a slash; null where it has no end or is not understood. */
    boolean @Nullable [] parse() {
        boolean negative = at < text.length && (text[at] == '!' || text[at] == '^');
        at += negative ? 1 : 0;
        boolean first = true;
        int previous = -1;
        while (at < text.length && (first || text[at] != ']') && !broken) {
            previous = item(previous);
            first = false;
        }
        if (broken || at >= text.length) {
            return null;
        }
        for (int i = 0; negative && i < set.length; i++) {
            set[i] = !set[i];
        }
        set['/'] = false;
        return set;
    }

    /** The place behind the closing bracket of a set that is understood. */
    static int end(byte[] text, int at) {
        ByteSetParser parser = new ByteSetParser(text, at);
        parser.parse();
        return parser.at + 1;
    }

    /** Takes one item; gives the byte that a range could begin with, or -1. */
    private int item(int previous) {
        if (text[at] == '-' && previous >= 0 && at + 1 < text.length && text[at + 1] != ']') {
            at++;
            int last = literal();
            for (int b = previous; b <= last; b++) {
                set[b] = true;
            }
            return -1;
        }
        if (text[at] == '[' && at + 1 < text.length && text[at + 1] == ':') {
            return named();
        }
        int b = literal();
        if (b >= 0) {
            set[b] = true;
        }
        return b;
    }

    private int literal() {
        if (text[at] == '\\') {
            at++;
            if (at == text.length) {
                broken = true;
                return -1;
            }
        }
        return text[at++] & 0xff;
    }

    private int named() {
        int start = at + 2;
        int close = start;
        while (close < text.length && text[close] != ']') {
            close++;
        }
        if (close >= text.length) {
            broken = true;
            return -1;
        }
        if (close == start || text[close - 1] != ':') {
            set['['] = true;
            at++;
            return '[';
        }
        IntPredicate kind = kind(new String(text, start, close - 1 - start, StandardCharsets.UTF_8));
        broken = kind == null;
        for (int b = 0; kind != null && b < 128; b++) {
            set[b] |= kind.test(b);
        }
        at = close + 1;
        return -1;
    }

    private static @Nullable IntPredicate kind(String name) {
        IntPredicate letter = b -> Character.isLetter(b);
        IntPredicate digit = b -> b >= '0' && b <= '9';
        return switch (name) {
            case "alnum" -> letter.or(digit);
            case "alpha" -> letter;
            case "blank" -> b -> b == ' ' || b == '\t';
            case "cntrl" -> b -> b < ' ' || b == 0x7f;
            case "digit" -> digit;
            case "graph" -> b -> b > ' ' && b < 0x7f;
            case "lower" -> b -> b >= 'a' && b <= 'z';
            case "print" -> b -> b >= ' ' && b < 0x7f;
            case "punct" -> b -> b > ' ' && b < 0x7f && !letter.or(digit).test(b);
            case "space" -> b -> b == ' ' || (b >= '\t' && b <= '\r');
            case "upper" -> b -> b >= 'A' && b <= 'Z';
            case "xdigit" -> b -> Character.digit(b, 16) >= 0;
            default -> null;
        };
    }
}
