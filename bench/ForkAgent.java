import holt.agent.Agent;
import holt.agent.AgentSettings;
import holt.agent.InstanceKey;
import holt.bus.EmbeddedBus;
import holt.identity.Seal;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Digest;
import holt.model.Droplet;
import holt.model.Json;
import holt.model.Limits;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Readiness;
import holt.model.Subjects;
import holt.model.Tree;
import holt.model.TreeEntry;
import holt.store.FolderBlobs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** An agent with a bus of its own, and a stopwatch for what it starts. */
final class ForkAgent implements AutoCloseable {
    private static final AtomicLong PIDS = new AtomicLong(1000);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Path home = Files.createTempDirectory("holt-bench-agent");
    private final EmbeddedBus bus = new EmbeddedBus();
    private final Seal seal;
    private final Agent agent;
    private final String droplet;
    private final Map<Long, Long> exits = new ConcurrentHashMap<>();
    private final Map<Long, String> failures = new ConcurrentHashMap<>();

    /** One start: when it was asked for. */
    record Asked(long pid, long nanos) {}

    ForkAgent(Path stamp, int prepared) throws IOException {
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
        seal = Seal.open(home.resolve("seal.key"));
        FolderBlobs blobs = new FolderBlobs(home.resolve("blobs"));
        byte[] program = Files.readAllBytes(stamp);
        Tree tree = new Tree(List.of(TreeEntry.file("stamp", true, blobs.putBytes(program), program.length)));
        droplet = blobs.putBytes(new Droplet(tree, "command", "true", Map.of("web", "true"), Map.of()).bytes());
        bus.subscribe(Subjects.PROCESSES, message -> heard(Json.read(message.payload(), ProcessReport.class)));
        agent = new Agent(
                AgentSettings.of("bench", home.resolve("agent"))
                        .withBackend(AgentSettings.Choice.CONTAINER)
                        .withMemoryBytes(512L << 30)
                        .withPreparedContainers(prepared),
                bus,
                blobs,
                seal,
                InstantSource.system());
        agent.start();
    }

    private void heard(ProcessReport report) {
        if (report.state() == ProcessState.EXITED) {
            exits.put(report.pid(), System.nanoTime());
            if (report.exit() != null && report.exit().code() != 0 && report.exit().code() < 128) {
                failures.put(report.pid(), report.exit().detail());
            }
        }
    }

    Asked start(String command) {
        return start(command, "bench");
    }

    Asked start(String command, String app) {
        long pid = PIDS.incrementAndGet();
        ProcessSpec spec = new ProcessSpec(
                pid,
                2,
                1,
                UUID.randomUUID().toString(),
                app,
                0,
                1,
                droplet,
                command,
                seal.sealEnvironment(Map.of("GREETING", "good morning")),
                new Limits(64L << 20, 0, 32),
                new Readiness(Readiness.Kind.NONE, 60),
                List.of("bench.localhost"));
        byte[] request = Json.bytes(new AgentRequest.Start(spec));
        long now = System.nanoTime();
        bus.request(Subjects.agent("bench"), request, PATIENCE).thenAccept(answer -> {
            if (Json.read(answer, AgentReply.class) instanceof AgentReply.Refused refused) {
                failures.put(pid, refused.reason());
            }
        });
        return new Asked(pid, now);
    }

    /** When its main() began. */
    long began(Asked asked) throws IOException {
        Path out = home.resolve("agent/instances/" + new InstanceKey(asked.pid(), 1) + "/log/out");
        long limit = System.nanoTime() + PATIENCE.toNanos();
        for (String text = ""; ; text = Files.exists(out) ? Files.readString(out) : "") {
            if (text.startsWith("stamp ") && text.endsWith("\n")) {
                return Long.parseLong(text.substring(6).strip());
            }
            if (failures.containsKey(asked.pid()) || System.nanoTime() > limit) {
                throw new IllegalStateException("Expected a start, found: " + failures.get(asked.pid()));
            }
            LockSupport.parkNanos(500_000);
        }
    }

    double startMillis(Asked asked) throws IOException {
        return (began(asked) - asked.nanos()) / 1e6;
    }

    /** Waits for the report of its end. */
    long exitReported(Asked asked) {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (!exits.containsKey(asked.pid())) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("Expected the end of " + asked.pid() + ", heard nothing");
            }
            LockSupport.parkNanos(200_000);
        }
        return exits.get(asked.pid());
    }

    int waiting() throws IOException {
        Path folder = home.resolve("agent/prepared");
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(folder)) {
            return (int) all.filter(each -> Files.exists(each.resolve("init.pid"))).count();
        }
    }

    void awaitWaiting(int count) throws IOException {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (waiting() < count) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("Expected " + count + " prepared containers, found " + waiting());
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** The program's pid on this host. */
    long program(Asked asked) throws IOException {
        String init = Files.readString(
                        home.resolve("agent/instances/" + new InstanceKey(asked.pid(), 1) + "/init.pid"))
                .strip();
        String children =
                Files.readString(Path.of("/proc", init, "task", init, "children")).strip();
        return Long.parseLong(children.split(" ")[0]);
    }

    long init(Asked asked) throws IOException {
        return Long.parseLong(Files.readString(
                        home.resolve("agent/instances/" + new InstanceKey(asked.pid(), 1) + "/init.pid"))
                .strip());
    }

    @Override
    public void close() throws IOException {
        agent.stopAll(Duration.ofSeconds(20));
        bus.close();
        String id = Digest.of(home.resolve("agent").toString().getBytes(StandardCharsets.UTF_8)).substring(0, 8);
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (!ForkHost.leftovers(id, home).isEmpty()) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException(
                        "Expected nothing to be left behind, found " + ForkHost.leftovers(id, home));
            }
            LockSupport.parkNanos(100_000_000);
        }
        ForkHost.delete(home);
    }
}
