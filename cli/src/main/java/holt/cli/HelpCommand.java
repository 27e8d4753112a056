package holt.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt help [COMMAND]}. */
@Command(
        header = "Show help for a command.",
        footerHeading = "%nExamples:%n",
        footer = {"  holt help push", "  holt help token create"})
final class HelpCommand extends Subcommand {
    @Parameters(paramLabel = "COMMAND", description = "Which command; all where none is given.")
    List<String> words = List.of();

    HelpCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    public Integer call() {
        CommandLine line = spec.root().commandLine();
        for (String word : words) {
            CommandLine below = line.getSubcommands().get(word);
            if (below == null) {
                throw new CommandLine.UnmatchedArgumentException(line, List.of(word));
            }
            line = below;
        }
        line.usage(holt.context().out());
        return ExitCode.OK;
    }

    @Override
    int run(ApiClient api, Output output) {
        return call();
    }
}
