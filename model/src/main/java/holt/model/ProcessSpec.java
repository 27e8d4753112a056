package holt.model;

import java.util.List;

/**
 * Everything an agent needs to start one process.
 *
 * @param pid see {@link Process}
 * @param ppid see {@link Process}
 * @param incarnation see {@link Process}
 * @param instanceId see {@link Process}
 * @param app name of the app
 * @param index of the instance; -1 for a forked process
 * @param version of the release
 * @param droplet digest of the droplet in the blob store
 * @param command start command, for a shell inside the instance
 * @param environment the user's variables, sealed
 * @param limits what it may use
 * @param readiness how it shows that it is ready
 * @param routes the app's host names, for {@code VCAP_APPLICATION}
 * @param group pid of its group's root
 * @param arguments of its program, after the command; none for the command as it is
 * @param lifecycle how it is kept alive and ended
 * @param stack the system it sees, see {@link Release}; empty for the host's
 */
public record ProcessSpec(
        long pid,
        long ppid,
        int incarnation,
        String instanceId,
        String app,
        int index,
        long version,
        String droplet,
        String command,
        String environment,
        Limits limits,
        Readiness readiness,
        List<String> routes,
        long group,
        List<String> arguments,
        Lifecycle lifecycle,
        String stack) {

    public ProcessSpec {
        group = group == 0 ? ppid : group;
        arguments = arguments == null ? List.of() : List.copyOf(arguments);
        lifecycle = lifecycle == null ? Lifecycle.STANDARD : lifecycle;
        stack = stack == null ? "" : stack;
    }

    /** A process that sees the host's system and says nothing of how it is kept. */
    public ProcessSpec(
            long pid,
            long ppid,
            int incarnation,
            String instanceId,
            String app,
            int index,
            long version,
            String droplet,
            String command,
            String environment,
            Limits limits,
            Readiness readiness,
            List<String> routes,
            long group,
            List<String> arguments) {
        this(
                pid,
                ppid,
                incarnation,
                instanceId,
                app,
                index,
                version,
                droplet,
                command,
                environment,
                limits,
                readiness,
                routes,
                group,
                arguments,
                Lifecycle.STANDARD,
                "");
    }

    /** An app's instance: its parent is its group's root, and its program is the release's command. */
    public ProcessSpec(
            long pid,
            long ppid,
            int incarnation,
            String instanceId,
            String app,
            int index,
            long version,
            String droplet,
            String command,
            String environment,
            Limits limits,
            Readiness readiness,
            List<String> routes) {
        this(
                pid,
                ppid,
                incarnation,
                instanceId,
                app,
                index,
                version,
                droplet,
                command,
                environment,
                limits,
                readiness,
                routes,
                ppid,
                List.of());
    }
}
