package holt.model;

import org.jspecify.annotations.Nullable;

/**
 * One occurrence of an error, told so that its reader can mend it: what was wrong and where, what was expected, what
 * was found, and what to do. Its JSON form is a problem document (RFC 9457) with the members {@code type, title,
 * status, code, detail, expected, found, remedy}.
 *
 * @param code which error
 * @param detail what was wrong and where, a full sentence
 * @param expected what would have been right; null where that goes without saying
 * @param found what came instead; never a secret
 * @param remedy what the reader can do now; null where nothing helps
 */
public record Problem(
        ErrorCode code,
        String detail,
        @Nullable String expected,
        @Nullable String found,
        @Nullable String remedy) {

    /** A problem that needs no more than its sentence. */
    public static Problem of(ErrorCode code, String detail) {
        return new Problem(code, detail, null, null, null);
    }

    /** This problem with what was expected and what was found instead. */
    public Problem expected(String expected, @Nullable String found) {
        return new Problem(code, detail, expected, found, remedy);
    }

    /** This problem with what its reader can do. */
    public Problem remedy(String remedy) {
        return new Problem(code, detail, expected, found, remedy);
    }

    /** This problem as something to throw. */
    public ProblemException exception() {
        return new ProblemException(this);
    }

    /** All that is known, in one paragraph for people. */
    public String text() {
        StringBuilder text = new StringBuilder(detail);
        if (expected != null) {
            text.append(" Expected: ").append(expected).append('.');
        }
        if (found != null) {
            text.append(" Found: ").append(found).append('.');
        }
        if (remedy != null) {
            text.append(' ').append(remedy);
        }
        return text.toString();
    }
}
