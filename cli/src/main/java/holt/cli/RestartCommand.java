package holt.cli;

import holt.model.Api;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt restart NAME}: fresh instances of the same. */
@Command(
        header = "Replace all instances of an app, one by one.",
        footerHeading = "%nExample:%n",
        footer = "  holt restart shop")
final class RestartCommand extends ChangeCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    RestartCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    String app() {
        return name;
    }

    @Override
    void change(ApiClient api) throws IOException {
        api.call("POST", ApiPath.app(name) + "/restart", null);
    }

    @Override
    String told(Api.AppView after) {
        return after.name() + " is restarting as release " + after.version() + ", instance by instance. 'holt events "
                + after.name() + " -f' shows it.";
    }
}
