package holt.cli;

import holt.model.Api;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt unmap NAME ROUTE}: ends that a host name leads to an app. */
@Command(
        header = "Lead a host name no longer to an app.",
        footerHeading = "%nExamples:%n",
        footer = {"  holt unmap shop shop.example.org", "  holt unmap shop www       the platform's domain is added"})
final class UnmapCommand extends ChangeCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    @Parameters(index = "1", paramLabel = "ROUTE", description = "Host name, without port and path.")
    String route = "";

    UnmapCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    String app() {
        return name;
    }

    @Override
    void change(ApiClient api) throws IOException {
        api.call("DELETE", ApiPath.app(name) + "/routes/" + ApiPath.encode(route), null);
    }

    @Override
    String told(Api.AppView after) {
        return after.urls().isEmpty()
                ? after.name() + " has no route now."
                : after.name() + " is at " + String.join("  ", after.urls());
    }
}
