package holt.controller;

import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.Problem;
import java.util.function.Supplier;

/** The platform itself: whether it is ready, what it is, its processes and hosts. */
final class PlatformHandlers {
    /** Body of {@code GET /health}. */
    record HealthBody(String status) {}

    private final ControlLoop loop;
    private final Views views;
    private final ControllerSettings settings;
    private final Supplier<byte[]> openApi;

    PlatformHandlers(ControlLoop loop, Views views, ControllerSettings settings, Supplier<byte[]> openApi) {
        this.loop = loop;
        this.views = views;
        this.settings = settings;
        this.openApi = openApi;
    }

    void health(Call call) {
        if (!loop.decides()) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "The platform cannot read or write its state at present.")
                    .remedy("The server's log says why; mostly the disk is full.")
                    .exception();
        }
        call.json(new HealthBody("ready"));
    }

    void info(Call call) {
        call.json(new Api.Info(
                "holt",
                settings.version(),
                settings.domain(),
                settings.urlPattern().get()));
    }

    void openApi(Call call) {
        call.bytes(ApiRoute.JSON, openApi.get());
    }

    void processes(Call call) {
        call.json(views.processes(loop.view()));
    }

    void hosts(Call call) {
        call.json(views.hosts(loop.view()));
    }
}
