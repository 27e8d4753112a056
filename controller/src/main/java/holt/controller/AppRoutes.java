package holt.controller;

import static holt.controller.ApiRoute.EVENTS;
import static holt.controller.ApiRoute.Method.DELETE;
import static holt.controller.ApiRoute.Method.GET;
import static holt.controller.ApiRoute.Method.PATCH;
import static holt.controller.ApiRoute.Method.POST;
import static holt.controller.ApiRoute.Method.PUT;
import static holt.model.ErrorCode.APP_HAS_NO_RELEASE;
import static holt.model.ErrorCode.APP_NAME_INVALID;
import static holt.model.ErrorCode.APP_NAME_RESERVED;
import static holt.model.ErrorCode.APP_NOT_FOUND;
import static holt.model.ErrorCode.BUILD_NOT_FINISHED;
import static holt.model.ErrorCode.BUILD_NOT_FOUND;
import static holt.model.ErrorCode.CONFLICT;
import static holt.model.ErrorCode.ENVIRONMENT_INVALID;
import static holt.model.ErrorCode.FILE_NOT_FOUND;
import static holt.model.ErrorCode.INSTANCES_INVALID;
import static holt.model.ErrorCode.INSTANCE_NOT_FOUND;
import static holt.model.ErrorCode.MEMORY_INVALID;
import static holt.model.ErrorCode.ROUTE_INVALID;
import static holt.model.ErrorCode.ROUTE_NOT_FOUND;
import static holt.model.ErrorCode.ROUTE_TAKEN;
import static holt.model.ErrorCode.STACK_NOT_FOUND;
import static holt.model.ErrorCode.STORAGE_FULL;
import static holt.model.ErrorCode.UNAVAILABLE;

import holt.identity.Action;
import holt.model.Api;
import holt.model.Event;
import holt.model.LogLine;
import java.util.List;
import java.util.stream.Stream;

/** What the API can be asked about apps, and what happened and happens. */
final class AppRoutes {
    private static final String AFTER = "Id of an event; only newer ones are wanted.";

    private AppRoutes() {}

    static List<ApiRoute> of(ApiRoutes.Handlers handlers) {
        return Stream.of(
                        apps(handlers.apps()),
                        appCommands(handlers.apps()),
                        environment(handlers.apps()),
                        checks(handlers.apps().checks()),
                        events(handlers.events()),
                        logsAndFiles(handlers.logs(), handlers.files()))
                .flatMap(List::stream)
                .toList();
    }

    private static List<ApiRoute> apps(AppHandlers apps) {
        return List.of(
                ApiRoute.of(GET, "/apps", Action.READ_APPS, "All apps.", apps::list)
                        .answers(200, Api.Apps.class),
                ApiRoute.of(
                                PUT,
                                "/apps/{app}",
                                Action.CHANGE_APPS,
                                "Makes an app (201), or brings one a new release (200). An environment replaces the"
                                        + " whole of the one before; what is not given is kept.",
                                apps::put)
                        .takes(Api.PutApp.class)
                        .answers(201, Api.PutAppResponse.class)
                        .fails(
                                APP_NAME_INVALID,
                                APP_NAME_RESERVED,
                                APP_HAS_NO_RELEASE,
                                BUILD_NOT_FOUND,
                                BUILD_NOT_FINISHED,
                                ENVIRONMENT_INVALID,
                                INSTANCES_INVALID,
                                MEMORY_INVALID,
                                ROUTE_INVALID,
                                ROUTE_TAKEN,
                                STACK_NOT_FOUND,
                                STORAGE_FULL),
                ApiRoute.of(GET, "/apps/{app}", Action.READ_APPS, "One app with its instances.", apps::find)
                        .answers(200, Api.AppView.class)
                        .fails(APP_NAME_INVALID, APP_NOT_FOUND),
                ApiRoute.of(PATCH, "/apps/{app}", Action.CHANGE_APPS, "Changes what is given.", apps::patch)
                        .takes(Api.PatchApp.class)
                        .answers(200, Api.AppView.class)
                        .fails(APP_NOT_FOUND, APP_HAS_NO_RELEASE, CONFLICT, INSTANCES_INVALID, MEMORY_INVALID),
                ApiRoute.of(
                                DELETE,
                                "/apps/{app}",
                                Action.DELETE_APPS,
                                "Ends all instances of an app and removes it with its routes.",
                                apps::delete)
                        .fails(APP_NOT_FOUND));
    }

    private static List<ApiRoute> appCommands(AppHandlers apps) {
        return List.of(
                ApiRoute.of(POST, "/apps/{app}/start", Action.CHANGE_APPS, "Starts an app.", apps::start)
                        .answers(200, Api.AppView.class)
                        .fails(APP_NOT_FOUND, APP_HAS_NO_RELEASE),
                ApiRoute.of(POST, "/apps/{app}/stop", Action.CHANGE_APPS, "Stops an app.", apps::stop)
                        .answers(200, Api.AppView.class)
                        .fails(APP_NOT_FOUND),
                ApiRoute.of(
                                POST,
                                "/apps/{app}/restart",
                                Action.CHANGE_APPS,
                                "Replaces all instances one by one; starts a stopped app.",
                                apps::restart)
                        .answers(200, Api.AppView.class)
                        .fails(APP_NOT_FOUND, APP_HAS_NO_RELEASE),
                ApiRoute.of(
                                POST,
                                "/apps/{app}/scale",
                                Action.CHANGE_APPS,
                                "Wants another number of instances: 3, +1 or -1.",
                                apps::scale)
                        .takes(Api.Scale.class)
                        .answers(200, Api.AppView.class)
                        .fails(APP_NOT_FOUND, INSTANCES_INVALID),
                ApiRoute.of(
                                POST,
                                "/apps/{app}/routes",
                                Action.CHANGE_APPS,
                                "Leads a host name to an app.",
                                apps::mapRoute)
                        .takes(Api.RouteBody.class)
                        .answers(200, Api.AppView.class)
                        .fails(APP_NOT_FOUND, ROUTE_INVALID, ROUTE_TAKEN),
                ApiRoute.of(
                                DELETE,
                                "/apps/{app}/routes/{route}",
                                Action.CHANGE_APPS,
                                "Leads a host name to an app no longer.",
                                apps::unmapRoute)
                        .answers(200, Api.AppView.class)
                        .fails(APP_NOT_FOUND, ROUTE_INVALID, ROUTE_NOT_FOUND));
    }

