package holt.cli;

import holt.model.Api;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt map NAME ROUTE} and {@code holt unmap NAME ROUTE}: whether a host name leads to an app. */
@Command(footerHeading = "%nExamples:%n")
final class RouteCommand extends ChangeCommand {
    private final boolean leads;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    @Parameters(index = "1", paramLabel = "ROUTE", description = "Host name, without port and path.")
    String route = "";

    private RouteCommand(HoltCommand holt, boolean leads) {
        super(holt);
        this.leads = leads;
    }

    static RouteCommand map(HoltCommand holt) {
        return new RouteCommand(holt, true);
    }

    static RouteCommand unmap(HoltCommand holt) {
        return new RouteCommand(holt, false);
    }

    @Override
    CommandLine register(String word, CommandLine parent) {
        CommandLine line = super.register(word, parent);
        line.getCommandSpec()
                .usageMessage()
                .header(leads ? "Lead a host name to an app." : "Lead a host name no longer to an app.")
                .footer(
                        "  holt " + word + " shop shop.example.org",
                        "  holt " + word + " shop www       the platform's domain is added");
        return line;
    }

    @Override
    String app() {
        return name;
    }

    @Override
    void change(ApiClient api) throws IOException {
        String routes = ApiPath.app(name) + "/routes";
        if (leads) {
            api.call("POST", routes, new Api.RouteBody(route));
        } else {
            api.call("DELETE", routes + "/" + ApiPath.encode(route), null);
        }
    }

    @Override
    String told(Api.AppView after) {
        return after.urls().isEmpty()
                ? after.name() + " has no route now."
                : after.name() + " is at " + String.join("  ", after.urls());
    }
}
