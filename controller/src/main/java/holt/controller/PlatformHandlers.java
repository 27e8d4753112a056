package holt.controller;

import holt.kernel.RebalancePlan;
import holt.kernel.Why;
import holt.model.Api;
import holt.model.AppCommand;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** The platform itself: whether it is ready, what it is, its processes and hosts. */
final class PlatformHandlers {
    /** Body of {@code GET /health}. */
    record HealthBody(String status) {}

    private final ControlLoop loop;
    private final Views views;
    private final ControllerSettings settings;
    private final Supplier<byte[]> openApi;
    private final InstantSource clock;

    PlatformHandlers(
            ControlLoop loop, Views views, ControllerSettings settings, Supplier<byte[]> openApi, InstantSource clock) {
        this.loop = loop;
        this.views = views;
        this.settings = settings;
        this.openApi = openApi;
        this.clock = clock;
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

    void why(Call call) {
        String text = call.path("pid");
        long pid = text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
        Why why = Why.of(loop.view(), pid, clock.instant()).orElseThrow(() -> unknownPid(text));
        call.json(new Api.Why(pid, why.summary(), why.reasons(), why.remedies()));
    }

    private static ProblemException unknownPid(String pid) {
        String shown = pid.substring(0, Math.min(pid.length(), 40)).replaceAll("\\p{Cntrl}", "?");
        return Problem.of(ErrorCode.PROCESS_NOT_FOUND, "There is no process with the pid '" + shown + "'.")
                .remedy("'holt ps' lists those there are; one that has ended is no longer among them.")
                .exception();
    }

    void rebalance(Call call) throws IOException {
        Api.Rebalance body = call.body(Api.Rebalance.class);
        List<RebalancePlan.Move> moves = RebalancePlan.of(loop.view());
        if (!Boolean.TRUE.equals(body.dryRun())) {
            loop.command(new AppCommand.Rebalance(call.actor()));
        }
        call.json(new Api.Moves(moves.stream()
                .map(move ->
                        new Api.MoveView(move.pid(), move.app(), move.index(), move.from(), move.to(), move.reason()))
                .toList()));
    }

    HostHandlers hostHandlers() {
        return new HostHandlers(loop);
    }

    void hosts(Call call) {
        call.json(views.hosts(loop.view()));
    }
}
