package holt.controller;

import holt.kernel.AppStatus;
import holt.kernel.ClusterView;
import holt.kernel.Effect;
import holt.model.Api;
import holt.model.AppCommand;
import holt.model.AppName;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.RouteName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Apps: seeing them, and having commands about them decided on. */
final class AppHandlers {
    private static final Pattern SCALE = Pattern.compile("[+-]?\\d{1,6}");
    private static final int CONFLICT_RETRIES = 20;

    private final ControlLoop loop;
    private final Views views;
    private final Releases releases;
    private final String domain;

    AppHandlers(ControlLoop loop, Views views, Releases releases, String domain) {
        this.loop = loop;
        this.views = views;
        this.releases = releases;
        this.domain = domain;
    }

    static AppStatus known(ClusterView view, String app) {
        return view.app(app).orElseThrow(() -> unknown(app));
    }

    static ProblemException unknown(String app) {
        return Problem.of(ErrorCode.APP_NOT_FOUND, "There is no app '" + app + "'.")
                .remedy("'holt apps' lists those there are.")
                .exception();
    }

    private Api.AppView shown(String app) {
        return views.app(known(loop.view(), app));
    }

    void list(Call call) {
        call.json(views.apps(loop.view()));
    }

    void find(Call call) {
        call.json(shown(call.app()));
    }

    void put(Call call) throws IOException {
        String app = AppName.check(call.path("app"));
        Api.PutApp body = call.body(Api.PutApp.class);
        List<String> routes = body.routes() == null ? null : routes(body.routes());
        Effect.Reply reply = loop.command(new AppCommand.PutApp(
                app,
                true,
                body.instances(),
                routes,
                body.start(),
                releases.content(app, body, loop.view().app(app)),
                call.actor()));
        call.json(
                reply.created() ? 201 : 200,
                new Api.PutAppResponse(reply.created(), reply.version(), reply.afterEvent(), shown(app)));
    }

    private List<String> routes(List<@Nullable String> given) {
        List<String> checked = new ArrayList<>();
        for (String route : given) {
            checked.add(RouteName.check(Objects.requireNonNullElse(route, ""), domain));
        }
        return checked;
    }

    void patch(Call call) throws IOException {
        String app = call.app();
        Api.PatchApp body = call.body(Api.PatchApp.class);
        Releases.resized(Optional.empty(), body.memory(), body.limits()); // refused before anything is done
        if (body.command() != null && body.command().isBlank()) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "The start command is empty.")
                    .exception();
        }
        known(loop.view(), app);
        if (body.instances() != null) {
            loop.command(new AppCommand.ScaleApp(app, body.instances(), false, call.actor()));
        }
        if (body.memory() != null || body.limits() != null || body.command() != null) {
            changeRelease(
                    app,
                    status -> new AppCommand.ChangeRelease(
                            app,
                            status.app().targetVersion(),
                            AppCommand.Settings.of(
                                    Releases.resized(Optional.of(status), body.memory(), body.limits()),
                                    body.command()),
                            call.actor()));
        }
        call.json(shown(app));
    }

    /** Bases a change on what is there now, again and again while others change it meanwhile. */
    private void changeRelease(String app, Function<AppStatus, AppCommand> change) {
        for (int attempt = 1; ; attempt++) {
            AppStatus status = known(loop.view(), app);
            if (Releases.base(status).isEmpty()) {
                throw Releases.nothingToRun(app).exception();
            }
            try {
                loop.command(change.apply(status));
                return;
            } catch (ProblemException fault) {
                if (fault.problem().code() != ErrorCode.CONFLICT || attempt == CONFLICT_RETRIES) {
                    throw fault;
                }
            }
        }
    }

    void delete(Call call) {
        loop.command(new AppCommand.DeleteApp(call.app(), call.actor()));
        call.nothing();
    }

    void start(Call call) {
        command(call, new AppCommand.StartApp(call.app(), call.actor()));
    }

    void stop(Call call) {
        command(call, new AppCommand.StopApp(call.app(), call.actor()));
    }

    void restart(Call call) {
        command(call, new AppCommand.RestartApp(call.app(), call.actor()));
    }

    private void command(Call call, AppCommand command) {
        loop.command(command);
        call.json(shown(command.app()));
    }

    void scale(Call call) throws IOException {
        String wanted =
                required(call.body(Api.Scale.class).instances(), "instances").strip();
        if (!SCALE.matcher(wanted).matches()) {
            throw Problem.of(ErrorCode.INSTANCES_INVALID, "'" + Call.printable(wanted) + "' is no number of instances.")
                    .expected("a number such as 3, or a change such as +1 or -1", Call.printable(wanted))
                    .exception();
        }
        boolean relative = !Character.isDigit(wanted.charAt(0));
        command(call, new AppCommand.ScaleApp(call.app(), Integer.parseInt(wanted), relative, call.actor()));
    }

    void mapRoute(Call call) throws IOException {
        String route = RouteName.check(required(call.body(Api.RouteBody.class).route(), "route"), domain);
        command(call, new AppCommand.MapRoute(call.app(), route, call.actor()));
    }

    void unmapRoute(Call call) {
        String route = RouteName.check(call.path("route"), domain);
        command(call, new AppCommand.UnmapRoute(call.app(), route, call.actor()));
    }

    void environment(Call call) {
        call.json(new Api.Environment(releases.opened(known(loop.view(), call.app()))));
    }

    void patchEnvironment(Call call) throws IOException {
        String app = call.app();
        Api.PatchEnvironment body = call.body(Api.PatchEnvironment.class);
        Map<String, @Nullable String> set = body.set() == null ? Map.of() : new java.util.TreeMap<>(body.set());
        List<String> unset = body.unset() == null
                ? List.of()
                : body.unset().stream().filter(Objects::nonNull).toList();
        Environments.check(set);
        changeRelease(
                app,
                status -> new AppCommand.ChangeRelease(
                        app,
                        status.app().targetVersion(),
                        AppCommand.Settings.ofEnvironment(
                                releases.sealed(Environments.merge(releases.opened(status), set, unset))),
                        call.actor()));
        environment(call);
    }

    static String required(@Nullable String value, String name) {
        if (value == null) {
            throw Problem.of(ErrorCode.BODY_INVALID, "The body has no '" + name + "'.")
                    .expected("the field " + name, "nothing")
                    .exception();
        }
        return value;
    }
}
