package holt.controller;

import static holt.controller.ApiRoute.BYTES;
import static holt.controller.ApiRoute.EVENTS;
import static holt.controller.ApiRoute.Method.DELETE;
import static holt.controller.ApiRoute.Method.GET;
import static holt.controller.ApiRoute.Method.POST;
import static holt.controller.ApiRoute.Method.PUT;
import static holt.controller.ApiRoute.ZIP;
import static holt.model.ErrorCode.APP_NAME_INVALID;
import static holt.model.ErrorCode.BODY_TOO_LARGE;
import static holt.model.ErrorCode.BUILD_NOT_FOUND;
import static holt.model.ErrorCode.CONFLICT;
import static holt.model.ErrorCode.CONTENT_MISMATCH;
import static holt.model.ErrorCode.CONTENT_MISSING;
import static holt.model.ErrorCode.PACKAGE_EMPTY;
import static holt.model.ErrorCode.PACKAGE_INVALID;
import static holt.model.ErrorCode.PACKAGE_TOO_LARGE;
import static holt.model.ErrorCode.PROCESS_NOT_FOUND;
import static holt.model.ErrorCode.STORAGE_FULL;
import static holt.model.ErrorCode.TOKEN_NOT_FOUND;
import static holt.model.ErrorCode.UNAVAILABLE;

import holt.identity.Action;
import holt.model.Api;
import java.util.List;
import java.util.stream.Stream;

/** All that {@code /api/v1} can be asked. */
final class ApiRoutes {
    private ApiRoutes() {}

    /** Those who do what the routes are for. */
    record Handlers(
            PlatformHandlers platform,
            AppHandlers apps,
            EventHandlers events,
            LogHandlers logs,
            FileHandlers files,
            TokenHandlers tokens,
            BlobHandlers blobs,
            BuildHandlers builds,
            BusHandlers bus,
            AccessHandlers access) {}

    static List<ApiRoute> of(Handlers handlers) {
        return Stream.of(
                        platform(handlers.platform()),
                        HostHandlers.routes(handlers.platform().hostHandlers()),
                        AppRoutes.of(handlers),
                        tokens(handlers.tokens()),
                        blobs(handlers.blobs()),
                        builds(handlers.builds()),
                        BusRoutes.of(handlers.bus()),
                        AccessRoutes.of(handlers.access()))
                .flatMap(List::stream)
                .toList();
    }

    private static List<ApiRoute> platform(PlatformHandlers platform) {
        return List.of(
                ApiRoute.of(
                                GET,
                                "/health",
                                Action.READ_PLATFORM_INFO,
                                "Whether the platform is ready.",
                                platform::health)
                        .answers(200, PlatformHandlers.HealthBody.class),
                ApiRoute.of(GET, "/info", Action.READ_PLATFORM_INFO, "What platform this is.", platform::info)
                        .answers(200, Api.Info.class),
                ApiRoute.of(GET, "/openapi.json", Action.READ_PLATFORM_INFO, "This document.", platform::openApi)
                        .answers(ApiRoute.JSON, null),
                ApiRoute.of(
                                GET,
                                "/processes",
                                Action.READ_APPS,
                                "The tree of all processes, parents before children.",
                                platform::processes)
                        .answers(200, Api.Processes.class),
                ApiRoute.of(
                                GET,
                                "/processes/{pid}/why",
                                Action.READ_APPS,
                                "Why a process runs where it does, or why it does not and what would change that.",
                                platform::why)
                        .answers(200, Api.Why.class)
                        .fails(PROCESS_NOT_FOUND),
                ApiRoute.of(GET, "/hosts", Action.READ_HOSTS, "All hosts.", platform::hosts)
                        .answers(200, Api.Hosts.class),
                ApiRoute.of(
                                POST,
                                "/rebalance",
                                Action.MANAGE_HOSTS,
                                "Moves instances to better hosts, a few at a time, until nothing is to be gained.",
                                platform::rebalance)
                        .takes(Api.Rebalance.class)
                        .answers(200, Api.Moves.class)
                        .fails(STORAGE_FULL));
    }

    private static List<ApiRoute> tokens(TokenHandlers tokens) {
        return List.of(
                ApiRoute.of(GET, "/tokens", Action.MANAGE_TOKENS, "All tokens, without their texts.", tokens::list)
                        .answers(200, Api.Tokens.class),
                ApiRoute.of(
                                POST,
                                "/tokens",
                                Action.MANAGE_TOKENS,
                                "Makes a token: admin, developer or reader. Its text is shown this once.",
                                tokens::create)
                        .takes(Api.CreateToken.class)
                        .answers(201, Api.CreatedToken.class)
                        .fails(STORAGE_FULL),
                ApiRoute.of(DELETE, "/tokens/{id}", Action.MANAGE_TOKENS, "Deletes a token.", tokens::delete)
                        .fails(CONFLICT, TOKEN_NOT_FOUND));
    }

    private static List<ApiRoute> blobs(BlobHandlers blobs) {
        return List.of(
                ApiRoute.of(
                                POST,
                                "/blobs/match",
                                Action.UPLOAD,
                                "Which of these contents have to be uploaded.",
                                blobs::match)
                        .takes(Api.MatchRequest.class)
                        .answers(200, Api.MatchResponse.class),
                ApiRoute.of(PUT, "/blobs/{digest}", Action.UPLOAD, "Uploads a content.", blobs::put)
                        .takes(BYTES)
                        .fails(BODY_TOO_LARGE, CONTENT_MISMATCH, STORAGE_FULL),
                ApiRoute.of(
                                POST,
                                "/blobs",
                                Action.UPLOAD,
                                "Uploads contents as a zip whose entries are named by their digests.",
                                blobs::putMany)
                        .takes(ZIP)
                        .fails(BODY_TOO_LARGE, CONTENT_MISMATCH, PACKAGE_INVALID, PACKAGE_TOO_LARGE, STORAGE_FULL));
    }

    private static List<ApiRoute> builds(BuildHandlers builds) {
        return List.of(
                ApiRoute.of(
                                POST,
                                "/builds",
                                Action.BUILD,
                                "Begins a build, of files whose contents are here already, or of a whole zip.",
                                builds::create)
                        .query("command", "With a zip: the start command.")
                        .query("app", "With a zip: the app it is for.")
                        .takes(Api.BuildRequest.class)
                        .takes(ZIP)
                        .answers(202, Api.Build.class)
                        .fails(
                                APP_NAME_INVALID,
                                BODY_TOO_LARGE,
                                CONTENT_MISSING,
                                PACKAGE_EMPTY,
                                PACKAGE_INVALID,
                                PACKAGE_TOO_LARGE,
                                STORAGE_FULL),
                ApiRoute.of(GET, "/builds/{id}", Action.READ_APPS, "One build with its log.", builds::find)
                        .answers(200, Api.Build.class)
                        .fails(BUILD_NOT_FOUND),
                ApiRoute.of(
                                GET,
                                "/builds/{id}/stream",
                                Action.READ_APPS,
                                "Follows a build: its lines as events named log, then the build as event done.",
                                builds::follow)
                        .answers(EVENTS, Api.Build.class)
                        .fails(BUILD_NOT_FOUND, UNAVAILABLE));
    }
}
