package holt.cli;

import holt.model.Api;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt why PID}: why a process is where it is, or what would have to change. */
@Command(
        header = "Say why a process runs where it does, or why it does not run.",
        description = "What would have to change is said too. 'holt ps' shows the pids.",
        footerHeading = "%nExample:%n",
        footer = "  holt why 7")
final class WhyCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "PID", description = "Pid of the process.")
    String pid = "";

    WhyCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        if (!pid.matches("\\d{1,18}")) {
            throw usage("'" + Text.printable(pid, 40) + "' is no pid. Expected: a number, as 'holt ps' shows it.");
        }
        byte[] answer = api.get("/processes/" + pid + "/why");
        if (output.isJson()) {
            output.json(answer);
            return ExitCode.OK;
        }
        Api.Why why = LeanJson.read(answer, Api.Why.class);
        output.say(Text.printable(why.summary()));
        why.reasons().forEach(reason -> output.say("  " + Text.printable(reason)));
        if (!why.remedies().isEmpty()) {
            output.say("What would change it:");
            why.remedies().forEach(remedy -> output.say("  " + Text.printable(remedy)));
        }
        return ExitCode.OK;
    }
}
