package holt.cli;

import holt.model.Api;
import holt.model.LogLine;
import holt.model.Readiness;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One push from the upload to the URL, told while it goes. One thread. */
final class Push {
    private static final Duration GRACE = Duration.ofSeconds(60);
    private static final int LAST_LINES = 20;
    private static final int LINES_OF_ALL = 1000;

    private final Wish wish;
    private final ApiClient api;
    private final Output output;
    private final CliContext context;
    private final long startNanos = System.nanoTime();

    /** What is wanted, checked; null keeps what the app has, or takes the usual for a new one. */
    record Wish(
            String name,
            Path source,
            @Nullable Integer instances,
            @Nullable String memory,
            @Nullable String command,
            @Nullable List<String> routes,
            @Nullable Map<String, String> environment,
            @Nullable Integer startLimit,
            boolean noStart,
            boolean keep,
            Api.@Nullable PlacementBody placement,
            Api.@Nullable LimitsBody limits,
            Api.@Nullable ChecksBody checks,
            @Nullable String stack) {

        /** Whether nothing but the code is wanted. */
        boolean isCodeOnly() {
            return instances == null
                    && memory == null
                    && routes == null
                    && environment == null
                    && startLimit == null
                    && placement == null
                    && limits == null
                    && checks == null
                    && stack == null
                    && !noStart;
        }
    }

    Push(Wish wish, ApiClient api, Output output, CliContext context) {
        this.wish = wish;
        this.api = api;
        this.output = output;
        this.context = context;
    }

    int run(PackageFiles files) throws IOException {
        Api.AppView before = begin(wish.source().toString());
        files.skipped().forEach(path -> output.warn(path + " is no file, folder or link and stays here."));
        new Uploader(api, output).upload(files);
        output.say("Staging");
        context.interruption().means("Staging may go on on the platform, but nothing will be released.");
        Api.Build build = new Staging(api, output).build(files.tree(), wish.command(), wish.name());
        boolean same = before != null && isSame(before, build);
        if (before != null && same && wish.isCodeOnly()) {
            return unchanged(before);
        }
        return release(same ? null : build.id(), before);
    }

    /** The same with an image instead of files. */
    int run(ImagePush image) throws IOException {
        Api.AppView before = begin(image.wish().reference());
        output.say("Fetching");
        context.interruption().means("Fetching may go on on the platform, but nothing will be released.");
        Api.Build build = image.build(wish.command(), wish.name());
        boolean same = before != null && isSame(before, build);
        if (before != null && same && wish.isCodeOnly()) {
            return unchanged(before);
        }
        return release(same ? null : build.id(), before);
    }

    private Api.@Nullable AppView begin(String source) throws IOException {
        context.interruption().means("Nothing was released. What was uploaded makes the next push faster.");
        Api.AppView before = existing();
        List<String> routes = before == null && wish.routes() == null ? List.of(wish.name()) : wish.routes();
        if (routes != null && !routes.isEmpty()) {
            TakenRoutes.refuse(routes, wish.name(), api);
        }
        output.say((before == null ? "Pushing new app " : "Pushing ") + output.style(Style.BOLD, wish.name()) + " from "
                + source);
        return before;
    }

    private Api.@Nullable AppView existing() throws IOException {
        try {
            return api.get(ApiPath.app(wish.name()), Api.AppView.class);
        } catch (RefusedException refused) {
            if (refused.status() == 404) {
                return null;
            }
            throw refused;
        }
    }

    /** The same droplet that serves already needs no new release. */
    private boolean isSame(Api.AppView before, Api.Build build) {
        return before.version() > 0
                && before.version() == before.liveVersion()
                && Objects.equals(before.droplet(), build.droplet())
                && (wish.command() == null || Objects.equals(before.command(), build.command()));
    }

    private int unchanged(Api.AppView app) throws IOException {
        context.interruption().means("Nothing was changed.");
        String place =
                app.state().equals("stopped") ? "; it is stopped: 'holt start " + app.name() + "' starts it" : at(app);
        output.say("Nothing changed: release " + app.liveVersion() + " of " + output.style(Style.BOLD, app.name())
                + " has these files" + place + elapsed());
        return result();
    }

    private int release(@Nullable String build, Api.@Nullable AppView before) throws IOException {
        Api.PutApp put = new Api.PutApp(
                build,
                wish.instances(),
                wish.memory(),
                wish.routes(),
                wish.environment(),
                wish.startLimit(),
                wish.noStart() ? Boolean.FALSE : null,
                wish.placement(),
                wish.limits(),
                wish.checks(),
                wish.stack());
        Api.PutAppResponse answer = api.call("PUT", ApiPath.app(wish.name()), put, Api.PutAppResponse.class);
        context.interruption()
                .means("Release " + answer.version() + " of " + wish.name()
                        + " goes on coming up on the platform; 'holt app " + wish.name() + "' shows how far it is.");
        Api.AppView app = answer.app();
        if (!app.state().equals("started") || app.instances() == 0) {
            return idle(app);
        }
        if (app.version() == app.liveVersion()) {
            output.say(output.style(Style.BOLD, app.name()) + " is changed, and serves release " + app.liveVersion()
                    + at(app) + elapsed());
            return result();
        }
        output.say("Starting release " + answer.version() + ", " + Text.count(app.instances(), "instance"));
        return end(watch(answer), answer, before);
    }

