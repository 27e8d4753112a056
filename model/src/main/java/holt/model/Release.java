package holt.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of everything an app's instances are started from. Never changed after it was made, only its state.
 *
 * @param app name of the app
 * @param version 1, 2, ... per app
 * @param droplet digest of the {@link Droplet} in the blob store
 * @param buildpack what found out how to run it, for people
 * @param command the start command, for a shell inside the instance
 * @param environment sealed (see identity's Seal): a JSON object of strings that only controller and agents can open
 * @param limits of each instance
 * @param readiness how an instance shows that it is ready
 * @param state how far it came
 * @param reason why it failed; null otherwise
 * @param createdAt when it was made
 * @param createdBy name of the token that asked for it
 * @param placement where its instances may run
 * @param lifecycle how its instances are kept alive and ended
 * @param stack the system its instances see: name of a root file system or reference of an image; empty for the host's
 */
public record Release(
        String app,
        long version,
        String droplet,
        String buildpack,
        String command,
        String environment,
        Limits limits,
        Readiness readiness,
        State state,
        @Nullable String reason,
        Instant createdAt,
        String createdBy,
        Placement placement,
        Lifecycle lifecycle,
        String stack) {

    /** A release whose instances may run anywhere. */
    public Release(
            String app,
            long version,
            String droplet,
            String buildpack,
            String command,
            String environment,
            Limits limits,
            Readiness readiness,
            State state,
            @Nullable String reason,
            Instant createdAt,
            String createdBy) {
        this(
                app,
                version,
                droplet,
                buildpack,
                command,
                environment,
                limits,
                readiness,
                state,
                reason,
                createdAt,
                createdBy,
                Placement.ANYWHERE);
    }

    /** A release whose instances see the host's system, and are ended as the platform ends what says nothing. */
    public Release(
            String app,
            long version,
            String droplet,
            String buildpack,
            String command,
            String environment,
            Limits limits,
            Readiness readiness,
            State state,
            @Nullable String reason,
            Instant createdAt,
            String createdBy,
            Placement placement) {
        this(
                app,
                version,
                droplet,
                buildpack,
                command,
                environment,
                limits,
                readiness,
                state,
                reason,
                createdAt,
                createdBy,
                placement,
                Lifecycle.STANDARD,
                "");
    }

    /** How far a release came. */
    public enum State {
        /** Being brought up. */
        ROLLING,
        /** Came up and serves, or served until a newer one did. */
        LIVE,
        /** Did not come up. */
        FAILED
    }

    public Release withState(State next, @Nullable String why) {
        return new Release(
                app,
                version,
                droplet,
                buildpack,
                command,
                environment,
                limits,
                readiness,
                next,
                why,
                createdAt,
                createdBy,
                placement,
                lifecycle,
                stack);
    }
}
