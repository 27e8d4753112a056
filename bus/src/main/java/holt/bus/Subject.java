package holt.bus;

import java.util.ArrayList;
import java.util.List;

/** The rules of subjects: tokens with dots between, no blanks, no control characters, no empty token. */
public final class Subject {
    static final String ANY_TOKEN = "*";
    static final String ANY_TAIL = ">";

    private Subject() {}

    /** The tokens of a subject that is published to. */
    public static List<String> literal(String subject) {
        List<String> tokens = tokens(subject);
        if (tokens.contains(ANY_TOKEN) || tokens.contains(ANY_TAIL)) {
            throw new IllegalArgumentException("Expected a subject without wildcards, found: " + subject);
        }
        return tokens;
    }

    /** The tokens of a subject that is subscribed to. */
    public static List<String> pattern(String subject) {
        List<String> tokens = tokens(subject);
        int tail = tokens.indexOf(ANY_TAIL);
        if (tail >= 0 && tail != tokens.size() - 1) {
            throw new IllegalArgumentException("Expected > as the last token only, found: " + subject);
        }
        return tokens;
    }

    private static List<String> tokens(String subject) {
        List<String> tokens = new ArrayList<>(6);
        int start = 0;
        for (int end = subject.indexOf('.'); end >= 0; end = subject.indexOf('.', start)) {
            tokens.add(token(subject, start, end));
            start = end + 1;
        }
        tokens.add(token(subject, start, subject.length()));
        return tokens;
    }

    private static String token(String subject, int start, int end) {
        if (start == end) {
            throw new IllegalArgumentException("Expected tokens with one dot between, found: " + subject);
        }
        for (int at = start; at < end; at++) {
            if (subject.charAt(at) <= ' ' || subject.charAt(at) == 0x7f) {
                throw new IllegalArgumentException("Expected a subject without blanks, found: " + subject);
            }
        }
        return subject.substring(start, end);
    }
}
