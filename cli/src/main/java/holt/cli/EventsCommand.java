package holt.cli;

import holt.model.Api;
import holt.model.Event;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holt events NAME}: what happened to an app. */
@Command(
        header = "Show what happened to an app.",
        description = "With --json and --follow each line of output is one event as JSON.",
        footerHeading = "%nExamples:%n",
        footer = {"  holt events shop", "  holt events shop -f"})
final class EventsCommand extends FollowCommand<Event> {
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
            goOn(api, output, new LiveEvents(path + "/stream", last, event -> {
                show(event, output);
                return true;
            }));
        }
        return ExitCode.OK;
    }

    @Override
    String line(Event event, Output output) {
        String kind = event.kind() + " ".repeat(Math.max(0, 16 - event.kind().length()));
        Style style = Style.ofState(event.kind().substring(event.kind().indexOf('.') + 1));
        return stamp(event.at(), output) + "  " + output.style(style, kind) + "  " + Text.printable(event.message());
    }
}
