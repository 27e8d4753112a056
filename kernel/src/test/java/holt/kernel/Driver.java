package holt.kernel;

import holt.model.AgentRequest;
import holt.model.AppCommand;
import holt.model.Endpoint;
import holt.model.Event;
import holt.model.Exit;
import holt.model.HostReport;
import holt.model.Limits;
import holt.model.ProcessCommand;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Resources;
import holt.model.RouteUpdate;
import holt.model.RouterReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Feeds a brain by hand, input by input, and keeps what came of each. */
final class Driver {
    static final long MEGABYTE = 1L << 20;
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(5);

    final FakeStore store = new FakeStore();
    /** Effects of the last input. */
    List<Effect> effects = List.of();
    /** Host names as routers know them. */
    final Map<String, RouteUpdate.Route> routes = new LinkedHashMap<>();

    Cluster cluster;
    Instant now = World.START;
    private long sequence;
    private long requests;
    private int epochs;
    private long ids;

    private final ClusterSettings settings;

    Driver() {
        this(ClusterSettings.standard("localhost"));
    }

    Driver(ClusterSettings settings) {
        this.settings = settings;
        boot();
    }

    /** A brain made anew from the truth. */
    void boot() {
        epochs++;
        cluster = new Cluster(store.truth(), "epoch-" + epochs, settings, () -> "id-" + ids++);
        take(cluster.start(now));
    }

    void tell(Input input) {
        take(cluster.handle(input, now));
    }

    private void take(List<Effect> made) {
        effects = made;
        made.forEach(effect -> {
            if (effect instanceof Effect.Persist persist) {
                store.commit(persist.changes());
            } else if (effect instanceof Effect.PublishRoutes publish) {
                publish.update().routes().forEach(route -> routes.put(route.host(), route));
            }
        });
    }

    /** Time passes, and the brain is woken so often that it never sleeps; effects are those of all that time. */
    void pass(Duration duration) {
        List<Effect> all = new ArrayList<>();
        Instant end = now.plus(duration);
        do {
            Instant next = now.plus(LONGEST_SLEEP);
            now = next.isBefore(end) ? next : end;
            tell(new Input.Woken());
            all.addAll(effects);
        } while (now.isBefore(end));
        effects = all;
    }

    /** Time passes in which the brain sleeps. */
    void sleep(Duration duration) {
        now = now.plus(duration);
        tell(new Input.Woken());
    }

    Effect.Reply command(AppCommand command) {
        tell(new Input.Command(++requests, command));
        return effects.stream()
                .filter(Effect.Reply.class::isInstance)
                .map(Effect.Reply.class::cast)
                .findFirst()
                .orElseThrow();
    }

    Effect.Reply command(ProcessCommand command) {
        tell(new Input.ProcessCommand(++requests, command));
        return effects.stream()
                .filter(Effect.Reply.class::isInstance)
                .map(Effect.Reply.class::cast)
                .findFirst()
                .orElseThrow();
    }

    static AppCommand.ReleaseContent release(String droplet) {
        return new AppCommand.ReleaseContent(droplet, "command", "run", null, new Limits(256 * MEGABYTE, 0, 100), null);
    }

    Effect.Reply push(String app, int instances, String droplet) {
        return command(new AppCommand.PutApp(app, true, instances, null, null, release(droplet), "ann"));
    }

    /** A host says hello, with no process. */
    void host(String name, long megabytes) {
        report(name, megabytes, List.of());
    }

    void host(String name, Resources capacity, String zone, String... tags) {
        tell(new Input.HostReported(Estate.report(name, ++sequence, capacity, zone, tags)));
    }

    void report(String name, long megabytes, List<ProcessReport> processes) {
        sequence++;
        tell(new Input.HostReported(new HostReport(
                name,
                "agent-1",
                sequence,
                "container",
                "fake",
                List.of(),
                2,
                megabytes * MEGABYTE,
                processes.size() * 256 * MEGABYTE,
                World.START,
                processes)));
    }

    /** Start requests of the last input. */
    List<ProcessSpec> starts() {
        return asks(AgentRequest.Start.class).stream()
                .map(AgentRequest.Start::spec)
                .toList();
    }

    /** Pids of the stop requests of the last input. */
    List<Long> stops() {
        return asks(AgentRequest.Stop.class).stream()
                .map(AgentRequest.Stop::pid)
                .toList();
    }

    private <T> List<T> asks(Class<T> kind) {
        List<T> found = new ArrayList<>();
        effects.forEach(effect -> {
            if (effect instanceof Effect.Ask ask && kind.isInstance(ask.request())) {
                found.add(kind.cast(ask.request()));
            }
        });
        return found;
    }

    ProcessReport reportOf(long pid, ProcessState state, Exit exit) {
        holt.model.Process row = store.processes.get(pid);
        return new ProcessReport(
                row.host(),
                "agent-1",
                ++sequence,
                pid,
                row.incarnation(),
                row.instanceId(),
                row.app(),
                row.index(),
                row.version(),
                state,
                "10.0.0.1",
                (int) (10_000 + pid),
                now,
                MEGABYTE,
                0,
                exit);
    }

    void running(long pid) {
        tell(new Input.ProcessReported(reportOf(pid, ProcessState.RUNNING, null)));
    }

    void exits(long pid, Exit.Reason reason) {
        String detail = reason == Exit.Reason.SIGNALED ? "killed by SIGKILL" : "ended";
        tell(new Input.ProcessReported(
                reportOf(pid, ProcessState.EXITED, new Exit(reason, 1, detail, List.of("last words")))));
    }

    void refuses(long pid, String reason) {
        holt.model.Process row = store.processes.get(pid);
        tell(new Input.StartRefused(row.host(), pid, row.incarnation(), reason));
    }

    void router(String name, List<Endpoint> drained) {
        tell(new Input.RouterReported(new RouterReport(name, drained)));
    }

    holt.model.Process row(long pid) {
        return store.processes.get(pid);
    }

    AppStatus app(String name) {
        return cluster.snapshot().app(name).orElseThrow();
    }

    List<Long> endpoints(String host) {
        return routes.get(host).endpoints().stream().map(Endpoint::pid).toList();
    }

    List<String> eventKinds() {
        return store.events.stream().map(Event::kind).toList();
    }

    Event event(String kind) {
        return store.events.reversed().stream()
                .filter(event -> event.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    /** An app of one release that serves with all its instances; their pids by index. */
    List<Long> serving(String app, int instances) {
        push(app, instances, "droplet-1");
        List<Long> pids = starts().stream().map(ProcessSpec::pid).toList();
        pids.forEach(this::running);
        return pids;
    }
}
