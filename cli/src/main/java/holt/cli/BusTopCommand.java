package holt.cli;

import holt.model.ErrorCode;
import holt.model.Nearest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holt bus top}. */
@Command(
        header = "Watch who says how much on the bus.",
        description = {
            "By connection: what each client gets and sends a second, from the bus's own figures. By subject: what is "
                    + "said on each, from a subscription to everything, which costs the bus a copy of every message; "
                    + "while it lasts, a request that nobody answers waits for its time instead of failing at once. "
                    + "Who sends on a subject is not known. Inboxes count as one subject, and beyond 1000 "
                    + "subjects the rest is summed as 'others'.",
            "On a screen it is drawn again and again, until 'q' or Ctrl-C. With --json each line is one look as JSON."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt bus top",
            "  holt bus top --by subject --sort bytes",
            "  holt bus top --once --json | jq '.connections[0]'"
        })
final class BusTopCommand extends Subcommand {
    private static final List<String> VIEWS = List.of("connection", "subject");
    private static final int PAGE = 1024;
    private static final int MAX_PAGES = 10;
    private static final int USUAL_ROWS = 24;
    private static final int FEWEST_ROWS = 3;
    private static final int MIN_INTERVAL = 100;
    private static final int MAX_INTERVAL = 60 * 60_000;

    /** Around the table: header, an empty line, headings, others, the rest and what was lost, the cursor's line. */
    private static final int OTHER_ROWS = 9;

    @Option(
            names = {"-s", "--sort"},
            paramLabel = "WHAT",
            description = "msgs, bytes, subs, name or idle (longest first); msgs where this is not given.")
    String sort = "msgs";

    @Option(
            names = {"-b", "--by"},
            paramLabel = "WHAT",
            description = "connection or subject; connection where this is not given.")
    String by = "connection";

    @Option(names = "--once", description = "One look, taken over one interval.")
    boolean once;

    @Option(
            names = {"-d", "--interval"},
            paramLabel = "TIME",
            description = "Between two looks, such as 500ms or 5s; 1s where this is not given.")
    String interval = "1s";

    @Option(
            names = {"-n", "--count"},
            paramLabel = "COUNT",
            description = "End after so many looks.")
    @Nullable
    Integer count;

    @Option(
            names = {"-l", "--limit"},
            paramLabel = "COUNT",
            description = "At most so many rows; what the screen holds where this is not given.")
    @Nullable
    Integer limit;

    BusTopCommand(HoltCommand holt) {
        super(holt);
    }

    /** What is shown at each look, and when it ends. */
    private record Frame(BusOrder order, long millis, long looks, int rows, LiveScreen screen, Keys keys) {}

    @Override
    int run(ApiClient api, Output output) throws Exception {
        String view = word("--by", by, VIEWS);
        BusOrder order = BusOrder.of(word("--sort", sort, BusOrder.words()));
        if (view.equals("subject") && order == BusOrder.SUBS) {
            throw usage("Subjects cannot be sorted by subs. Expected: msgs, bytes, name or idle.");
        }
        if ((count != null && count < 1) || (limit != null && limit < 1)) {
            throw usage("'--count' and '--limit' cannot be less than 1.");
        }
        long millis = Spans.millis(this, "--interval", interval, MIN_INTERVAL, MAX_INTERVAL);
        long looks = once ? 1 : count == null ? Long.MAX_VALUE : count;
        boolean keyboard = isLive(output) && holt.context().terminal().input();
        try (Keys keys = keyboard ? Keys.of(holt.context().in()) : Keys.none()) {
            Frame frame = new Frame(order, millis, looks, rows(output), new LiveScreen(output), keys);
            if (isLive(output)) {
                frame.screen.draw(List.of("Counting for " + Spans.shown(millis) + " ..."));
            }
            if (view.equals("subject")) {
                subjects(api, output, frame);
            } else {
                connections(api, output, frame);
            }
        }
        return ExitCode.OK;
    }

    private String word(String option, String word, List<String> known) {
        if (!known.contains(word)) {
            String near = Nearest.to(word, known)
                    .map(each -> " Did you mean '" + each + "'?")
                    .orElse("");
            throw usage("'" + Text.printable(word, 40) + "' cannot be the value of '" + option + "'. Expected: "
                    + String.join(", ", known) + "." + near);
        }
        return word;
    }

