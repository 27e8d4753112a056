package holt.cli;

import holt.model.AccessApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt ssh NAME}: a shell inside an instance. */
@Command(
        header = "Open a shell inside an instance.",
        description = "For people at a terminal; programs use 'holt exec'. The exit code is the shell's own.",
        footerHeading = "%nExamples:%n",
        footer = {"  holt ssh shop", "  holt ssh shop/1 -- top"})
final class SshCommand extends Subcommand {
    @Parameters(
            index = "0",
            paramLabel = "NAME[/INDEX]",
            description = "The app, and which of its instances; the first one that runs where that is not given.")
    String name = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "COMMAND", description = "A command instead of a shell.")
    List<String> command = new ArrayList<>();

    SshCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        InstanceName instance = InstanceName.parse(name);
        CliContext context = holt.context();
        if (!(context.terminal().input() && context.terminal().output())) {
            throw usage("A shell needs a terminal, and there is none here. Expected: 'holt exec " + instance
                    + " -- COMMAND', which needs none.");
        }
        AccessApi.Window window = AttachedSession.window(context);
        AccessApi.Shell body = new AccessApi.Shell(command.isEmpty() ? null : command, instance.index(), window);
        try (RemoteSession session = api.session(instance.path("shell"), body)) {
            return new AttachedSession(context, session).run(true, window);
        }
    }
}
