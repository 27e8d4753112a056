package holt.kernel;

import holt.model.AfterStop;
import holt.model.Exit;
import holt.model.Process;
import holt.model.ProcessState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rows that follow a row of the process table. */
final class Rows {
    private Rows() {}

    static Process placed(Process row, String host, Instant now) {
        return new Process(
                row.pid(),
                row.ppid(),
                row.app(),
                row.index(),
                row.version(),
                row.incarnation(),
                row.instanceId(),
                ProcessState.STARTING,
                host,
                null,
                0,
                row.crashes(),
                null,
                now,
                row.createdAt(),
                row.exit(),
                row.keeping(),
                null,
                row.fork());
    }

    static Process ready(Process row, @Nullable String address, int port, Instant now) {
        Instant since = row.state() == ProcessState.RUNNING ? row.stateSince() : now;
        return new Process(
                row.pid(),
                row.ppid(),
                row.app(),
                row.index(),
                row.version(),
                row.incarnation(),
                row.instanceId(),
                ProcessState.RUNNING,
                row.host(),
                address,
                port,
                row.crashes(),
                null,
                since,
                row.createdAt(),
                row.exit(),
                row.keeping(),
                null,
                row.fork());
    }

    /** The next incarnation, on no host yet. What the one before declared for children went with it. */
    static Process again(
            Process row,
            String instanceId,
            int crashes,
            @Nullable Instant notBefore,
            @Nullable Exit exit,
            Instant now) {
        return new Process(
                row.pid(),
                row.ppid(),
                row.app(),
                row.index(),
                row.version(),
                row.incarnation() + 1,
                instanceId,
                ProcessState.WAITING,
                null,
                null,
                0,
                crashes,
                notBefore,
                now,
                row.createdAt(),
                exit,
                null,
                null,
                row.fork());
    }

    /** Ended, and on no host any more. */
    static Process ended(Process row, int crashes, @Nullable Exit exit, Instant now) {
        return new Process(
                row.pid(),
                row.ppid(),
                row.app(),
                row.index(),
                row.version(),
                row.incarnation(),
                row.instanceId(),
                ProcessState.EXITED,
                null,
                null,
                0,
                crashes,
                null,
                now,
                row.createdAt(),
                exit,
                null,
                null,
                row.fork());
    }

    /** On its way out because its children could not be kept. */
    static Process failing(Process row, int crashes, Exit exit, Instant now) {
        return new Process(
                row.pid(),
                row.ppid(),
                row.app(),
                row.index(),
                row.version(),
                row.incarnation(),
                row.instanceId(),
                ProcessState.STOPPING,
                row.host(),
                row.address(),
                row.port(),
                crashes,
                null,
                now,
                row.createdAt(),
                exit,
                row.keeping(),
                AfterStop.FAIL,
                row.fork());
    }
}
