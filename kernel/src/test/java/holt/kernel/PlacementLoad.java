package holt.kernel;

import holt.model.AppCommand;
import holt.model.Limits;
import holt.model.Resources;
import holt.model.Truth;
import java.time.Instant;
import java.util.List;

/** Measures placements a second through the brain: 250,000 processes of 1,000 apps on 1,000 hosts. Not a test. */
final class PlacementLoad {
    private static final int INSTANCES = 250;

    private final Cluster cluster;
    private final Instant now = World.START;
    private long ids;
    private long requests;
    private long reports = 1;

    private PlacementLoad(int hosts, long hostBytes) {
        cluster = new Cluster(Truth.empty(), "epoch", ClusterSettings.standard("localhost"), () -> "id-" + ids++);
        cluster.start(now);
        for (int i = 0; i < hosts; i++) {
            host(i, hostBytes);
        }
    }

    private long host(int number, long bytes) {
        Resources capacity = new Resources(bytes, 64_000, 1L << 42, 1 << 22);
        var report = Estate.report("host-" + number, reports, capacity, "zone-" + number % 3);
        return cluster.handle(new Input.HostReported(report), now).stream()
                .filter(Effect.Ask.class::isInstance)
                .count();
    }

    private long push(int apps) {
        long started = 0;
        Limits limits = new Limits(256L << 20, 100, 512, 1L << 30);
        for (int i = 0; i < apps; i++) {
            var release = new AppCommand.ReleaseContent("droplet", "command", "run", null, limits, null);
            var put = new AppCommand.PutApp("app-" + i, true, INSTANCES, null, null, release, "ann");
            started += cluster.handle(new Input.Command(++requests, put), now).stream()
                    .filter(Effect.Ask.class::isInstance)
                    .count();
        }
        return started;
    }

    private static PlacementLoad measure(int hosts, int apps, long hostBytes) {
        PlacementLoad load = new PlacementLoad(hosts, hostBytes);
        long before = System.nanoTime();
        long started = load.push(apps);
        double seconds = (System.nanoTime() - before) / 1e9;
        System.out.printf(
                "hosts=%d processes=%d started=%d seconds=%.2f placements/s=%.0f%n",
                hosts, apps * INSTANCES, started, seconds, started / seconds);
        return load;
    }

    public static void main(String[] arguments) {
        List<Integer> sizes = List.of(100, 1000, 1000);
        sizes.forEach(hosts -> measure(hosts, hosts, 80L << 30));
        System.out.println("with room for a half only:");
        PlacementLoad full = measure(1000, 1000, 32L << 30);
        full.offer(1000, 32L << 30, "each host reports again, with nothing more to offer");
        full.offer(1000, (32L << 30) + (256L << 20), "each host reports again, with room for one more");
    }

    /** Host reports while many wait. */
    private void offer(int hosts, long hostBytes, String what) {
        reports++;
        long before = System.nanoTime();
        long started = 0;
        for (int i = 0; i < hosts; i++) {
            started += host(i, hostBytes);
        }
        System.out.printf("%s: %.1f ms, %d started%n", what, (System.nanoTime() - before) / 1e6, started);
    }
}
