package holt.kernel;

import holt.model.App;
import holt.model.HostReport;
import holt.model.Limits;
import holt.model.Process;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import holt.model.Readiness;
import holt.model.Release;
import holt.model.Truth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures one full health pass: each host reports all its processes, and nothing has changed. Arguments: hosts, processes
 * a host. Prints the time of the health manager alone, of the whole brain, and of the brain with a snapshot a round.
 */
final class HealthPassLoad {
    private static final int PASSES = 15;
    private static final int ROUND = 256;

    private final int hosts;
    private final int each;
    private final List<Process> rows = new ArrayList<>();
    private long sequence;
    private Instant now = World.START;

    private HealthPassLoad(int hosts, int each) {
        this.hosts = hosts;
        this.each = each;
        for (int host = 0; host < hosts; host++) {
            for (int index = 0; index < each; index++) {
                rows.add(row(host, index));
            }
        }
    }

    public static void main(String[] arguments) {
        int hosts = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        int each = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 250;
        HealthPassLoad load = new HealthPassLoad(hosts, each);
        load.measureManager();
        load.measureBrain(false);
        load.measureBrain(true);
    }

    private void measureManager() {
        HealthManager health = new HealthManager(ClusterSettings.standard("localhost"));
        health.begin(now, "call");
        rows.forEach(row -> health.intend(row, (report, moment) -> {}));
        List<Long> times = new ArrayList<>();
        for (int pass = 0; pass < PASSES; pass++) {
            List<HostReport> reports = reports();
            long before = System.nanoTime();
            long found = 0;
            health.at(now);
            for (HostReport report : reports) {
                found += health.report(report).size();
            }
            times.add(System.nanoTime() - before);
            require(found == hosts, "findings: " + found);
        }
        print("health.pass.manager", times);
    }

    private void measureBrain(boolean snapshots) {
        Cluster cluster = new Cluster(truth(), "epoch", ClusterSettings.standard("localhost"), () -> "id");
        cluster.start(now);
        cluster.snapshot();
        List<Long> times = new ArrayList<>();
        for (int pass = 0; pass < PASSES; pass++) {
            List<HostReport> reports = reports();
            long before = System.nanoTime();
            long effects = 0;
            int count = 0;
            for (HostReport report : reports) {
                effects += cluster.handle(new Input.HostReported(report), now).size();
                if (snapshots && ++count % ROUND == 0) {
                    cluster.snapshot();
                }
            }
            times.add(System.nanoTime() - before);
            require(pass == 0 || effects < hosts, "effects: " + effects);
        }
        print(snapshots ? "health.pass.brain-and-snapshots" : "health.pass.brain", times);
    }

    private void print(String name, List<Long> times) {
        List<Long> sorted = times.stream().skip(PASSES / 3).sorted().toList();
        double millis = sorted.get(sorted.size() / 2) / 1e6;
        System.out.printf(
                "figure %s %.1f ms for %d processes (%.0f ns each), first %.1f ms%n",
                name, millis, rows.size(), millis * 1e6 / rows.size(), times.getFirst() / 1e6);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private Truth truth() {
        List<App> apps = new ArrayList<>();
        List<Release> releases = new ArrayList<>();
        for (int app = 0; app < each; app++) {
            String name = "app-" + app;
            apps.add(new App(name, app + 2, true, hosts, List.of(name), 1, 1, now, now));
            releases.add(new Release(
                    name,
                    1,
                    "droplet",
                    "command",
                    "run",
                    "",
                    new Limits(1L << 20, 0, 10),
                    Readiness.port(),
                    Release.State.LIVE,
                    null,
                    now,
                    "ann"));
        }
        return new Truth(apps, releases, rows, 1_000_000 + rows.size(), 0);
    }

    /** App by index: each has one instance on every host. */
    private Process row(int host, int index) {
        long pid = 1_000_000L + (long) host * each + index;
        return new Process(
                pid,
                index + 2,
                "app-" + index,
                host,
                1,
                1,
                "instance-" + pid,
                ProcessState.RUNNING,
                "host-" + host,
                "10.0.0.1",
                10_000 + index,
                0,
                null,
                now,
                now,
                null);
    }

    /** New objects each time, as they come from the bus. */
    private List<HostReport> reports() {
        now = now.plus(Duration.ofSeconds(3));
        sequence++;
        List<HostReport> reports = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            String name = new String("host-" + host);
            String epoch = new String("epoch-" + host);
            List<ProcessReport> processes = new ArrayList<>();
            for (Process row : rows.subList(host * each, (host + 1) * each)) {
                processes.add(report(name, epoch, row));
            }
            reports.add(new HostReport(
                    name,
                    epoch,
                    sequence,
                    "container",
                    "crun",
                    List.of(),
                    64,
                    1L << 40,
                    (long) each << 20,
                    World.START,
                    processes));
        }
        return reports;
    }

    private ProcessReport report(String host, String epoch, Process row) {
        return new ProcessReport(
                host,
                epoch,
                sequence,
                row.pid(),
                row.incarnation(),
                row.instanceId(),
                row.app(),
                row.index(),
                row.version(),
                ProcessState.RUNNING,
                new String("10.0.0.1"),
                row.port(),
                World.START,
                1 << 20,
                sequence * 3_000_000,
                null);
    }
}
