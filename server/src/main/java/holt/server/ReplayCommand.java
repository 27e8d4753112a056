package holt.server;

import holt.cli.HoltCommand;
import holt.cli.Output;
import holt.controller.Replay;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt replay}. */
@Command(
        name = "replay",
        header = "Go through what a platform recorded, and say whether it would decide the same today.",
        footer = {
            "",
            "A platform started with --debug-record FILE (or debug.record in its settings) writes down what its",
            "controller was told and what it decided. Exit code 0: all the same; 1: the first difference is shown.",
            "",
            "Examples:",
            "  holt up --debug-record recording.jsonl",
            "  holt replay ~/.holt/recording.jsonl"
        })
final class ReplayCommand implements Callable<Integer> {
    private final CommandLine holt;

    @Parameters(paramLabel = "FILE", description = "The recording.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    ReplayCommand(CommandLine holt) {
        this.holt = holt;
    }

    @Override
    public Integer call() {
        HoltCommand command = holt.getCommand();
        Output output = command.output();
        Replay.Result result = Replay.of(command.context().folder().resolve(file));
        if (output.isJson()) {
            output.json(result);
        } else {
            output.say(summary(result));
            tell(result.difference(), output);
        }
        return result.difference() == null ? 0 : 1;
    }

    private static String summary(Replay.Result result) {
        return "Replayed " + result.inputs() + " inputs of " + result.brains()
                + (result.brains() == 1 ? " brain" : " brains") + ", " + result.effects() + " decisions are the same"
                + (result.difference() == null ? "." : ", then one is not.")
                + (result.torn() ? " The last line is cut off and was left out." : "");
    }

    private static void tell(Replay.@Nullable Difference difference, Output output) {
        if (difference == null) {
            return;
        }
        output.say("  line     " + difference.line());
        output.say("  input    " + difference.input());
        output.say("  then     " + difference.recorded());
        output.say("  now      " + difference.now());
    }
}
