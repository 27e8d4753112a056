package holt.controller;

import holt.kernel.AppStatus;
import holt.model.Api;
import holt.model.AppCommand;
import holt.model.CheckRules;
import holt.model.Lifecycle;
import holt.model.Liveness;
import holt.model.Readiness;
import holt.model.Release;
import java.io.IOException;
import java.util.Optional;

/** How an app's instances are checked and ended: shown, and changed as a new release. */
final class CheckHandlers {
    private final ControlLoop loop;
    private final AppHandlers apps;

    CheckHandlers(ControlLoop loop, AppHandlers apps) {
        this.loop = loop;
        this.apps = apps;
    }

    void find(Call call) {
        String app = call.app();
        Release release = Releases.base(AppHandlers.known(loop.view(), app))
                .orElseThrow(() -> Releases.nothingToRun(app).exception());
        call.json(view(release.readiness(), release.lifecycle()));
    }

    void patch(Call call) throws IOException {
        String app = call.app();
        Api.ChecksBody body = call.body(Api.ChecksBody.class);
        CheckRules.apply(body, Readiness.port());
        CheckRules.apply(body, Lifecycle.STANDARD);
        apps.changeRelease(app, status -> {
            Readiness readiness = CheckRules.apply(body, readiness(status));
            Lifecycle lifecycle = CheckRules.apply(body, lifecycle(Optional.of(status)));
            AppCommand.Settings settings = new AppCommand.Settings(null, null, null, readiness, null, lifecycle, null);
            return new AppCommand.ChangeRelease(app, status.app().targetVersion(), settings, call.actor());
        });
        find(call);
    }

    private static Readiness readiness(AppStatus status) {
        return Releases.base(status).map(Release::readiness).orElse(Readiness.port());
    }

    static Lifecycle lifecycle(Optional<AppStatus> status) {
        return status.flatMap(Releases::base).map(Release::lifecycle).orElse(Lifecycle.STANDARD);
    }

    private static Api.Checks view(Readiness readiness, Lifecycle lifecycle) {
        Liveness liveness = lifecycle.liveness();
        return new Api.Checks(
                CheckRules.text(readiness.kind(), readiness.target()),
                readiness.limitSeconds(),
                CheckRules.text(liveness.kind(), liveness.target()),
                liveness.intervalSeconds(),
                liveness.timeoutSeconds(),
                liveness.failures(),
                lifecycle.graceSeconds(),
                lifecycle.beforeStop());
    }
}
