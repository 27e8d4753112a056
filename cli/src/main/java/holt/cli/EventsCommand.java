package holt.cli;

import holt.model.Api;
import holt.model.Event;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt events NAME}: what happened to an app. */
@Command(
        header = "Show what happened to an app.",
        description = "With --json and --follow each line of output is one event as JSON.",
        footerHeading = "%nExamples:%n",
        footer = {"  holt events shop", "  holt events shop -f"})
final class EventsCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until Ctrl-C.")
    boolean follow;

    @Option(names = "--after", paramLabel = "ID", description = "Only events after the one with this number.")
    @Nullable
    Long after;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "COUNT",
            description = "At most this many.")
    @Nullable
    Integer limit;

    EventsCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        String path = ApiPath.app(name) + "/events";
        byte[] answer = api.get(ApiPath.query(path, "after", after, "limit", limit));
        if (output.isJson() && !follow) {
            output.json(answer);
            return ExitCode.OK;
        }
        List<Event> events = LeanJson.read(answer, Api.Events.class).events();
        events.forEach(event -> show(event, output));
        if (follow) {
            long last = events.isEmpty()
                    ? (after == null ? 0 : after)
                    : events.getLast().id();
            new Following(api, output).follow(new LiveEvents(path + "/stream", last, event -> {
                show(event, output);
                return true;
            }));
        }
        return ExitCode.OK;
    }

    private void show(Event event, Output output) {
        if (output.isJson()) {
            output.json(event);
            return;
        }
        CliContext context = holt.context();
        String time = Times.stamp(
                event.at(), context.clock().instant(), context.zone().get());
        String kind = event.kind() + " ".repeat(Math.max(0, 16 - event.kind().length()));
        Style style = Style.ofState(event.kind().substring(event.kind().indexOf('.') + 1));
        output.say(output.style(Style.DIM, time) + "  " + output.style(style, kind) + "  "
                + Text.printable(event.message()));
    }
}
