package holt.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) into maps in their order, lists, strings, longs, doubles, booleans and null. It exists because
 * the start of Jackson's data binding costs a command 170 ms with an AOT cache and 400 ms without, which is more than
 * {@code holt apps} may take in total.
 */
final class JsonParser {
    private static final int MAX_DEPTH = 50;

    private final String text;
    private int at;

    /** Text that is not JSON. */
    static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Fault(String message) {
            super(message);
        }
    }

    private JsonParser(String text) {
        this.text = text;
    }

    static @Nullable Object parse(byte[] json) {
        return parse(new String(json, StandardCharsets.UTF_8));
    }

    /**
     * Reads one value.
     *
     * @throws Fault naming the place where it is not JSON
     */
    static @Nullable Object parse(String json) {
        JsonParser parser = new JsonParser(json);
        Object value = parser.value(0);
        parser.space();
        if (parser.at < json.length()) {
            throw parser.fault("the end");
        }
        return value;
    }

    private @Nullable Object value(int depth) {
        space();
        if (depth > MAX_DEPTH) {
            throw fault("at most " + MAX_DEPTH + " levels");
        }
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> !word("false");
            case 'n' -> {
                word("null");
                yield null;
            }
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object(int depth) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        at++;
        space();
        if (taken('}')) {
            return members;
        }
        do {
            space();
            String name = string();
            space();
            expect(':');
            members.put(name, value(depth + 1));
            space();
        } while (taken(','));
        expect('}');
        return members;
    }

    private List<@Nullable Object> array(int depth) {
        List<@Nullable Object> items = new ArrayList<>();
        at++;
        space();
        if (taken(']')) {
            return items;
        }
        do {
            items.add(value(depth + 1));
            space();
        } while (taken(','));
        expect(']');
        return items;
    }

    private String string() {
        expect('"');
        int start = at;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\' && text.charAt(at) >= ' ') {
            at++;
        }
        if (peek() == '"') {
            return text.substring(start, at++);
        }
        StringBuilder characters = new StringBuilder(text.substring(start, at));
        while (peek() != '"') {
            characters.append(character());
        }
        at++;
        return characters.toString();
    }

    private char character() {
        char c = text.charAt(at++);
        if (c < ' ') {
            at--;
            throw fault("no control character");
        }
        return c == '\\' ? escape() : c;
    }

    private char escape() {
        char kind = peek();
        at++;
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw fault("an escape");
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0 || peek() > 'f') {
                throw fault("four hexadecimal digits");
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    private Object number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        try {
            return digits.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'))
                    ? (Object) Long.parseLong(digits)
                    : (Object) Double.parseDouble(digits);
        } catch (NumberFormatException none) {
            at = start;
            throw fault("a value");
        }
    }

    private boolean word(String word) {
        if (!text.startsWith(word, at)) {
            throw fault("a value");
        }
        at += word.length();
        return true;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw fault("more");
        }
        return text.charAt(at);
    }

    private boolean taken(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c) {
        if (!taken(c)) {
            throw fault("'" + c + "'");
        }
    }

    private Fault fault(String expected) {
        String found = at < text.length() ? "'" + Text.printable(text.substring(at), 20) + "'" : "the end";
        return new Fault("not JSON at character " + (at + 1) + ": expected " + expected + ", found " + found);
    }
}
