package holt.kernel;

import holt.model.App;
import holt.model.HostReport;
import holt.model.Placement;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.Resources;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hosts and apps for tests of placement, without a brain around them. */
final class Estate {
    static final Instant NOW = World.START;

    final Hosts hosts = new Hosts();
    final Map<String, AppEntry> apps = new HashMap<>();
    private long sequence;
    private long pids = 100;

    static HostReport report(String name, long sequence, Resources capacity, String zone, String... tags) {
        return new HostReport(
                name,
                "agent-1",
                sequence,
                "container",
                "fake",
                List.of(),
                2,
                capacity.memoryBytes(),
                0,
                NOW,
                List.of(),
                capacity,
                Resources.NONE,
                zone,
                List.of(tags),
                null);
    }

    Hosts.Host host(String name, Resources capacity, String zone, String... tags) {
        Hosts.Host host = hosts.known(name, NOW);
        host.accept(report(name, ++sequence, capacity, zone, tags), NOW);
        return host;
    }

    Hosts.Host host(String name, long memory) {
        return host(name, Resources.ofMemory(memory), "");
    }

    AppEntry app(String name) {
        return apps.computeIfAbsent(name, fresh -> new AppEntry(new App(fresh, 2, true, 1, List.of(), 1, 1, NOW, NOW)));
    }

    Need need(String app, Resources resources, Placement rule, Map<String, Need.Refusal> refusedBy) {
        Map<String, Spread> shunned = new TreeMap<>();
        rule.notWith().forEach(other -> shunned.put(other, app(other).spread));
        return new Need(
                new Need.Shape(resources, rule, rule.apart() || !shunned.isEmpty() ? app : ""),
                app(app).spread,
                shunned,
                Map.of(),
                refusedBy,
                null);
    }

    Need need(String app, long memory) {
        return need(app, new Resources(memory, 0, 0, 0), Placement.ANYWHERE, Map.of());
    }

    static Need near(Need need, Hosts.Host host) {
        return new Need(need.shape(), need.siblings(), need.shunned(), need.replaced(), need.refusedBy(), host);
    }

    Scheduler.Answer place(Need need) {
        return hosts.place(need, NOW);
    }

    /** The name of the host that is chosen; the test fails where there is none. */
    String chosen(Need need) {
        return switch (place(need)) {
            case Scheduler.On on -> on.host().name;
            case Scheduler.NoRoom room -> throw new AssertionError(room.brief());
            case Scheduler.AllRefused refused -> throw new AssertionError(refused);
        };
    }

    /** A process of the app runs on the host from now on. */
    Slot run(String app, Resources resources, String host) {
        Process row = new Process(
                ++pids, 2, app, 0, 1, 1, "id", ProcessState.RUNNING, host, "10.0.0.1", 80, 0, null, NOW, NOW, null);
        Slot slot = new Slot(app(app), row, resources, NOW);
        hosts.known(host, NOW).place(slot);
        hosts.count(slot);
        return slot;
    }

    void end(Slot slot) {
        hosts.known(slot.row().host(), NOW).release(slot);
        hosts.discount(slot);
    }
}
