package holt.kernel;

import holt.model.AppCommand;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Lifecycle;
import holt.model.Limits;
import holt.model.Placement;
import holt.model.Readiness;
import holt.model.Release;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The releases of an app: how one begins, serves, or fails. The walk from one to the next is AppSupervisor's. */
final class Rollout {
    private final State state;

    Rollout(State state) {
        this.state = state;
    }

    /** What a release would be of: what is not given is carried over from the one before. Its version is the next. */
    Release candidate(AppEntry app, AppCommand.ReleaseContent content, String actor) {
        Release base = app.base();
        return new Release(
                app.name(),
                app.nextVersion(),
                content.droplet(),
                content.buildpack(),
                content.command(),
                first(content.environment(), base == null ? "" : base.environment()),
                first(content.limits(), base == null ? Limits.standard() : base.limits()),
                first(content.readiness(), base == null ? Readiness.port() : base.readiness()),
                Release.State.ROLLING,
                null,
                state.now,
                actor,
                first(content.placement(), base == null ? Placement.ANYWHERE : base.placement()),
                first(content.lifecycle(), base == null ? Lifecycle.STANDARD : base.lifecycle()),
                first(content.stack(), base == null ? "" : base.stack()));
    }

    private static <T> T first(@Nullable T given, T otherwise) {
        return given != null ? given : otherwise;
    }

    /** A new release with the same content. */
    Release again(AppEntry app, Release base, String actor) {
        return new Release(
                app.name(),
                app.nextVersion(),
                base.droplet(),
                base.buildpack(),
                base.command(),
                base.environment(),
                base.limits(),
                base.readiness(),
                Release.State.ROLLING,
                null,
                state.now,
                actor,
                base.placement(),
                base.lifecycle(),
                base.stack());
    }

    /** Whether it would run just what serves already. */
    static boolean isSame(Release one, @Nullable Release other) {
        return other != null
                && one.droplet().equals(other.droplet())
                && one.command().equals(other.command())
                && one.environment().equals(other.environment())
                && one.limits().equals(other.limits())
                && one.placement().equals(other.placement())
                && one.lifecycle().equals(other.lifecycle())
                && one.stack().equals(other.stack())
                && Objects.equals(one.readiness(), other.readiness());
    }

    /** Makes it the target; a release that is still on its way is superseded. */
    void begin(AppEntry app, Release release) {
        Release before = app.target();
        if (before != null && before.state() == Release.State.ROLLING) {
            String reason = "superseded by release " + release.version();
            put(app, before.withState(Release.State.FAILED, reason));
            state.event(
                    app.name(),
                    Event.RELEASE_FAILED,
                    "Release " + before.version() + " of " + app.name() + " was " + reason,
                    Map.of("version", Long.toString(before.version()), "reason", "superseded"));
        }
        put(app, release);
        state.put(app, app.row.withVersions(release.version(), app.row.liveVersion(), state.now));
        state.event(
                app.name(),
                Event.RELEASE_ROLLING,
                "Release " + release.version() + " of " + app.name() + " is on its way",
                Map.of("version", Long.toString(release.version()), "actor", release.createdBy()));
    }

    void goLive(AppEntry app, long version) {
        Release release = app.releases.get(version);
        if (release != null) {
            put(app, release.withState(Release.State.LIVE, null));
        }
        state.put(app, app.row.withVersions(version, version, state.now));
        state.event(
                app.name(),
                Event.RELEASE_LIVE,
                "Release " + version + " of " + app.name() + " serves",
                Map.of("version", Long.toString(version)));
    }

    /** Whether the process belongs to a release that does not serve yet. */
    boolean isBeingTried(Slot slot) {
        return !slot.isForked() && slot.owner.row.isRolling() && slot.version() == slot.owner.row.targetVersion();
    }

    /** Whether the process still has to show for the first time that its release comes up. */
    boolean isOnTrial(Slot slot) {
        return isBeingTried(slot) && !slot.ran;
    }

    /** Whether an end before readiness tells something of the release, and not of the platform. */
    boolean isToBlame(Exit exit) {
        return switch (exit.reason()) {
            case EXITED, SIGNALED, OUT_OF_MEMORY, START_TIMEOUT, UNHEALTHY, START_FAILED, CHILDREN_FAILED -> true;
            case STOPPED, UNKNOWN -> false;
        };
    }

    /** The target did not come up: back to the release that serves, or to none. */
    void fail(Slot slot, Exit exit) {
        AppEntry app = slot.owner;
        Release release = app.target();
        if (release != null) {
            put(app, release.withState(Release.State.FAILED, slot.label() + ": " + exit.detail()));
        }
        long live = app.row.liveVersion();
        state.put(app, app.row.withVersions(live, live, state.now));
        if (live == 0) {
            state.put(app, app.row.withStarted(false, state.now));
        }
        Map<String, String> data = new HashMap<>(Sentences.data(exit));
        state.event(
                slot,
                Event.RELEASE_FAILED,
                "Release " + slot.version() + " of " + app.name() + " did not come up: " + slot.label() + " "
                        + exit.detail() + (live == 0 ? "" : "; release " + live + " keeps serving"),
                data);
    }

    private void put(AppEntry app, Release release) {
        app.put(release);
        state.neighbours.learn(release);
        state.outbox.put(release);
    }
}
