package holt.cli;

import holt.model.Api;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt stop NAME}: wants an app not to run. */
@Command(
        header = "Stop all instances of an app; its routes stay.",
        footerHeading = "%nExample:%n",
        footer = "  holt stop shop")
final class StopCommand extends ChangeCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    StopCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    String app() {
        return name;
    }

    @Override
    void change(ApiClient api) throws IOException {
        api.call("POST", ApiPath.app(name) + "/stop", null);
    }

    @Override
    String told(Api.AppView after) {
        return after.name() + " is stopped. 'holt start " + after.name() + "' brings it back.";
    }
}
