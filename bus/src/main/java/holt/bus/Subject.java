package holt.bus;

/** The rules of subjects: tokens with dots between, no blanks, no control characters, no empty token. Stateless. */
public final class Subject {
    private static final String ANY_TOKEN = "*";
    private static final String ANY_TAIL = ">";

    private Subject() {}

    /** @throws IllegalArgumentException where a subject cannot be published to, saying why */
    public static void checkLiteral(String subject) {
        check(subject, false);
    }

    /** @throws IllegalArgumentException where a subject cannot be subscribed to, saying why */
    public static void checkPattern(String subject) {
        check(subject, true);
    }

    private static void check(String subject, boolean wildcards) {
        int start = 0;
        for (int end = subject.indexOf('.'); end >= 0; end = subject.indexOf('.', start)) {
            checkToken(subject, start, end, wildcards);
            start = end + 1;
        }
        checkToken(subject, start, subject.length(), wildcards);
    }

    private static void checkToken(String subject, int start, int end, boolean wildcards) {
        if (start == end) {
            throw new IllegalArgumentException("Expected tokens with one dot between, found: " + subject);
        }
        for (int at = start; at < end; at++) {
            if (subject.charAt(at) <= ' ' || subject.charAt(at) == 0x7f) {
                throw new IllegalArgumentException("Expected a subject without blanks, found: " + subject);
            }
        }
        String token = subject.substring(start, end);
        boolean tail = token.equals(ANY_TAIL);
        if (!wildcards && (tail || token.equals(ANY_TOKEN))) {
            throw new IllegalArgumentException("Expected a subject without wildcards, found: " + subject);
        }
        if (tail && end != subject.length()) {
            throw new IllegalArgumentException("Expected > as the last token only, found: " + subject);
        }
    }
}
