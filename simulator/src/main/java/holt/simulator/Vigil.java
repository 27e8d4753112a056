package holt.simulator;

import holt.agent.InstanceKey;
import holt.kernel.ClusterView;
import holt.kernel.HostStatus;
import holt.kernel.Input;
import holt.model.Change;
import holt.model.Process;
import holt.model.ProcessState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What must be done in time though nothing happens: a silent host is lost, one that speaks is not, a start that nobody
 * heard is asked for again. Only time in which nothing is disturbed counts. Looked for from time to time, seldom where
 * there is much to look at. Owned by the simulation's thread.
 */
final class Vigil {
    private static final long SHORTEST_PAUSE_MILLIS = 2000;
    private static final int ROWS_A_MILLI = 10;
    private static final long MARGIN_MILLIS = 3000;
    /** Three reports, of which the last two show what was asked for before the first. */
    private static final long HEARD_MILLIS = 3 * SimulatedHost.REPORT_MILLIS + MARGIN_MILLIS;

    private final World world;
    private final long[] heardAt;
    private final long[] reportedAt;
    private final Map<Long, Long> startingSince = new HashMap<>();
    private long anyHeardAt;
    private long listeningSince;

    Vigil(World world, int hosts) {
        this.world = world;
        this.heardAt = new long[hosts];
        this.reportedAt = new long[hosts];
        Arrays.fill(reportedAt, Long.MIN_VALUE / 2);
    }

    void start() {
        long pause = Math.max(SHORTEST_PAUSE_MILLIS, world.store.processes().size() / ROWS_A_MILLI);
        world.agenda.after(pause, () -> {
            look();
            start();
        });
    }

    /** A brain begins to listen. */
    void began() {
        listeningSince = world.agenda.now();
        anyHeardAt = world.agenda.now();
    }

    /** The brain is told something. */
    void told(Input input) {
        switch (input) {
            case Input.HostReported reported -> heard(reported.report().host(), reportedAt);
            case Input.ProcessReported reported -> heard(reported.report().host(), heardAt);
            case Input.Command _,
                    Input.ProcessCommand _,
                    Input.StartRefused _,
                    Input.RouterReported _,
                    Input.RoutesWanted _,
                    Input.Woken _ -> {}
        }
    }

    private void heard(String name, long[] times) {
        SimulatedHost host = world.host(name);
        if (host != null) {
            long now = world.agenda.now();
            times[host.number] = now;
            heardAt[host.number] = now;
            if (now - anyHeardAt >= leaseMillis()) {
                listeningSince = now;
            }
            anyHeardAt = now;
        }
    }

    private long leaseMillis() {
        return world.settings.lease().toMillis();
    }

    /** The truth changed. */
    void committed(List<Change> changes) {
        for (Change change : changes) {
            if (change instanceof Change.PutProcess put) {
                if (put.process().state() == ProcessState.STARTING) {
                    startingSince.put(put.process().pid(), world.agenda.now());
                } else {
                    startingSince.remove(put.process().pid());
                }
            } else if (change instanceof Change.DeleteProcess gone) {
                startingSince.remove(gone.pid());
            }
        }
    }

    private void look() {
        ClusterView view = world.controller.decides() ? world.controller.view() : null;
        if (view == null) {
            return;
        }
        for (HostStatus status : view.hosts().values()) {
            SimulatedHost host = world.host(status.name());
            if (host != null) {
                silentOnesAreLost(host, status);
                othersAreNot(host, status);
            }
        }
        startingSince.forEach(this::isAskedFor);
        world.service.look();
    }

    private void silentOnesAreLost(SimulatedHost host, HostStatus status) {
        long since = Math.max(
                heardAt[host.number], Math.max(listeningSince, world.disturbances.sharedQuietSince()));
        if (!status.lost() && world.agenda.now() - since > leaseMillis() + MARGIN_MILLIS) {
            throw new Violation(
                    "a-silent-host-is-lost",
                    host.name + " was not heard for " + (world.agenda.now() - since) / 1000 + " s");
        }
    }

    private void othersAreNot(SimulatedHost host, HostStatus status) {
        long now = world.agenda.now();
        boolean calm = now - world.disturbances.quietSince(host.number) > 2 * leaseMillis();
        if (status.lost() && calm && now - reportedAt[host.number] < leaseMillis() - MARGIN_MILLIS) {
            throw new Violation("a-host-that-speaks-is-not-lost", host.name + " spoke, and is called lost");
        }
    }

    private void isAskedFor(long pid, long since) {
        Process row = world.store.process(pid);
        SimulatedHost host = row == null || row.host() == null ? null : world.host(row.host());
        if (row == null || host == null || !host.hasAgent() || row.state() != ProcessState.STARTING) {
            return;
        }
        long calm = Math.max(
                Math.max(since, listeningSince), world.disturbances.quietSince(host.number));
        if (world.agenda.now() - calm > HEARD_MILLIS
                && !host.knows(new InstanceKey(pid, row.incarnation()))) {
            throw new Violation(
                    "a-start-is-asked-for-until-it-is-heard", "nobody asked " + host.name + " to start " + row);
        }
    }
}
