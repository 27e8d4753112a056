package holt.cli;

import holt.model.Api;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt start NAME}: wants an app to run. */
@Command(header = "Start an app that was stopped.", footerHeading = "%nExample:%n", footer = "  holt start shop")
final class StartCommand extends ChangeCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    StartCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    String app() {
        return name;
    }

    @Override
    void change(ApiClient api) throws IOException {
        api.call("POST", ApiPath.app(name) + "/start", null);
    }

    @Override
    String told(Api.AppView after) {
        return after.instances() == 0
                ? after.name() + " is started, but is to have no instances: 'holt scale " + after.name() + " 1'."
                : after.name() + " is starting with " + Text.count(after.instances(), "instance") + "; "
                        + after.running() + " running now.";
    }
}