    private ReleaseWatch.Outcome watch(Api.PutAppResponse answer) throws IOException {
        int limit = wish.startLimit() == null ? Readiness.DEFAULT_LIMIT_SECONDS : wish.startLimit();
        Duration quiet = Duration.ofSeconds(limit).plus(GRACE);
        return new ReleaseWatch(
                        output,
                        ApiPath.app(wish.name()),
                        answer.version(),
                        answer.afterEvent(),
                        quiet,
                        System::nanoTime)
                .await(api);
    }

    private int end(ReleaseWatch.Outcome outcome, Api.PutAppResponse answer, Api.@Nullable AppView before)
            throws IOException {
        return switch (outcome) {
            case ReleaseWatch.Outcome.Live live -> {
                Api.AppView app = api.get(ApiPath.app(wish.name()), Api.AppView.class);
                output.say(output.style(Style.GREEN, wish.name() + " is live") + at(app) + elapsed());
                yield result();
            }
            case ReleaseWatch.Outcome.Failed failed -> failed(failed, answer, before);
            case ReleaseWatch.Outcome.Replaced replaced ->
                throw new CommandFailure(
                        ExitCode.FAILED,
                        "Release " + answer.version() + " of " + wish.name() + " was not waited for. "
                                + replaced.reason());
            case ReleaseWatch.Outcome.Silent silent ->
                throw new CommandFailure(
                        ExitCode.FAILED,
                        "Nothing has happened to release " + answer.version() + " of " + wish.name()
                                + " for too long. 'holt app " + wish.name() + "' shows what it waits for.");
        };
    }

    private int failed(ReleaseWatch.Outcome.Failed failed, Api.PutAppResponse answer, Api.@Nullable AppView before)
            throws IOException {
        tellLastLines(failed);
        String fate;
        if (answer.created() && !wish.keep()) {
            api.call("DELETE", ApiPath.app(wish.name()), null);
            fate = "The app was new and is removed again; --keep leaves it there to be looked at.";
        } else if (failed.reason().contains(" keeps serving")) {
            throw new CommandFailure(ExitCode.FAILED, failed.reason());
        } else if (before != null && before.liveVersion() > 0) {
            fate = wish.name() + " keeps serving release " + before.liveVersion() + ".";
        } else {
            fate = "The app stays; 'holt app " + wish.name() + "' shows its state.";
        }
        throw new CommandFailure(ExitCode.FAILED, failed.reason() + "\n" + fate);
    }

    private void tellLastLines(ReleaseWatch.Outcome.Failed failed) throws IOException {
        List<String> log = failed.lastLog() == null ? linesOf(failed.pid()) : failed.lastLog();
        if (!log.isEmpty()) {
            output.say("  Its last lines:");
            log.forEach(line -> output.say("    " + LogText.forScreen(line)));
        } else if (failed.lastLog() != null) {
            output.say("  It wrote nothing.");
        }
    }

    /** The last lines of one process only: beside it the instances of the release before write on. */
    private List<String> linesOf(long pid) throws IOException {
        if (pid < 0) {
            return List.of();
        }
        String path = ApiPath.query(ApiPath.app(wish.name()) + "/logs", "lines", LINES_OF_ALL);
        List<String> own = api.get(path, Api.Logs.class).lines().stream()
                .filter(line -> line.index() >= 0 && line.pid() == pid)
                .map(LogLine::text)
                .toList();
        return own.subList(Math.max(0, own.size() - LAST_LINES), own.size());
    }

    private int idle(Api.AppView app) throws IOException {
        String next = app.instances() == 0
                ? "'holt scale " + app.name() + " 1' gives it an instance"
                : "'holt start " + app.name() + "' starts it";
        output.say(output.style(Style.BOLD, app.name()) + " is pushed as release " + app.version()
                + " and does not run; " + next + elapsed());
        return result();
    }

    private int result() throws IOException {
        if (output.isJson()) {
            output.json(api.get(ApiPath.app(wish.name())));
        }
        return ExitCode.OK;
    }

    private String at(Api.AppView app) {
        return app.urls().isEmpty()
                ? ", without a route"
                : " at " + output.style(Style.CYAN, String.join(" ", app.urls()));
    }

    private String elapsed() {
        return output.style(Style.DIM, " (" + Times.seconds(Duration.ofNanos(System.nanoTime() - startNanos)) + ")");
    }
}