    private static boolean isLive(Output output) {
        return !output.isJson() && output.isLive();
    }

    private int rows(Output output) {
        if (limit != null) {
            return limit;
        }
        if (!isLive(output)) {
            return Integer.MAX_VALUE;
        }
        String named = holt.context().environment().getOrDefault("LINES", "");
        int found = named.matches("\\d{1,4}") ? Integer.parseInt(named) : WindowSize.rows();
        return Math.max(FEWEST_ROWS, (found <= 0 ? USUAL_ROWS : found) - OTHER_ROWS);
    }

    private void connections(ApiClient api, Output output, Frame frame) throws Exception {
        BusRates.Look before = look(api);
        for (long shown = 0; shown < frame.looks && !frame.keys.quitWithin(frame.millis); shown++) {
            BusRates.Look now = look(api);
            BusRates rates = BusRates.between(before, now).sorted(frame.order);
            if (output.isJson()) {
                output.json(rates);
            } else {
                show(
                        output,
                        frame,
                        BusTopText.header(rates.server(), output.terminal().width()),
                        BusTopText.connections(rates, frame.rows, output.terminal()));
            }
            before = now;
        }
    }

    /** Both pages; of the second as many pieces as it takes, within reason. */
    private static BusRates.Look look(ApiClient api) throws IOException {
        BusServer server = server(api);
        List<BusConnection> all = new ArrayList<>();
        BusConnection.Page page = connections(api, 0);
        all.addAll(page.connections());
        for (int i = 1; i < MAX_PAGES && all.size() < page.total(); i++) {
            List<BusConnection> more = connections(api, i * PAGE).connections();
            if (more.isEmpty()) {
                break;
            }
            all.addAll(more);
        }
        return new BusRates.Look(server, new BusConnection.Page(all, page.total(), page.now()));
    }

    private static BusServer server(ApiClient api) throws IOException {
        return BusServer.read(api.get("/bus/monitor/varz"));
    }

    private static BusConnection.Page connections(ApiClient api, int offset) throws IOException {
        return BusConnection.read(api.get(ApiPath.query("/bus/monitor/connz", "limit", PAGE, "offset", offset)));
    }

    private void subjects(ApiClient api, Output output, Frame frame) throws Exception {
        BusSubjects subjects = new BusSubjects(System.nanoTime());
        BusEar ear = new BusEar(subjects);
        Thread listening = Thread.ofVirtual().start(() -> ear.listen(api, output));
        try {
            ear.awaitReady();
            BusServer before = serverIfItTells(api);
            subjects.look(System.nanoTime(), frame.order);
            for (long shown = 0; shown < frame.looks && !frame.keys.quitWithin(frame.millis); shown++) {
                ear.check();
                BusServer now = serverIfItTells(api);
                BusSubjects.Look look = subjects.look(System.nanoTime(), frame.order);
                show(output, frame, before == null || now == null ? null : BusRates.server(before, now), look);
                before = now;
            }
            ear.check();
        } finally {
            listening.interrupt();
        }
    }

    private static void show(Output output, Frame frame, BusRates.@Nullable Server server, BusSubjects.Look look) {
        if (output.isJson()) {
            output.json(new SubjectsView(server, look.subjects(), look.others(), look.lost()));
            return;
        }
        int width = output.terminal().width();
        show(
                output,
                frame,
                server == null ? List.of() : BusTopText.header(server, width),
                BusTopText.subjects(look, frame.rows, output.terminal()));
    }

    /** What {@code --by subject --json} prints at each look. */
    record SubjectsView(
            BusRates.@Nullable Server server,
            List<BusSubjects.Rate> subjects,
            BusSubjects.@Nullable Rate others,
            long lost) {}

    /** Subjects can be counted on a bus that keeps no figures of its own. */
    private static @Nullable BusServer serverIfItTells(ApiClient api) throws IOException {
        try {
            return server(api);
        } catch (RefusedException refused) {
            if (refused.problem().code() == ErrorCode.UNAVAILABLE) {
                return null;
            }
            throw refused;
        }
    }

    private static void show(Output output, Frame frame, List<String> header, List<String> table) {
        List<String> lines = new ArrayList<>(header);
        if (!header.isEmpty()) {
            lines.add("");
        }
        lines.addAll(table);
        if (isLive(output)) {
            frame.screen.draw(lines);
        } else {
            lines.forEach(output::say);
            output.say("");
        }
    }
}
