package holt.bus.remote;

import holt.bus.Subject;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;

/**
 * What is put before every subject on the server, so that platforms which share it do not hear one another. Answers go
 * to inboxes, which have names that nobody else has, and keep them.
 */
final class Prefix {
    static final String INBOX = "_INBOX.";
    private static final int MAX_LENGTH = 100;

    private final String text;

    Prefix(String prefix) {
        this.text = prefix.isEmpty() ? "" : prefix + ".";
    }

    /** @throws ProblemException {@code parameter-invalid} for what cannot stand before a subject */
    static void check(String prefix) {
        if (prefix.isEmpty()) {
            return;
        }
        try {
            Subject.checkLiteral(prefix);
            if (prefix.length() <= MAX_LENGTH && !prefix.startsWith("_") && !prefix.startsWith("$")) {
                return;
            }
        } catch (IllegalArgumentException notASubject) {
            throw new ProblemException(refusal(prefix), notASubject);
        }
        throw refusal(prefix).exception();
    }

    private static Problem refusal(String prefix) {
        return Problem.of(ErrorCode.PARAMETER_INVALID, "The prefix of the bus's subjects cannot be used.")
                .expected(
                        "words with dots between, at most " + MAX_LENGTH + " characters, none of * > _ $ first",
                        prefix);
    }

    String put(String subject) {
        return subject.startsWith(INBOX) ? subject : text + subject;
    }

    String strip(String subject) {
        return subject.substring(text.length());
    }
}
