package holt.cli;

import holt.model.Api;
import holt.model.LogLine;
import holt.model.ProblemException;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holt logs NAME}: what an app's instances wrote, and what the platform did to them. */
@Command(
        header = "Show what an app writes.",
        description = "With --json and --follow each line of output is one log line as JSON.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt logs shop                      the last 100 lines",
            "  holt logs shop -f                   and all that come",
            "  holt logs shop --since 10m --instance 0",
            "  holt logs shop --since 14:30 -n 1000"
        })
final class LogsCommand extends FollowCommand<LogLine> {
    private static final int USUAL_LINES = 100;

    @Option(
            names = {"-i", "--instance"},
            paramLabel = "INDEX",
            description = "Only this instance.")
    @Nullable
    Integer instance;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only lines after this: 30s, 10m, 2h, 1d ago, or a time such as 14:30 or 2026-11-21T14:30.")
    @Nullable
    String since;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "COUNT",
            description = "At most this many of the last lines; ${USUAL} where neither this nor --since is given.")
    @Nullable
    Integer lines;

    LogsCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        if (lines != null && lines < 0) {
            throw usage("The number of lines cannot be negative: " + lines + ".");
        }
        Instant from = since == null ? null : from(since);
        Integer count = lines == null && since == null ? Integer.valueOf(USUAL_LINES) : lines;
        String path = ApiPath.app(name) + "/logs";
        if (follow) {
            checkInstance(api);
            goOn(api, output, new LiveLines(path + "/stream", count, from, output));
            return ExitCode.OK;
        }
        byte[] answer = api.get(ApiPath.query(path, "lines", count, "since", from, "instance", instance));
        List<LogLine> found = LeanJson.read(answer, Api.Logs.class).lines();
        if (found.isEmpty()) {
            checkInstance(api);
        }
        if (output.isJson()) {
            output.json(answer);
        } else {
            found.forEach(line -> show(line, output));
        }
        return ExitCode.OK;
    }

    private Instant from(String since) {
        CliContext context = holt.context();
        try {
            return Times.since(since, context.clock().instant(), context.zone().get());
        } catch (ProblemException mistake) {
            throw usage(mistake.problem().text());
        }
    }

    /** An instance that is gone may have left lines; without lines only those that are wanted can be meant. */
    private void checkInstance(ApiClient api) throws IOException {
        if (instance == null) {
            return;
        }
        int wanted = api.get(ApiPath.app(name), Api.AppView.class).instances();
        if (instance < 0 || instance >= wanted) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    name + " has no instance " + instance + "; it has "
                            + (wanted == 0 ? "none." : "0 to " + (wanted - 1) + "."));
        }
    }

    @Override
    String line(LogLine line, Output output) {
        boolean platform = line.index() < 0 && line.pid() == 0;
        Style source = platform ? Style.YELLOW : line.stream().equals("err") ? Style.RED : Style.CYAN;
        String from = platform
                ? "[holt]"
                : "[" + (line.index() < 0 ? "pid " + line.pid() : line.index())
                        + (line.stream().equals("err") ? " err]" : "]");
        String text = output.isLive() ? LogText.forScreen(line.text()) : line.text();
        return stamp(line.at(), output) + " " + output.style(source, from) + " " + text;
    }

    /** Shows lines as they come, and after a lost connection those that came meanwhile, none of them twice. */
    private final class LiveLines implements Following.Reader {
        private final String path;
        private final Output output;
        private @Nullable Integer count;
        private @Nullable Instant from;
        private final Set<LogLine> latest = new HashSet<>();

        LiveLines(String path, @Nullable Integer count, @Nullable Instant from, Output output) {
            this.path = path;
            this.count = count;
            this.from = from;
            this.output = output;
        }

        @Override
        public String path() {
            return ApiPath.query(path, "lines", count, "since", from, "instance", instance);
        }

        @Override
        public boolean take(SseStream.Message message) {
            if (message.event().equals("lost")) {
                output.warn("The app writes faster than lines can be shown: some are left out.");
                return true;
            }
            LogLine line = LeanJson.read(message.data(), LogLine.class);
            if (from == null || line.at().isAfter(from)) {
                from = line.at();
                latest.clear();
            }
            if (!latest.add(line)) {
                return true;
            }
            count = null;
            show(line, output);
            return true;
        }
    }
}
