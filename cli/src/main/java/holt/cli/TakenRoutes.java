package holt.cli;

import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.RouteName;
import java.io.IOException;
import java.util.List;

/**
 * Finds routes that belong to other apps before a push uploads anything. The platform has the last word: a route may be
 * taken in the meantime.
 */
final class TakenRoutes {
    private TakenRoutes() {}

    /**
     * Refuses what the platform would refuse at the end of the push, in its words.
     *
     * @throws ProblemException {@code route-taken}, or {@code route-invalid}
     */
    static void refuse(List<String> wanted, String app, ApiClient api) throws IOException {
        String domain = api.get("/info", Api.Info.class).domain();
        List<Api.AppView> apps = api.get("/apps", Api.Apps.class).apps();
        for (String each : wanted) {
            String route = RouteName.check(each, domain);
            for (Api.AppView other : apps) {
                if (!other.name().equals(app) && other.routes().contains(route)) {
                    throw taken(route, other.name());
                }
            }
        }
    }

    private static ProblemException taken(String route, String owner) {
        return Problem.of(ErrorCode.ROUTE_TAKEN, route + " leads to the app " + owner + " already.")
                .expected("a route of no other app", route)
                .remedy("Choose another one, or free it: holt unmap " + owner + " " + route)
                .exception();
    }
}
