package holt.cli;

import holt.model.Api;
import holt.model.MemorySize;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt app NAME}: one app with its instances. */
@Command(
        header = "Show one app and its instances.",
        footerHeading = "%nExamples:%n",
        footer = {"  holt app shop", "  holt app shop --json | jq .health"})
final class AppCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    AppCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        byte[] answer = api.get(ApiPath.app(name));
        if (output.isJson()) {
            output.json(answer);
            return ExitCode.OK;
        }
        Api.AppView app = LeanJson.read(answer, Api.AppView.class);
        Instant now = holt.context().clock().instant();
        describe(app, now, output);
        if (!app.processes().isEmpty()) {
            output.say("");
            output.table(instances(app.processes(), now));
        }
        return ExitCode.OK;
    }

    private static void describe(Api.AppView app, Instant now, Output output) {
        output.say(
                output.style(Style.BOLD, app.name()) + "  " + output.style(Style.ofState(app.health()), app.health()));
        field(output, "instances", app.running() + " of " + app.instances() + " running");
        field(output, "memory", MemorySize.format(app.memoryBytes()) + " each");
        field(output, app.urls().size() > 1 ? "urls" : "url", String.join("  ", app.urls()));
        field(output, "release", release(app));
        field(output, "buildpack", app.buildpack());
        field(output, "stack", app.stack());
        field(output, "command", app.command());
        field(output, "failure", app.failure());
        field(output, "created", Times.ago(app.createdAt(), now));
        field(output, "updated", Times.ago(app.updatedAt(), now));
    }

    private static String release(Api.AppView app) {
        if (app.version() == 0) {
            return "none yet";
        }
        if (app.liveVersion() == app.version()) {
            return app.version() + ", live";
        }
        return app.version() + (app.liveVersion() == 0 ? "" : ", while " + app.liveVersion() + " is live");
    }

    private static void field(Output output, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            output.say("  " + output.style(Style.DIM, name + " ".repeat(11 - name.length())) + Text.printable(value));
        }
    }

    private static Table instances(List<Api.ProcessView> processes, Instant now) {
        boolean notes = processes.stream().anyMatch(process -> process.note() != null);
        Table table = notes
                ? new Table(
                        "INSTANCE",
                        "STATE",
                        ">PID",
                        ">MEM",
                        ">CPU",
                        "->UPTIME",
                        ">RESTARTS",
                        "-HOST",
                        "ADDRESS",
                        "~NOTE")
                : new Table("INSTANCE", "STATE", ">PID", ">MEM", ">CPU", "->UPTIME", ">RESTARTS", "-HOST", "ADDRESS");
        for (Api.ProcessView process : processes) {
            ProcessText text = new ProcessText(process, now);
            Object[] cells = {
                process.index(),
                Table.Cell.state(process.state()),
                process.pid(),
                text.memory(),
                text.cpu(),
                text.uptime(),
                process.restarts(),
                text.host(),
                text.address(),
                text.note()
            };
            table.row(notes ? cells : java.util.Arrays.copyOf(cells, cells.length - 1));
        }
        return table;
    }
}
