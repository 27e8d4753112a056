package holt.cli;

import holt.model.AccessApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt exec NAME -- COMMAND}: runs a program inside an instance. */
@Command(
        header = "Run a command inside an instance.",
        description = {
            "Runs beside the instance's own program: same files, network, user, limits and variables. The exit code is "
                    + "the command's own; 127 means there is no such command, 128+N that signal N ended it.",
            "What it started ends with it, and with this command."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt exec shop -- ls -l                     in the first instance that runs",
            "  holt exec shop/1 --env DEBUG=1 -- ./check.sh",
            "  holt exec shop -i -- sh -c 'cat > data' < data",
            "  holt exec shop -it -- python3"
        })
final class ExecCommand extends Subcommand {
    @Parameters(
            index = "0",
            paramLabel = "NAME[/INDEX]",
            description = "The app, and which of its instances; the first one that runs where that is not given.")
    String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "The command, after '--'.")
    List<String> command = new ArrayList<>();

    @Option(
            names = {"-e", "--env"},
            paramLabel = "KEY=VALUE",
            description = "A variable besides the instance's own; can be given again.")
    List<String> environment = new ArrayList<>();

    @Option(
            names = {"-d", "--dir"},
            paramLabel = "DIR",
            description = "Where the command begins; the app's folder where this is not given.")
    @Nullable
    String directory;

    @Option(
            names = {"-i", "--stdin"},
            description = "Pass standard input on.")
    boolean input;

    @Option(
            names = {"-t", "--tty"},
            description = "Give the command a terminal: this one.")
    boolean tty;

    ExecCommand(HoltCommand holt) {
        super(holt);
    }

    private Map<String, String> variables() {
        try {
            return Assignments.parse(environment);
        } catch (IllegalArgumentException wrong) {
            throw usage(String.valueOf(wrong.getMessage()));
        }
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        InstanceName instance = InstanceName.parse(name);
        CliContext context = holt.context();
        if (tty && !(context.terminal().input() && context.terminal().output())) {
            throw usage("There is no terminal here to give to the command: leave -t out.");
        }
        AccessApi.Window window = tty ? AttachedSession.window(context) : null;
        Map<String, String> variables = variables();
        AccessApi.Exec body = new AccessApi.Exec(command, instance.index(), variables, directory, input, window);
        try (RemoteSession session = api.session(instance.path("exec"), body)) {
            return new AttachedSession(context, session).run(input, window);
        }
    }
}
