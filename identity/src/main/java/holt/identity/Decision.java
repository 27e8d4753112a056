package holt.identity;

import holt.model.Problem;

/** Whether something may be done. */
public sealed interface Decision {

    /** It may. */
    record Allowed() implements Decision {}

    /** It may not: {@code unauthorized} for somebody without a token, {@code forbidden} otherwise. */
    record Refused(Problem problem) implements Decision {}
}
