package holt.kernel;

import holt.model.HostReport;
import holt.model.Process;
import holt.model.ProcessReport;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is intended with what agents say, and says what it finds. It is told both as facts and cannot act.
 *
 * <p>An agent's first full report is the initial value, changes of single processes follow, and each further full report
 * sets right what was missed. Nothing older than what is known counts. A host is lost when it was silent for a lease
 * during which this brain listened: after its start, after a sleep, and after a time in which nobody spoke, the lease
 * begins anew.
 *
 * <p>One thread owns it. What it costs to take in a report grows with the report, not with the cluster.
 */
final class HealthManager {
    private static final int MAX_NAME = 255;

    private final ClusterSettings settings;
    /** Where many hosts missed the first call they are called together, and not once for each. */
    private static final Duration CALL_INTERVAL = Duration.ofMillis(500);

    private final KnownHosts hosts;
    private final Findings found;
    private final Map<Long, Watched> processes = new HashMap<>();

    /** The moment of the last fact or input; never goes back. */
    private Instant now = Instant.MIN;

    /** Since when this brain has heard what there was to hear. */
    private Instant listeningSince = Instant.MIN;
    /** When any host was last heard. */
    private Instant heardAt = Instant.MIN;

    private String call = "";
    private Instant callAgainFrom = Instant.MIN;
    private long reports;

    HealthManager(ClusterSettings settings) {
        this.settings = settings;
        this.hosts = new KnownHosts(settings.bounds());
        this.found = new Findings(settings.confirmAfter());
    }

    /**
     * The brain begins to listen.
     *
     * @param word of the call to all hosts with which it begins
     */
    void begin(Instant moment, String word) {
        call = word;
        now = moment;
        listeningSince = moment;
        heardAt = moment;
    }

    /** Time has come this far. One who slept for a lease knows nothing of who spoke meanwhile. */
    void at(Instant moment) {
        Duration twoTurns = settings.routesInterval().multipliedBy(2);
        Duration sleep = twoTurns.compareTo(settings.lease()) > 0 ? twoTurns : settings.lease();
        if (!moment.isBefore(now.plus(sleep))) {
            listeningSince = moment;
        }
        now = moment;
    }

    /** Before this moment too little is known of the hosts to do without what was there. */
    Instant knowsAllFrom() {
        return listeningSince.plus(settings.lease());
    }

    /** A process is intended as its row says; without a host it is intended nowhere. */
    void intend(Process row, Watched.Usages usages) {
        Watched known = processes.get(row.pid());
        if (known != null && known.isOf(row)) {
            known.follow(row);
            return;
        }
        forget(row.pid());
        String name = row.host();
        if (name != null) {
            Watched fresh = new Watched(row, hosts.intended(name, now), usages);
            fresh.follow(row);
            hosts.add(fresh);
            processes.put(row.pid(), fresh);
        }
    }

    /** The truth knew a host as lost when the brain began. */
    void rememberLost(String name) {
        WatchedHost host = hosts.find(name);
        if (host != null) {
            hosts.lose(host);
        }
    }

    /** A process is intended no longer. */
    void forget(long pid) {
        Watched known = processes.remove(pid);
        if (known != null) {
            hosts.remove(known);
        }
    }

    /** An agent is asked to start what is intended. */
    void startAsked(long pid) {
        if (processes.get(pid) instanceof Watched known) {
            known.startAskedAt = now;
        }
    }

    /** An agent is asked to end it. */
    void stopAsked(long pid) {
        if (processes.get(pid) instanceof Watched known) {
            known.stopAskedAt = now;
        }
    }

    /** Whether an agent has spoken of the present start of the process. */
    boolean wasSeen(long pid) {
        Watched known = processes.get(pid);
        return known != null && known.wasSeen();
    }

    /** Takes a full report in: what it shows, and what it lacks. */
    List<Finding> report(HostReport report) {
        WatchedHost host = isWhole(report) ? hosts.admit(report.host(), now, found) : null;
        if (host == null || !host.accept(report, now)) {
            return found.take();
        }
        hear();
        if (host.lost) {
            hosts.comeBack(host);
            found.add(new Finding.HostBack(host.name));
        }
        found.add(new Finding.HostHeard(host.name, report));
        if (show(host, report) < host.processes.size()) {
            boolean answered = call.equals(report.answers());
            findMissing(host, report, answered || !now.isBefore(knowsAllFrom()));
        }
        return found.take();
    }

