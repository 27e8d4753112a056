package holt.controller;

import static holt.controller.ApiRoute.Method.DELETE;
import static holt.controller.ApiRoute.Method.GET;
import static holt.controller.ApiRoute.Method.PUT;

import holt.identity.Action;
import holt.kernel.HostStatus;
import holt.model.Api;
import holt.model.AppCommand;
import holt.model.ErrorCode;
import holt.model.Problem;
import java.io.IOException;
import java.util.List;

/** One host: emptied without a failed request, and taken into use again. */
final class HostHandlers {
    private final ControlLoop loop;

    HostHandlers(ControlLoop loop) {
        this.loop = loop;
    }

    static List<ApiRoute> routes(HostHandlers hosts) {
        return List.of(
                ApiRoute.of(GET, "/hosts/{host}/drain", Action.READ_HOSTS, "How far a host is drained.", hosts::find)
                        .answers(200, Api.DrainView.class)
                        .fails(ErrorCode.HOST_NOT_FOUND),
                ApiRoute.of(
                                PUT,
                                "/hosts/{host}/drain",
                                Action.MANAGE_HOSTS,
                                "Moves all away from a host, each replaced before it ends, and places nothing there.",
                                hosts::drain)
                        .takes(Api.DrainBody.class)
                        .answers(200, Api.DrainView.class)
                        .fails(ErrorCode.HOST_NOT_FOUND, ErrorCode.STORAGE_FULL),
                ApiRoute.of(
                                DELETE,
                                "/hosts/{host}/drain",
                                Action.MANAGE_HOSTS,
                                "Lets a host take processes again.",
                                hosts::undrain)
                        .answers(200, Api.DrainView.class)
                        .fails(ErrorCode.HOST_NOT_FOUND, ErrorCode.STORAGE_FULL));
    }

    void find(Call call) {
        call.json(shown(call.path("host")));
    }

    void drain(Call call) throws IOException {
        boolean force = Boolean.TRUE.equals(call.body(Api.DrainBody.class).force());
        String host = call.path("host");
        loop.command(new AppCommand.DrainHost(host, force, call.actor()));
        call.json(shown(host));
    }

    void undrain(Call call) {
        String host = call.path("host");
        loop.command(new AppCommand.UndrainHost(host, call.actor()));
        call.json(shown(host));
    }

    private Api.DrainView shown(String name) {
        HostStatus status = loop.view().hosts().get(name);
        if (status == null) {
            throw Problem.of(ErrorCode.HOST_NOT_FOUND, "There is no host named '" + Call.printable(name) + "'.")
                    .remedy("'holt hosts' lists the hosts there are.")
                    .exception();
        }
        return Views.drainView(status);
    }
}
