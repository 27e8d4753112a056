package holt.simulator;

import holt.agent.InstanceKey;
import holt.kernel.ClusterView;
import holt.kernel.HostStatus;
import holt.kernel.Input;
import holt.model.App;
import holt.model.Change;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.Release;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What must be done in time though nothing happens: a silent host is lost, one that speaks is not, a start that nobody
 * heard is asked for again. Only time in which nothing is disturbed counts. Looked for from time to time, seldom where
 * there is much to look at. Owned by the simulation's thread.
 */
final class Vigil {
    private static final String START_TIMEOUT = Exit.Reason.START_TIMEOUT.name().toLowerCase(Locale.ROOT);
    private static final long SHORTEST_PAUSE_MILLIS = 2000;
    private static final int ROWS_A_MILLI = 10;
    private static final long MARGIN_MILLIS = 3000;
    /** Three reports, of which the last two show what was asked for before the first. */
    private static final long HEARD_MILLIS = 3 * SimulatedHost.REPORT_MILLIS + MARGIN_MILLIS;

    /** The longest that hosts which refused are not asked again, and a turn. */
    private static final long REPLACED_MILLIS = 40_000;

    private final World world;
    private final long[] heardAt;
    private final long[] reportedAt;
    private final Map<Long, Long> lostSince = new HashMap<>();
    private final Map<Long, Long> startingSince = new HashMap<>();
    private final Map<String, Long> rollingSince = new HashMap<>();
    /** Hosts that came back to the present brain and were not lost again. */
    private final Set<String> backSinceLost = new HashSet<>();
    /** Hosts that the present brain itself found lost, and has not heard since. */
    private final Set<String> lostHosts = new HashSet<>();

    private long anyHeardAt;
    /** When rules of placement last kept a lost process from another host. */
    private final Map<Long, Long> boundAt = new HashMap<>();

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
        backSinceLost.clear();
        lostHosts.clear();
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
            lostHosts.remove(name);
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
                since(ProcessState.STARTING, startingSince, put.process());
                since(ProcessState.LOST, lostSince, put.process());
            } else if (change instanceof Change.DeleteProcess gone) {
                lostSince.remove(gone.pid());
                boundAt.remove(gone.pid());
                startingSince.remove(gone.pid());
            } else if (change instanceof Change.AddEvent add) {
                happened(add.event());
            }
        }
    }

    private void since(ProcessState state, Map<Long, Long> moments, Process row) {
        if (row.state() == state) {
            moments.put(row.pid(), world.agenda.now());
        } else {
            moments.remove(row.pid());
        }
    }

    private void happened(Event event) {
        String host = event.data().getOrDefault("host", "");
        switch (event.kind()) {
            case Event.HOST_LOST -> {
                backSinceLost.remove(host);
                lostHosts.add(host);
            }
            case Event.HOST_BACK -> {
                lostHosts.remove(host);
                if (!backSinceLost.add(host)) {
                    throw new Violation("a-host-is-back-once", host + " is back, and was not lost");
                }
            }
            case Event.RELEASE_ROLLING -> rollingSince.put(release(event), world.agenda.now());
            case Event.RELEASE_FAILED -> failsForAReason(event);
            default -> {}
        }
    }

    private static String release(Event event) {
        return event.app() + "/" + event.data().get("version");
    }

    /** Where nothing was disturbed, a program that comes up in time is not said to have failed to. */
    private void failsForAReason(Event event) {
        Long since = rollingSince.remove(release(event));
        Release release =
                world.store.release(event.app(), Long.parseLong(event.data().getOrDefault("version", "0")));
        boolean late = START_TIMEOUT.equals(event.data().get("reason"));
        if (late
                && since != null
                && release != null
                && Program.of(release.droplet()).isHealthy()
                && world.hosts.stream().allMatch(host -> world.disturbances.quietSince(host.number) <= since)) {
            throw new Violation("a-good-release-comes-up", event.message());
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
        world.store.processes().values().forEach(row -> isNotOnALostHost(row, view));
        lostSince.forEach((pid, since) -> isReplaced(pid, since, view));
        world.service.look();
    }

    private void silentOnesAreLost(SimulatedHost host, HostStatus status) {
        long since = Math.max(heardAt[host.number], Math.max(listeningSince, world.disturbances.sharedQuietSince()));
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

    private void isNotOnALostHost(Process row, ClusterView view) {
        HostStatus status = row.host() == null ? null : view.hosts().get(row.host());
        boolean believed = row.state() == ProcessState.STARTING || row.state() == ProcessState.RUNNING;
        if (status != null && status.lost() && believed && lostHosts.contains(status.name())) {
            throw new Violation("what-is-on-a-lost-host-is-lost", String.valueOf(row));
        }
    }

    /** What is alone with its index is replaced where there is room, once the brain has listened for long enough. */
    private void isReplaced(long pid, long since, ClusterView view) {
        Process lost = world.store.process(pid);
        App app = lost == null ? null : world.store.app(lost.app());
        if (lost != null && !world.checks.placements().isFree(lost)) {
            boundAt.put(pid, world.agenda.now());
        }
        long free = Math.max(since, boundAt.getOrDefault(pid, 0L));
        long calm = Math.max(Math.max(free, listeningSince), world.disturbances.sharedQuietSince());
        if (lost == null
                || app == null
                || lost.isForked()
                || lost.version() != app.targetVersion()
                || lost.index() >= Drift.wanted(app)
                || world.agenda.now() - calm < REPLACED_MILLIS) {
            return;
        }
        boolean room = view.hosts().values().stream()
                        .filter(host -> host.isBidding() && host.freeBytes() >= world.store.memoryBytes(lost))
                        .count()
                > 1;
        boolean alone = world.store.processes().values().stream()
                .noneMatch(row -> row.pid() != pid && row.app().equals(lost.app()) && row.index() == lost.index());
        if (room && alone) {
            throw new Violation("what-is-lost-is-replaced", lost + " is lost, and nothing takes its place");
        }
    }

    private void isAskedFor(long pid, long since) {
        Process row = world.store.process(pid);
        SimulatedHost host = row == null || row.host() == null ? null : world.host(row.host());
        if (row == null || host == null || !host.hasAgent() || row.state() != ProcessState.STARTING) {
            return;
        }
        long calm = Math.max(Math.max(since, listeningSince), world.disturbances.quietSince(host.number));
        if (world.agenda.now() - calm > HEARD_MILLIS && !host.knows(new InstanceKey(pid, row.incarnation()))) {
            throw new Violation(
                    "a-start-is-asked-for-until-it-is-heard", "nobody asked " + host.name + " to start " + row);
        }
    }
}
