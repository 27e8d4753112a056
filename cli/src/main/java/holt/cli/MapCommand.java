package holt.cli;

import holt.model.Api;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt map NAME ROUTE}: leads a host name to an app. */
@Command(
        header = "Lead a host name to an app.",
        footerHeading = "%nExamples:%n",
        footer = {"  holt map shop shop.example.org", "  holt map shop www       the platform's domain is added"})
final class MapCommand extends ChangeCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    @Parameters(index = "1", paramLabel = "ROUTE", description = "Host name, without port and path.")
    String route = "";

    MapCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    String app() {
        return name;
    }

    @Override
    void change(ApiClient api) throws IOException {
        api.call("POST", ApiPath.app(name) + "/routes", new Api.RouteBody(route));
    }

    @Override
    String told(Api.AppView after) {
        return after.urls().isEmpty()
                ? after.name() + " has no route now."
                : after.name() + " is at " + String.join("  ", after.urls());
    }
}
