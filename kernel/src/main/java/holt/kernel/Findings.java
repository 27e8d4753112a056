package holt.kernel;

import holt.model.Exit;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What differs between what is intended of a process and what its agent says, gathered. Owned by the health manager. */
final class Findings {
    private static final Comparator<Finding> BY_URGENCY = Comparator.comparingInt(Finding::urgency);

    private final Duration confirmAfter;
    private List<Finding> found = new ArrayList<>();

    /** @param confirmAfter time after which an agent must show what it was asked for */
    Findings(Duration confirmAfter) {
        this.confirmAfter = confirmAfter;
    }

    void add(Finding finding) {
        found.add(finding);
    }

    /** All since the last call, the most urgent first. */
    List<Finding> take() {
        if (found.isEmpty()) {
            return List.of();
        }
        List<Finding> taken = found;
        found = new ArrayList<>();
        taken.sort(BY_URGENCY);
        return taken;
    }

    /** A process is shown that is not intended so there; tells whether it runs and has to be ended. */
    boolean stray(WatchedHost host, @Nullable Watched known, ProcessReport report) {
        if (report.state() != ProcessState.STARTING && report.state() != ProcessState.RUNNING) {
            return false;
        }
        String name = host.name;
        long pid = report.pid();
        int incarnation = report.incarnation();
        if (known == null) {
            found.add(new Finding.Extra(name, pid, incarnation));
        } else if (known.host != host) {
            found.add(new Finding.Misplaced(name, pid, incarnation, known.host.name));
        } else if (known.incarnation != incarnation) {
            found.add(new Finding.WrongIncarnation(name, pid, incarnation, known.incarnation));
        } else {
            found.add(new Finding.WrongVersion(name, pid, incarnation, report.version(), known.version));
        }
        return true;
    }

    /** A process is shown in its right place. */
    void compare(Watched known, String epoch, long sequence, ProcessReport report, Instant now) {
        if (known.hasSeen(epoch, sequence)) {
            return;
        }
        known.see(epoch, sequence);
        known.usages.used(report, now);
        String host = known.host.name;
        switch (report.state()) {
            case STARTING -> {
                if (known.state() == ProcessState.LOST) {
                    found.add(new Finding.StartingAgain(host, known.pid, known.incarnation));
                }
            }
            case RUNNING -> compareRunning(known, report, now);
            case EXITED -> found.add(new Finding.Ended(host, known.pid, known.incarnation, exit(report.exit())));
            case STOPPING -> compareReadiness(known, report);
            case WAITING, LOST -> {}
        }
    }

    private void compareRunning(Watched known, ProcessReport report, Instant now) {
        String host = known.host.name;
        if (known.state() == ProcessState.STOPPING) {
            if (known.stopAskedAt != null && isOverdue(known.stopAskedAt, now)) {
                found.add(new Finding.StopNotDone(host, known.pid, known.incarnation));
            }
        } else if (!known.isReadyAt(report.address(), report.port())) {
            found.add(new Finding.Ready(host, known.pid, known.incarnation, report));
        }
        compareReadiness(known, report);
    }

    private void compareReadiness(Watched known, ProcessReport report) {
        if (!Objects.equals(known.unready, report.unready())) {
            known.unready = report.unready();
            found.add(new Finding.ReadinessChanged(known.host.name, known.pid, known.incarnation, report.unready()));
        }
    }

    private static Exit exit(@Nullable Exit told) {
        return told != null ? told : new Exit(Exit.Reason.UNKNOWN, -1, "its agent does not say how", List.of());
    }

    /**
     * What was there is gone. What was never seen may not be there yet: its agent is asked, or given time. To ask again
     * does no harm, to call it gone would; and after a jump of the clock even a report from before its start looks late
     * enough. What only the truth has seen run is called gone by a report that is surely not from before its start.
     *
     * @param sure whether the report was made after this brain began
     * @return whether nothing was found only because it is not sure
     */
    boolean missing(Watched known, boolean sure, Instant now) {
        boolean starting =
                known.state() == ProcessState.STARTING || (known.state() == ProcessState.LOST && !known.wasReady());
        Instant asked = lastAsked(known);
        boolean late = asked == null ? sure : isOverdue(asked, now);
        if (known.wasSeen() || (!starting && late)) {
            found.add(new Finding.Missing(known.host.name, known.pid, known.incarnation));
        } else if (starting && (asked == null || isOverdue(asked, now))) {
            found.add(new Finding.NotYetThere(known.host.name, known.pid, known.incarnation));
        }
        return !known.wasSeen() && !starting && asked == null && !sure;
    }

    private static @Nullable Instant lastAsked(Watched known) {
        return known.stopAskedAt != null ? known.stopAskedAt : known.startAskedAt;
    }

    private boolean isOverdue(Instant asked, Instant now) {
        return !now.isBefore(asked.plus(confirmAfter));
    }
}
