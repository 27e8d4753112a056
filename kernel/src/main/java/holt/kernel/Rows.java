package holt.kernel;

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
                row.exit());
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
                row.exit());
    }

    /** The next incarnation, on no host yet. */
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
                exit);
    }

    static Process givenUp(Process row, int crashes, Exit exit, Instant now) {
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
                exit);
    }
}
