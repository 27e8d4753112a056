package holt.controller;

import static holt.controller.ApiRoute.Method.POST;
import static holt.model.ErrorCode.APP_NAME_INVALID;
import static holt.model.ErrorCode.APP_NOT_FOUND;
import static holt.model.ErrorCode.ENVIRONMENT_INVALID;
import static holt.model.ErrorCode.INSTANCE_NOT_FOUND;
import static holt.model.ErrorCode.PORT_CLOSED;
import static holt.model.ErrorCode.PROCESS_NOT_RUNNING;
import static holt.model.ErrorCode.STORAGE_FULL;
import static holt.model.ErrorCode.UNAVAILABLE;
import static holt.model.ErrorCode.UPGRADE_REQUIRED;

import holt.identity.Action;
import holt.model.AccessApi;
import java.util.List;

/** How people get into instances. Each asks for an upgrade to {@link AccessApi#PROTOCOL}. */
final class AccessRoutes {
    private AccessRoutes() {}

    static List<ApiRoute> of(AccessHandlers access) {
        return List.of(
                session("exec", "Runs a program beside an instance's own.", AccessApi.Exec.class, access::exec),
                session("shell", "Opens a shell on a terminal.", AccessApi.Shell.class, access::shell),
                session(
                        "copy",
                        "Copies files out of an instance or into it, as a tar stream.",
                        AccessApi.Copy.class,
                        access::copy),
                session(
                        "forward",
                        "Connects to a port of an instance, as its own programs would.",
                        AccessApi.Forward.class,
                        access::forward));
    }

    private static ApiRoute session(String verb, String summary, Class<?> body, ApiRoute.Handler handler) {
        return ApiRoute.of(POST, "/apps/{app}/" + verb, Action.ENTER_INSTANCES, summary, handler)
                .takes(body)
                .upgrades()
                .fails(
                        APP_NAME_INVALID,
                        APP_NOT_FOUND,
                        ENVIRONMENT_INVALID,
                        INSTANCE_NOT_FOUND,
                        PORT_CLOSED,
                        PROCESS_NOT_RUNNING,
                        STORAGE_FULL,
                        UNAVAILABLE,
                        UPGRADE_REQUIRED);
    }
}
