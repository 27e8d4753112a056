import holt.kernel.Cluster;
import holt.kernel.ClusterSettings;
import holt.kernel.Effect;
import holt.kernel.Input;
import holt.model.AgentRequest;
import holt.model.Exit;
import holt.model.HostReport;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Truth;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Hosts that do at once what the cluster's brain asks, on virtual time, so that what is measured is the brain. Each host
 * says each start and end at once, and everything every {@link #INTERVAL}.
 */
final class Fleet {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    static final Duration INTERVAL = Duration.ofSeconds(3);
    static final long PROCESS_BYTES = 64L << 20;
    private static final long MEMORY_BYTES = 320 * PROCESS_BYTES;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final Cluster brain;
    final List<Host> hosts = new ArrayList<>();
    private final Map<String, Host> byName = new HashMap<>();
    private final ArrayDeque<Input> inputs = new ArrayDeque<>();
    private Instant now = START;
    private Instant wakeAt = Instant.MAX;
    private Instant nextReports = START.plus(INTERVAL);
    private long ids;
    /** Time of this thread's processor spent in the brain, nanoseconds: what others do on this machine does not count. */
    long brainNanos;
    /** Starts asked for. */
    long starts;

    /** One host and the processes that run there. */
    static final class Host {
        final String name;
        final Map<Long, ProcessReport> running = new HashMap<>();
        boolean dead;
        private long sequence;

        Host(String name) {
            this.name = name;
        }
    }

    Fleet(int hosts, ClusterSettings settings) {
        this.brain = new Cluster(Truth.empty(), "bench", settings, () -> Long.toHexString(0x1000_0000_0000L + ids++));
        for (int number = 0; number < hosts; number++) {
            Host host = new Host("host-" + number);
            this.hosts.add(host);
            byName.put(host.name, host);
        }
        carryOut(brain.start(now));
        this.hosts.forEach(host -> tell(report(host)));
    }

    Instant now() {
        return now;
    }

    /** Tells the brain one thing and does what it wants. */
    void tell(Input input) {
        long before = THREADS.getCurrentThreadCpuTime();
        List<Effect> effects = brain.handle(input, now);
        brainNanos += THREADS.getCurrentThreadCpuTime() - before;
        carryOut(effects);
    }

    /** Lets everything happen that happens at once. */
    void settle() {
        for (Input input = inputs.poll(); input != null; input = inputs.poll()) {
            tell(input);
        }
    }

    /** Goes on to the next moment at which something is due. */
    void advance() {
        settle();
        Instant next = wakeAt.isBefore(nextReports) ? wakeAt : nextReports;
        now = next.isBefore(now) ? now : next;
        if (!now.isBefore(wakeAt)) {
            wakeAt = Instant.MAX;
            tell(new Input.Woken());
        }
        if (!now.isBefore(nextReports)) {
            nextReports = now.plus(INTERVAL);
            reportAll();
        }
        settle();
    }

    /** Every host says everything: one pass of health. */
    void reportAll() {
        for (Host host : hosts) {
            if (!host.dead) {
                tell(report(host));
            }
        }
    }

    private Input report(Host host) {
        List<ProcessReport> processes = List.copyOf(host.running.values());
        return new Input.HostReported(new HostReport(
                host.name,
                "epoch",
                ++host.sequence,
                "simulated",
                "simulated",
                List.of(),
                64,
                MEMORY_BYTES,
                PROCESS_BYTES * processes.size(),
                START,
                processes));
    }

    private void carryOut(List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Ask ask -> ask(byName.get(ask.host()), ask.request());
                case Effect.WakeAt wake -> wakeAt = wake.moment();
                default -> {}
            }
        }
    }

    private void ask(Host host, AgentRequest request) {
        if (host.dead) {
            return;
        }
        switch (request) {
            case AgentRequest.Start start -> start(host, start.spec());
            case AgentRequest.Stop stop -> stop(host, stop);
            case AgentRequest.Enter enter -> throw new IllegalStateException("Nobody enters here: " + enter);
            case AgentRequest.Files files -> throw new IllegalStateException("Nobody reads files here: " + files);
        }
    }

    private void start(Host host, ProcessSpec spec) {
        starts++;
        ProcessReport running = new ProcessReport(
                host.name,
                "epoch",
                ++host.sequence,
                spec.pid(),
                spec.incarnation(),
                spec.instanceId(),
                spec.app(),
                spec.index(),
                spec.version(),
                ProcessState.RUNNING,
                "10.0.0.1",
                8080,
                now,
                0,
                0,
                null);
        host.running.put(spec.pid(), running);
        inputs.add(new Input.ProcessReported(running));
    }

    private void stop(Host host, AgentRequest.Stop stop) {
        ProcessReport was = host.running.get(stop.pid());
        if (was == null || was.incarnation() != stop.incarnation()) {
            return;
        }
        host.running.remove(stop.pid());
        inputs.add(new Input.ProcessReported(new ProcessReport(
                host.name,
                "epoch",
                ++host.sequence,
                was.pid(),
                was.incarnation(),
                was.instanceId(),
                was.app(),
                was.index(),
                was.version(),
                ProcessState.EXITED,
                null,
                0,
                was.startedAt(),
                0,
                0,
                new Exit(Exit.Reason.STOPPED, 143, "stopped", List.of()))));
    }
}
