package holt.cli;

import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Tells people what went wrong and the shell which kind of wrong it was. */
final class Faults implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
    private final CliContext context;

    Faults(CliContext context) {
        this.context = context;
    }

    @Override
    public int handleExecutionException(Exception fault, CommandLine line, ParseResult result) throws Exception {
        if (fault instanceof CommandLine.ParameterException usage) {
            return handleParseException(usage, new String[0]);
        }
        boolean json = line.getCommandSpec().root().userObject() instanceof HoltCommand holt && holt.json;
        return switch (fault) {
            case RefusedException refused -> tell(refused.problem(), refused.status(), json);
            case ProblemException local ->
                tell(local.problem(), local.problem().code().status(), json);
            case CommandFailure failure -> tell(String.valueOf(failure.getMessage()), failure.exitCode(), json);
            case UnreachableException unreachable ->
                tell(
                        unreachable.getMessage() + " Start it with './holt up', or choose another platform with"
                                + " 'holt login --api URL'.",
                        ExitCode.UNREACHABLE,
                        json);
            case HttpHead.Silence silence ->
                tell("The connection to Holt was lost: " + silence.getMessage() + ".", ExitCode.UNREACHABLE, json);
            case JsonParser.Fault strange ->
                tell(
                        "Holt's answer cannot be understood: " + strange.getMessage() + ". Are 'holt' and the platform"
                                + " of the same version? 'holt target' shows both.",
                        ExitCode.FAILED,
                        json);
            case IOException broken -> tell(sentence(broken), ExitCode.FAILED, json);
            default -> throw fault;
        };
    }

    @Override
    public int handleParseException(CommandLine.ParameterException fault, String[] arguments) {
        CommandLine line = fault.getCommandLine();
        PrintStream err = context.err();
        err.println(Text.wrapped(
                Mistakes.explain(fault),
                context.terminal().errors() ? context.terminal().width() : Integer.MAX_VALUE));
        String command = line.getCommandSpec().qualifiedName(" ");
        String help = line.getCommandSpec().parent() == null ? "'holt help'" : "'" + command + " --help'";
        err.println("See " + help + ".");
        return ExitCode.USAGE;
    }

    private int tell(Problem problem, int status, boolean json) {
        int exitCode = switch (status) {
            case 401, 403 -> ExitCode.DENIED;
            default -> ExitCode.FAILED;
        };
        if (json) {
            context.err().println(LeanJson.text(ProblemText.members(problem, status)));
            return exitCode;
        }
        String hint = status == 401 && problem.remedy() == null ? " Log in with 'holt login'." : "";
        return tell(problem.text() + hint, exitCode, false);
    }

    private int tell(String sentence, int exitCode, boolean json) {
        if (json) {
            context.err().println(LeanJson.text(Map.of("detail", sentence)));
            return exitCode;
        }
        boolean colour = context.terminal().colour() && context.terminal().errors();
        int width = context.terminal().errors() ? context.terminal().width() : Integer.MAX_VALUE;
        String shown = ("Error: " + sentence)
                .lines()
                .map(line -> Text.wrapped(Text.printable(line), width))
                .collect(Collectors.joining("\n"));
        context.err().println(Style.RED.apply("Error:", colour) + shown.substring("Error:".length()));
        return exitCode;
    }

    private static String sentence(IOException broken) {
        return switch (broken) {
            case SocketTimeoutException silent -> "Holt fell silent in the middle of its answer.";
            case AccessDeniedException denied -> "No permission for " + denied.getFile() + ".";
            case FileSystemException file ->
                "The file " + file.getFile() + " cannot be used"
                        + (file.getReason() == null ? "" : ": " + file.getReason()) + ".";
            default -> broken.getMessage() == null ? broken.toString() : broken.getMessage();
        };
    }
}
