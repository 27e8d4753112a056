package holt.controller;

import holt.bus.Subject;
import holt.model.BusApi;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Subjects;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What people may name on the bus: subjects, patterns and queues, checked before the bus sees them. Pure. */
final class BusTarget {
    private static final String LITERAL = "such as orders.new";
    private static final String PATTERN =
            "such as orders.new, orders.* for one token more, or orders.> for all that follow";

    private BusTarget() {}

    /** A subject to send to: well-formed, and the platform's own only where that is meant. */
    static String literal(String what, String subject, @Nullable Boolean force) {
        check(what, subject, LITERAL, Subject::checkLiteral);
        if (Subjects.isPlatforms(subject) && !Boolean.TRUE.equals(force)) {
            throw Problem.of(
                            ErrorCode.SUBJECT_RESERVED,
                            "The " + what + " '" + Call.printable(subject)
                                    + "' belongs to the platform: its own parts act on what is said there.")
                    .expected("a subject that does not begin with 'holt.' or '$SYS.'", Call.printable(subject))
                    .remedy("If that is what you want, send it with force: '--force', or \"force\": true.")
                    .exception();
        }
        return subject;
    }

    static String pattern(String subject) {
        return check("subject", subject, PATTERN, Subject::checkPattern);
    }

    /** A queue may not take from the platform's parts what is meant for them, unless that is meant. */
    static String queue(String queue, String pattern, boolean force) {
        boolean plain = queue.codePoints().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
        if (queue.isEmpty() || !plain || bytes(queue) > BusApi.MAX_SUBJECT_BYTES) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "The parameter 'queue' cannot be used.")
                    .expected(
                            "a name of at most " + BusApi.MAX_SUBJECT_BYTES + " bytes without blanks",
                            Call.printable(queue))
                    .exception();
        }
        if (Subjects.isPlatforms(pattern) && !force) {
            throw Problem.of(
                            ErrorCode.SUBJECT_RESERVED,
                            "A queue on '" + Call.printable(pattern)
                                    + "' could take messages away from the platform's own parts.")
                    .expected("no queue, or a subject that leaves out 'holt.' and '$SYS.'", Call.printable(pattern))
                    .remedy("Listen without a queue; if that is what you want, with force: '--force', or force=true.")
                    .exception();
        }
        return queue;
    }

    private static String check(String what, String subject, String example, UnaryOperator<String> rule) {
        if (subject.isEmpty()) {
            throw invalid("The " + what + " is empty.", "tokens with one dot between, " + example, "nothing")
                    .exception();
        }
        if (bytes(subject) > BusApi.MAX_SUBJECT_BYTES) {
            throw invalid(
                            "The " + what + " is too long.",
                            "at most " + BusApi.MAX_SUBJECT_BYTES + " bytes",
                            bytes(subject) + " bytes")
                    .exception();
        }
        try {
            return rule.apply(subject);
        } catch (IllegalArgumentException refused) {
            throw new ProblemException(
                    invalid(
                            "The " + what + " cannot be used.",
                            rightOne(String.valueOf(refused.getMessage())) + ", " + example,
                            Call.printable(subject)),
                    refused);
        }
    }

    /** The bus says "Expected ..., found: ..."; the problem says both halves in places of their own. */
    private static String rightOne(String message) {
        return Call.printable(message.replaceFirst(", found: (?s:.*)", "").replaceFirst("^Expected ", ""));
    }

    private static Problem invalid(String detail, String expected, String found) {
        return Problem.of(ErrorCode.SUBJECT_INVALID, detail).expected(expected, found);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