    private static List<ApiRoute> environment(AppHandlers apps) {
        return List.of(
                ApiRoute.of(
                                GET,
                                "/apps/{app}/environment",
                                Action.READ_SECRETS,
                                "The environment of the newest release.",
                                apps::environment)
                        .answers(200, Api.Environment.class)
                        .fails(APP_NOT_FOUND),
                ApiRoute.of(
                                PATCH,
                                "/apps/{app}/environment",
                                Action.CHANGE_APPS,
                                "Sets and removes variables, as a new release.",
                                apps::patchEnvironment)
                        .takes(Api.PatchEnvironment.class)
                        .answers(200, Api.Environment.class)
                        .fails(APP_NOT_FOUND, APP_HAS_NO_RELEASE, CONFLICT, ENVIRONMENT_INVALID));
    }

    private static List<ApiRoute> checks(CheckHandlers checks) {
        return List.of(
                ApiRoute.of(
                                GET,
                                "/apps/{app}/checks",
                                Action.READ_APPS,
                                "How instances are checked and ended.",
                                checks::find)
                        .answers(200, Api.Checks.class)
                        .fails(APP_NOT_FOUND, APP_HAS_NO_RELEASE),
                ApiRoute.of(
                                PATCH,
                                "/apps/{app}/checks",
                                Action.CHANGE_APPS,
                                "Changes how instances are checked and ended, as a new release.",
                                checks::patch)
                        .takes(Api.ChecksBody.class)
                        .answers(200, Api.Checks.class)
                        .fails(APP_NOT_FOUND, APP_HAS_NO_RELEASE, CONFLICT));
    }

    private static List<ApiRoute> events(EventHandlers events) {
        String limit = "The most that are wanted, 1 to 1000; 100 when not given.";
        return List.of(
                ApiRoute.of(GET, "/events", Action.READ_APPS, "What happened, oldest first.", events::ofPlatform)
                        .query("after", AFTER + " When not given, the newest events.")
                        .query("limit", limit)
                        .answers(200, Api.Events.class),
                ApiRoute.of(GET, "/events/stream", Action.READ_APPS, "Follows what happens.", events::followPlatform)
                        .query("after", AFTER + " When not given, those from now on.")
                        .answers(EVENTS, Event.class)
                        .fails(UNAVAILABLE),
                ApiRoute.of(
                                GET,
                                "/apps/{app}/events",
                                Action.READ_APPS,
                                "What happened to an app, oldest first.",
                                events::ofApp)
                        .query("after", AFTER + " When not given, the newest events.")
                        .query("limit", limit)
                        .answers(200, Api.Events.class)
                        .fails(APP_NOT_FOUND),
                ApiRoute.of(
                                GET,
                                "/apps/{app}/events/stream",
                                Action.READ_APPS,
                                "Follows what happens to an app.",
                                events::followApp)
                        .query("after", AFTER + " When not given, those from now on.")
                        .answers(EVENTS, Event.class)
                        .fails(APP_NOT_FOUND, UNAVAILABLE));
    }

    private static List<ApiRoute> logsAndFiles(LogHandlers logs, FileHandlers files) {
        String lines =
                "The most lines that are wanted, the newest, 0 to 10000; 100 when neither this nor since is given.";
        String since = "A moment (2026-11-21T13:00:00Z) or an age (90s, 10m, 2h, 1d); no older lines.";
        String instance = "Index of an instance; only its lines.";
        return List.of(
                ApiRoute.of(GET, "/apps/{app}/logs", Action.READ_LOGS, "What an app wrote, oldest first.", logs::read)
                        .query("lines", lines)
                        .query("since", since)
                        .query("instance", instance)
                        .answers(200, Api.Logs.class)
                        .fails(APP_NOT_FOUND),
                ApiRoute.of(
                                GET,
                                "/apps/{app}/logs/stream",
                                Action.READ_LOGS,
                                "What an app wrote and writes: events named log; lost where a slow reader missed lines.",
                                logs::follow)
                        .query("lines", lines)
                        .query("since", since)
                        .query("instance", instance)
                        .answers(EVENTS, LogLine.class)
                        .fails(APP_NOT_FOUND, UNAVAILABLE),
                ApiRoute.of(
                                GET,
                                "/apps/{app}/files",
                                Action.READ_FILES,
                                "A folder of an instance as JSON, or a file of it as its bytes.",
                                files::read)
                        .query("instance", "Index of the instance; 0 when not given.")
                        .query("path", "Below the instance's folder; the folder itself when not given.")
                        .answers(200, Api.Files.class)
                        .fails(APP_NOT_FOUND, FILE_NOT_FOUND, INSTANCE_NOT_FOUND, UNAVAILABLE));
    }
}
