package holt.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says of one process. Published on {@link Subjects#PROCESSES} at each change, and in each
 * {@link HostReport}.
 *
 * @param host where
 * @param epoch the agent's, see {@link HostReport}
 * @param sequence see {@link HostReport}
 * @param pid see {@link Process}
 * @param incarnation see {@link Process}
 * @param instanceId see {@link Process}
 * @param app name of the app
 * @param index of the instance
 * @param version of the release
 * @param state STARTING, RUNNING, STOPPING or EXITED
 * @param address where it can be reached; null while unknown
 * @param port its port there; 0 for none
 * @param startedAt when its program was started; null before that
 * @param memoryBytes memory in use, bytes; 0 while unknown
 * @param cpuNanos cpu time used since its start, nanoseconds
 * @param exit how it ended; null unless EXITED
 * @param use what else it uses; nothing where its agent does not say
 * @param unready why requests had better go elsewhere though it runs; null where they may come
 */
public record ProcessReport(
        String host,
        String epoch,
        long sequence,
        long pid,
        int incarnation,
        String instanceId,
        String app,
        int index,
        long version,
        ProcessState state,
        @Nullable String address,
        int port,
        @Nullable Instant startedAt,
        long memoryBytes,
        long cpuNanos,
        @Nullable Exit exit,
        @Nullable Use use,
        @Nullable String unready) {

    /** Of a process that takes requests where it runs. */
    public ProcessReport(
            String host,
            String epoch,
            long sequence,
            long pid,
            int incarnation,
            String instanceId,
            String app,
            int index,
            long version,
            ProcessState state,
            @Nullable String address,
            int port,
            @Nullable Instant startedAt,
            long memoryBytes,
            long cpuNanos,
            @Nullable Exit exit,
            @Nullable Use use) {
        this(
                host,
                epoch,
                sequence,
                pid,
                incarnation,
                instanceId,
                app,
                index,
                version,
                state,
                address,
                port,
                startedAt,
                memoryBytes,
                cpuNanos,
                exit,
                use,
                null);
    }

    /** The report of an agent that counts memory and cpu only. */
    public ProcessReport(
            String host,
            String epoch,
            long sequence,
            long pid,
            int incarnation,
            String instanceId,
            String app,
            int index,
            long version,
            ProcessState state,
            @Nullable String address,
            int port,
            @Nullable Instant startedAt,
            long memoryBytes,
            long cpuNanos,
            @Nullable Exit exit) {
        this(
                host,
                epoch,
                sequence,
                pid,
                incarnation,
                instanceId,
                app,
                index,
                version,
                state,
                address,
                port,
                startedAt,
                memoryBytes,
                cpuNanos,
                exit,
                null);
    }

    /** What else it uses. */
    public Use used() {
        return use == null ? Use.NONE : use;
    }

    /** The same without what the program wrote before it ended. */
    public ProcessReport withoutLastLog() {
        Exit brief = exit == null ? null : new Exit(exit.reason(), exit.code(), exit.detail(), List.of());
        return new ProcessReport(
                host,
                epoch,
                sequence,
                pid,
                incarnation,
                instanceId,
                app,
                index,
                version,
                state,
                address,
                port,
                startedAt,
                memoryBytes,
                cpuNanos,
                brief,
                use,
                unready);
    }
}
