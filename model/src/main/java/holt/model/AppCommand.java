package holt.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a person asks of an app. Each is decided on as a whole: done and committed, or refused with a reason. */
public sealed interface AppCommand {
    String app();

    /**
     * Makes an app or brings it a new release.
     *
     * @param app its name
     * @param create whether an app that does not exist is made; otherwise it is an error
     * @param instances number wanted; null keeps what is there, 1 for a new app
     * @param routes host names wanted besides those it has, canonical; null for the default of a new app
     * @param start whether it is started; null keeps what is there, true for a new app
     * @param release what to run; null changes nothing but the above
     * @param actor name of the token that asks
     */
    record PutApp(
            String app,
            boolean create,
            @Nullable Integer instances,
            @Nullable List<String> routes,
            @Nullable Boolean start,
            @Nullable ReleaseContent release,
            String actor)
            implements AppCommand {}

    /**
     * Changes some of what the present release is made of, as a new release; the rest is carried over.
     *
     * @param expectedVersion the target version this is based on; another one is a conflict
     * @param settings what is changed
     */
    record ChangeRelease(String app, long expectedVersion, Settings settings, String actor) implements AppCommand {}

    /**
     * Settings of a release; null keeps what the one before has.
     *
     * @param environment sealed
     */
    record Settings(
            @Nullable String environment,
            @Nullable Limits limits,
            @Nullable String command,
            @Nullable Readiness readiness,
            @Nullable Placement placement,
            @Nullable Lifecycle lifecycle,
            @Nullable String stack) {
        private static final Settings NOTHING = new Settings(null, null, null, null, null, null, null);

        /** Another environment, sealed. */
        public static Settings ofEnvironment(String environment) {
            return new Settings(environment, null, null, null, null, null, null);
        }

        /** Other limits, another command; null keeps either. */
        public static Settings of(@Nullable Limits limits, @Nullable String command) {
            return new Settings(null, limits, command, null, null, null, null);
        }

        /** Whether nothing is changed. */
        public boolean isEmpty() {
            return equals(NOTHING);
        }
    }

    /** Ends all instances and removes the app with its routes. */
    record DeleteApp(String app, String actor) implements AppCommand {}

    /** Wants instances. */
    record StartApp(String app, String actor) implements AppCommand {}

    /** Wants no instances. */
    record StopApp(String app, String actor) implements AppCommand {}

    /** Replaces all instances one by one: a new release with the same content. Starts a stopped app. */
    record RestartApp(String app, String actor) implements AppCommand {}

    /** Wants another number of instances: {@code count} itself, or added to the present number. */
    record ScaleApp(String app, int count, boolean relative, String actor) implements AppCommand {}

    /** Leads a host name here. */
    record MapRoute(String app, String route, String actor) implements AppCommand {}

    /** Leads a host name here no longer. */
    record UnmapRoute(String app, String route, String actor) implements AppCommand {}

    /**
     * Moves instances of any app to better hosts, one of an app at a time, each replaced before it ends. Soft: what is
     * not done when the controller restarts is not done.
     */
    record Rebalance(String actor) implements AppCommand {
        @Override
        public String app() {
            return "";
        }
    }

    /**
     * Writes down that somebody works inside an instance of the app; changes nothing.
     *
     * @param kind one of the events {@code access.*}
     * @param what a sentence without its end, to which the actor is added
     * @param data further facts by name
     */
    record NoteAccess(String app, String kind, String what, Map<String, String> data, String actor)
            implements AppCommand {
        public NoteAccess {
            data = Map.copyOf(data);
        }
    }

    /**
     * Moves all that can be moved away from a host, each replaced before it ends, and places nothing there any more.
     * Durable. Repeated, it may add force.
     *
     * @param force ends what cannot be moved: processes that programs have forked
     */
    record DrainHost(String host, boolean force, String actor) implements AppCommand {
        @Override
        public String app() {
            return "";
        }
    }

    /** Lets a host hold processes again. */
    record UndrainHost(String host, String actor) implements AppCommand {
        @Override
        public String app() {
            return "";
        }
    }

    /**
     * What a release is made of.
     *
     * @param droplet digest in the blob store
     * @param environment sealed; null carries over from the release before, or is empty
     * @param limits null carries over, or is the standard
     * @param placement null carries over, or is anywhere
     * @param lifecycle null carries over, or is the standard
     * @param stack null carries over, or is the host's system
     */
    record ReleaseContent(
            String droplet,
            String buildpack,
            String command,
            @Nullable String environment,
            @Nullable Limits limits,
            @Nullable Readiness readiness,
            @Nullable Placement placement,
            @Nullable Lifecycle lifecycle,
            @Nullable String stack) {

        /** Content that says nothing of how it is kept and what system it sees. */
        public ReleaseContent(
                String droplet,
                String buildpack,
                String command,
                @Nullable String environment,
                @Nullable Limits limits,
                @Nullable Readiness readiness,
                @Nullable Placement placement) {
            this(droplet, buildpack, command, environment, limits, readiness, placement, null, null);
        }

        /** Content that says nothing of its placement either. */
        public ReleaseContent(
                String droplet,
                String buildpack,
                String command,
                @Nullable String environment,
                @Nullable Limits limits,
                @Nullable Readiness readiness) {
            this(droplet, buildpack, command, environment, limits, readiness, null);
        }
    }
}
