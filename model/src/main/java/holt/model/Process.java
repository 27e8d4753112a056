package holt.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the process table.
 *
 * @param pid unique in the cluster, never used again
 * @param ppid its parent: for an app's instance the app's supervisor
 * @param app name of its app
 * @param index of the instance, from 0
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
        @Nullable Exit exit) {

    /** The same process in another state. */
    public Process withState(ProcessState next, Instant now) {
        return new Process(
                pid,
                ppid,
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
                now,
                createdAt,
                exit);
    }
}
