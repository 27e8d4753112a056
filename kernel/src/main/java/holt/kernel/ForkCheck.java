package holt.kernel;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.ProcessCommand;

/** What may be asked of a fork, whoever asks: pure checks of the request alone. */
final class ForkCheck {
    private ForkCheck() {}

    static void check(ProcessCommand.Fork fork) {
        if (fork.count() < 1) {
            throw invalid("A fork cannot make " + fork.count() + " children.", "at least 1", "" + fork.count());
        }
        if (fork.key().length() > ProcessCommand.Fork.MAX_KEY) {
            throw invalid(
                    "The key of the fork is too long.",
                    "at most " + ProcessCommand.Fork.MAX_KEY + " characters",
                    "" + fork.key().length());
        }
        if (fork.arguments().size() > ProcessCommand.Fork.MAX_ARGUMENTS) {
            throw invalid(
                    "There are too many arguments.",
                    "at most " + ProcessCommand.Fork.MAX_ARGUMENTS,
                    "" + fork.arguments().size());
        }
        long chars = 0;
        for (String argument : fork.arguments()) {
            chars += argument.length();
            if (argument.indexOf('\0') >= 0) {
                throw invalid("An argument cannot be passed on.", "text without the NUL character", "one with it");
            }
        }
        if (chars > ProcessCommand.Fork.MAX_ARGUMENT_CHARS) {
            throw invalid(
                    "The arguments are too long.",
                    "at most " + ProcessCommand.Fork.MAX_ARGUMENT_CHARS + " characters together",
                    "" + chars);
        }
    }

    private static ProblemException invalid(String detail, String expected, String found) {
        return Problem.of(ErrorCode.PARAMETER_INVALID, detail)
                .expected(expected, found)
                .exception();
    }
}
