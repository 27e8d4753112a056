package holt.controller;

import holt.identity.Seal;
import holt.kernel.AppStatus;
import holt.model.Api;
import holt.model.AppCommand;
import holt.model.CheckRules;
import holt.model.ErrorCode;
import holt.model.Lifecycle;
import holt.model.LimitText;
import holt.model.Limits;
import holt.model.MemorySize;
import holt.model.Placement;
import holt.model.Problem;
import holt.model.Readiness;
import holt.model.Release;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts together what a new release is made of: what the caller says, over what the app has. */
final class Releases {

    private final Builds builds;
    private final Seal seal;

    Releases(Builds builds, Seal seal) {
        this.builds = builds;
        this.seal = seal;
    }

    /** The release that a new one is based on. */
    static Optional<Release> base(AppStatus status) {
        return Optional.ofNullable(status.target()).or(() -> Optional.ofNullable(status.latest()));
    }

    /** The limits an app has, with others in their place; null for no change. */
    static @Nullable Limits resized(
            Optional<AppStatus> status, @Nullable String memory, Api.@Nullable LimitsBody limits) {
        if (memory == null && limits == null) {
            return null;
        }
        Limits base = status.flatMap(Releases::base).map(Release::limits).orElse(Limits.standard());
        return LimitText.apply(limits, memory == null ? base : base.withMemoryBytes(MemorySize.parse(memory)));
    }

    /** What a PUT of an app asks to run; null when it says nothing of that. */
    AppCommand.@Nullable ReleaseContent content(String app, Api.PutApp body, Optional<AppStatus> present) {
        Limits limits = resized(present, body.memory(), body.limits());
        String environment = body.environment() == null ? null : sealed(body.environment());
        Readiness readiness = readiness(body, present);
        Placement placement = placement(body);
        Lifecycle lifecycle =
                body.checks() == null ? null : CheckRules.apply(body.checks(), CheckHandlers.lifecycle(present));
        if (body.build() != null) {
            Api.Build build = builds.succeeded(body.build());
            return new AppCommand.ReleaseContent(
                    text(build.droplet()),
                    text(build.buildpack()),
                    text(build.command()),
                    environment,
                    limits,
                    readiness,
                    placement,
                    lifecycle,
                    null);
        }
        if (limits == null
                && environment == null
                && body.startLimitSeconds() == null
                && placement == null
                && lifecycle == null) {
            return null;
        }
        Release base = present.flatMap(Releases::base)
                .orElseThrow(() -> nothingToRun(app).exception());
        return new AppCommand.ReleaseContent(
                base.droplet(),
                base.buildpack(),
                base.command(),
                environment,
                limits,
                readiness,
                placement,
                lifecycle,
                null);
    }

    static Problem nothingToRun(String app) {
        return Problem.of(
                        ErrorCode.APP_HAS_NO_RELEASE,
                        "Memory, command, environment and start limit belong to a release, and '" + app
                                + "' has none yet.")
                .remedy("Push it first: 'holt push " + app + "'.");
    }

    private static @Nullable Placement placement(Api.PutApp body) {
        Api.PlacementBody asked = body.placement();
        return asked == null
                ? null
                : new Placement(asked.tags(), Boolean.TRUE.equals(asked.apart()), asked.notWith()).check();
    }

    /** An app that shall have no route has no port to be asked at. */
    private static @Nullable Readiness readiness(Api.PutApp body, Optional<AppStatus> present) {
        Integer limit = body.startLimitSeconds();
        List<String> routes = body.routes();
        if (limit == null && routes == null && body.checks() == null) {
            return null;
        }
        if (limit != null && (limit < 1 || limit > CheckRules.MAX_START_LIMIT_SECONDS)) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "The start limit cannot be used.")
                    .expected("1 to " + CheckRules.MAX_START_LIMIT_SECONDS + " seconds", Integer.toString(limit))
                    .exception();
        }
        Readiness base = present.flatMap(Releases::base).map(Release::readiness).orElse(Readiness.port());
        boolean hasRoutes =
                present.map(status -> !status.app().routes().isEmpty()).orElse(false);
        Readiness.Kind asked = routes != null && routes.isEmpty() ? Readiness.Kind.NONE : Readiness.Kind.PORT;
        boolean chosen = !base.target().isEmpty(); // somebody said what to look at: routes do not change that
        Readiness.Kind kind = routes == null || chosen ? base.kind() : hasRoutes ? Readiness.Kind.PORT : asked;
        Readiness found = new Readiness(kind, limit == null ? base.limitSeconds() : limit, base.target());
        return body.checks() == null ? found : CheckRules.apply(body.checks(), found);
    }

    String sealed(Map<String, @Nullable String> variables) {
        return seal.sealEnvironment(Environments.check(variables));
    }

    Map<String, String> opened(AppStatus status) {
        return base(status)
                .map(release -> seal.openEnvironment(release.environment()))
                .orElse(Map.of());
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
