package holt.cli;

import holt.model.Api;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holt rebalance}: instances move to better hosts, few at a time. */
@Command(
        header = "Move instances to better hosts, without a failed request.",
        description = {
            "What breaks a rule of its placement moves first, then what is spread badly, then what is on a host that is"
                    + " much fuller than others.",
            "A few move at a time, at most one of an app; others follow by themselves until nothing is left to gain."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  holt rebalance --dry-run     what would move first", "  holt rebalance"})
final class RebalanceCommand extends Subcommand {
    @Option(names = "--dry-run", description = "Only say what would move first.")
    boolean dryRun;

    RebalanceCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        Api.Moves answer = api.call("POST", "/rebalance", new Api.Rebalance(dryRun), Api.Moves.class);
        if (output.isJson()) {
            output.json(LeanJson.bytes(answer));
            return ExitCode.OK;
        }
        if (answer.moves().isEmpty()) {
            output.say("Nothing to gain: all instances are well placed.");
            return ExitCode.OK;
        }
        output.say(dryRun ? "These would move first:" : "These move first; 'holt events' shows how it goes on:");
        for (Api.MoveView move : answer.moves()) {
            output.say("  " + move.app() + "/" + move.index() + " (pid " + move.pid() + ") from " + move.from() + " to "
                    + move.to() + ": " + Text.printable(move.reason()));
        }
        return ExitCode.OK;
    }
}