    /** What comes from outside may lack what it must have: such a report is as good as lost. */
    private static boolean isWhole(HostReport report) {
        String host = report.host();
        String epoch = report.epoch();
        return host != null
                && !host.isBlank()
                && host.length() <= MAX_NAME
                && epoch != null
                && epoch.length() <= MAX_NAME
                && report.startedAt() != null;
    }

    /** Where nobody was heard for a lease, we were deaf: those that speak first are not given the work of the others. */
    private void hear() {
        if (!now.isBefore(heardAt.plus(settings.lease()))) {
            listeningSince = now;
        }
        heardAt = now;
    }

    /** Looks at each process shown; tells how many of those intended here were among them. */
    private int show(WatchedHost host, HostReport report) {
        reports++;
        int shown = 0;
        int strays = 0;
        for (ProcessReport process : report.processes()) {
            Watched known = processes.get(process.pid());
            if (process.state() == null) {
                continue;
            }
            if (known == null || known.host != host || !known.isOf(process)) {
                strays += strays < settings.bounds().straysPerReport() && found.stray(host, known, process) ? 1 : 0;
            } else if (known.shownBy != reports) {
                known.shownBy = reports;
                shown++;
                found.compare(known, report.epoch(), report.sequence(), process, now);
            }
        }
        return shown;
    }

    /** A change of a single process counts only in the epoch of its host's last full report. */
    List<Finding> report(ProcessReport report) {
        WatchedHost host = hosts.find(report.host());
        String epoch = report.epoch();
        if (host == null || epoch == null || !host.isCurrent(epoch, report.sequence())) {
            return found.take();
        }
        Watched known = processes.get(report.pid());
        Watched ours = known != null && known.host == host && known.isOf(report) ? known : null;
        if (ours != null && ours.hasSeen(epoch, report.sequence())) {
            return found.take();
        }
        hear();
        host.heardAt = now;
        if (host.lost) {
            hosts.comeBack(host);
            found.add(new Finding.HostBack(host.name));
        }
        found.add(new Finding.HostHeard(host.name, null));
        if (report.state() != null && ours != null) {
            found.compare(ours, epoch, report.sequence(), report, now);
        } else if (report.state() != null) {
            found.stray(host, known, report);
        }
        return found.take();
    }

    private void findMissing(WatchedHost host, HostReport report, boolean sure) {
        boolean unsure = false;
        for (Watched known : host.processes) {
            if (known.shownBy != reports && !known.hasSeen(report.epoch(), report.sequence())) {
                unsure |= found.missing(known, sure, now);
            }
        }
        if (unsure && !now.isBefore(callAgainFrom)) {
            callAgainFrom = now.plus(CALL_INTERVAL);
            found.add(new Finding.Uncalled(host.name, call));
        }
    }

    /** Looks whether a host is still silent. */
    List<Finding> silence(String name) {
        WatchedHost host = hosts.find(name);
        if (host != null && !now.isBefore(leaseEnd(host)) && !host.lost) {
            hosts.lose(host);
            found.add(new Finding.HostLost(name, Duration.between(host.heardAt, now)));
        } else if (host != null && host.lost) {
            hosts.forgetSilent(host, now, found);
        }
        return found.take();
    }

    private Instant leaseEnd(WatchedHost host) {
        Instant since = host.heardAt.isBefore(listeningSince) ? listeningSince : host.heardAt;
        return since.plus(settings.lease());
    }

    /** When {@link #silence} may find something of the host; null for a host that is not known. */
    @Nullable
    Instant lookAgainAt(String name) {
        WatchedHost host = hosts.find(name);
        if (host == null) {
            return null;
        }
        if (!host.lost) {
            return leaseEnd(host);
        }
        Instant end = host.heardAt.plus(settings.bounds().forgetHostAfter());
        return end.isAfter(now) ? end : now.plus(settings.bounds().forgetHostAfter());
    }
}
