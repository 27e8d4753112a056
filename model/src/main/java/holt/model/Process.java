package holt.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the process table.
 *
 * @param pid unique in the cluster, never used again
 * @param ppid its parent: for an app's instance, and for a detached process whose parent is gone, the app's supervisor
 * @param app name of its app
 * @param index of the instance, from 0; -1 for a forked process
 * @param version the release it was started from
 * @param incarnation counts the starts of this slot from 1; (pid, incarnation) makes commands repeatable
 * @param instanceId UUID of this incarnation
 * @param state see {@link ProcessState}
 * @param host where it was placed; null while it waits
 * @param address where the router reaches it; null until known
 * @param port its port there; 0 until known
 * @param crashes ends in a row that nobody asked for; see the restart rule
 * @param notBefore no start before this moment; null where nothing holds it back
 * @param stateSince when it came into its state
 * @param createdAt when the slot was made
 * @param exit how the last incarnation ended; null before the first end
 * @param keeping how it has its children kept; null where it has declared nothing
 * @param afterStop what follows when it has stopped; null unless it is STOPPING, and where it leaves the table then
 * @param fork what was declared when it was forked; null for an app's instance
 */
public record Process(
        long pid,
        long ppid,
        String app,
        int index,
        long version,
        int incarnation,
        String instanceId,
        ProcessState state,
        @Nullable String host,
        @Nullable String address,
        int port,
        int crashes,
        @Nullable Instant notBefore,
        Instant stateSince,
        Instant createdAt,
        @Nullable Exit exit,
        @Nullable Keeping keeping,
        @Nullable AfterStop afterStop,
        @Nullable Fork fork) {
    /** The index of every process that is no instance. */
    public static final int NO_INDEX = -1;

    /** An app's instance that has declared nothing for children. */
    public Process(
            long pid,
            long ppid,
            String app,
            int index,
            long version,
            int incarnation,
            String instanceId,
            ProcessState state,
            @Nullable String host,
            @Nullable String address,
            int port,
            int crashes,
            @Nullable Instant notBefore,
            Instant stateSince,
            Instant createdAt,
            @Nullable Exit exit) {
        this(
                pid,
                ppid,
                app,
                index,
                version,
                incarnation,
                instanceId,
                state,
                host,
                address,
                port,
                crashes,
                notBefore,
                stateSince,
                createdAt,
                exit,
                null,
                null,
                null);
    }

    /** Whether a program forked it; else it is an app's instance. */
    public boolean isForked() {
        return fork != null;
    }

    /** Whether it is started again after it ended by itself: an app's instance always is. */
    public RestartPolicy restart() {
        return fork == null ? RestartPolicy.ALWAYS : fork.restart();
    }

    /** Whether it outlives its parent. */
    public boolean isDetached() {
        return fork != null && fork.detached();
    }

    /** The same process in another state. */
    public Process withState(ProcessState next, Instant now) {
        return with(ppid, next, now, exit, keeping, null, fork);
    }

    /** The same process on its way out, and what follows when it is; null for nothing. */
    public Process stopping(@Nullable AfterStop after, @Nullable Exit why, Instant now) {
        Instant since = state == ProcessState.STOPPING ? stateSince : now;
        return with(ppid, ProcessState.STOPPING, since, why == null ? exit : why, keeping, after, fork);
    }

    /** The same process below another parent. */
    public Process withParent(long next) {
        return with(next, state, stateSince, exit, keeping, afterStop, fork);
    }

    /** The same process with another declaration for its children. */
    public Process withKeeping(Keeping next) {
        return with(ppid, state, stateSince, exit, next, afterStop, fork);
    }

    /** The same process with another declaration of its own. */
    public Process withFork(Fork next) {
        return with(ppid, state, stateSince, exit, keeping, afterStop, next);
    }

    private Process with(
            long parent,
            ProcessState next,
            Instant since,
            @Nullable Exit end,
            @Nullable Keeping kept,
            @Nullable AfterStop after,
            @Nullable Fork declared) {
        return new Process(
                pid,
                parent,
                app,
                index,
                version,
                incarnation,
                instanceId,
                next,
                host,
                address,
                port,
                crashes,
                notBefore,
                since,
                createdAt,
                end,
                kept,
                after,
                declared);
    }
}
