package holt.cli;

import holt.model.Api;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt delete NAME}: ends an app for good. */
@Command(
        header = "Delete an app, its instances and its routes.",
        description = "Asks first where a person sits at a terminal. With --json it shows what the app was.",
        footerHeading = "%nExamples:%n",
        footer = {"  holt delete shop", "  holt delete shop --yes"})
final class DeleteCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    boolean yes;

    DeleteCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        byte[] before = api.get(ApiPath.app(name));
        Api.AppView app = LeanJson.read(before, Api.AppView.class);
        if (!yes && asks() && !agreed(app)) {
            throw new CommandFailure(ExitCode.FAILED, "Nothing was deleted.");
        }
        api.call("DELETE", ApiPath.app(name), null);
        if (output.isJson()) {
            output.json(before);
        } else {
            output.say(name + " is deleted" + belongings(app) + ".");
        }
        return ExitCode.OK;
    }

    private boolean asks() {
        return holt.context().terminal().input() && holt.context().terminal().errors();
    }

    private boolean agreed(Api.AppView app) throws IOException {
        holt.context().err().print("Delete " + name + belongings(app) + "? [y/N] ");
        holt.context().err().flush();
        String answer =
                new BufferedReader(new InputStreamReader(holt.context().in(), StandardCharsets.UTF_8)).readLine();
        return answer != null
                && answer.strip().toLowerCase(java.util.Locale.ROOT).matches("y|yes");
    }

    private static String belongings(Api.AppView app) {
        String instances = app.running() == 0 ? "" : " with " + Text.count(app.running(), "running instance");
        if (app.routes().isEmpty()) {
            return instances;
        }
        return instances + (instances.isEmpty() ? " with " : " and ") + "its route"
                + (app.routes().size() == 1 ? " " : "s ") + String.join(", ", app.routes());
    }
}
