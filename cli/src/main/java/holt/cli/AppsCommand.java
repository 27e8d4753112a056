package holt.cli;

import holt.model.Api;
import holt.model.MemorySize;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holt apps}: all apps at a glance. */
@Command(
        header = "List all apps.",
        footerHeading = "%nExamples:%n",
        footer = {"  holt apps", "  holt apps --json | jq '.apps[].name'"})
final class AppsCommand extends Subcommand {
    @Option(
            names = {"-q", "--quiet"},
            description = "Print names only.")
    boolean quiet;

    AppsCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        byte[] answer = api.get("/apps");
        if (output.isJson()) {
            output.json(answer);
            return ExitCode.OK;
        }
        List<Api.AppView> apps = LeanJson.read(answer, Api.Apps.class).apps();
        if (quiet) {
            apps.forEach(app -> output.say(app.name()));
        } else if (apps.isEmpty()) {
            output.say("No apps yet. Go to the folder of one and run 'holt push'.");
        } else {
            output.table(table(apps, holt.context().clock().instant()));
        }
        return ExitCode.OK;
    }

    private static Table table(List<Api.AppView> apps, Instant now) {
        Table table = new Table("NAME", "HEALTH", ">INSTANCES", ">MEMORY", "URL", "->UPDATED");
        for (Api.AppView app : apps) {
            table.row(
                    app.name(),
                    Table.Cell.state(app.health()),
                    app.running() + "/" + app.instances(),
                    MemorySize.format(app.memoryBytes()),
                    url(app.urls()),
                    Times.ago(app.updatedAt(), now));
        }
        return table;
    }

    /** The first URL and how many more there are, which {@code holt app NAME} shows. */
    private static String url(List<String> urls) {
        return urls.size() < 2 ? String.join("", urls) : urls.getFirst() + " +" + (urls.size() - 1);
    }
}
