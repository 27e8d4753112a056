package holt.agent;

import static org.awaitility.Awaitility.await;

import holt.bus.EmbeddedBus;
import holt.identity.Seal;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Compact;
import holt.model.Digest;
import holt.model.Droplet;
import holt.model.HostReport;
import holt.model.Json;
import holt.model.Limits;
import holt.model.LogLine;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** An agent on this machine with a bus, a blob store and a key of its own, and ears for all it says. */
final class Platform implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicLong PIDS = new AtomicLong(100);

    final Path home;
    final EmbeddedBus bus = new EmbeddedBus();
    final FolderBlobs blobs;
    final Seal seal;
    final List<ProcessReport> reports = new CopyOnWriteArrayList<>();
    final List<HostReport> hostReports = new CopyOnWriteArrayList<>();
    final List<LogLine> lines = new CopyOnWriteArrayList<>();
    private final UnaryOperator<AgentSettings> change;
    Agent agent;

    Platform() throws IOException {
        this(settings -> settings);
    }

    Platform(UnaryOperator<AgentSettings> change) throws IOException {
        this(Files.createTempDirectory("holt-agent-test"), change);
    }

    /** With the home of a platform that was there before, or a new one. */
    Platform(Path home, UnaryOperator<AgentSettings> change) throws IOException {
        this.change = change;
        this.home = home;
        Files.setPosixFilePermissions(home, java.nio.file.attribute.PosixFilePermissions.fromString("rwx--x--x"));
        blobs = new FolderBlobs(home.resolve("blobs"));
        seal = Seal.open(home.resolve("seal.key"));
        bus.subscribe(Subjects.PROCESSES, message -> reports.add(Json.read(message.payload(), ProcessReport.class)));
        bus.subscribe(Subjects.HOSTS, message -> hostReports.add(Compact.read(message.payload(), HostReport.class)));
        bus.subscribe(
                Subjects.LOGS,
                message -> lines.addAll(
                        Json.read(message.payload(), LogLine.Batch.class).lines()));
        agent = startAgent();
    }

    Agent startAgent() {
        AgentSettings settings = AgentSettings.of("test", home.resolve("agent"))
                .withMemoryBytes(2L << 30)
                .withReportInterval(Duration.ofMillis(200));
        agent = new Agent(change.apply(settings), bus, blobs, seal, InstantSource.system());
        agent.start();
        return agent;
    }

    /** A droplet of one script. */
    String droplet(String name, String text) {
        return droplet(Map.of(name, text), Map.of());
    }

    String droplet(Map<String, String> files, Map<String, String> environment) {
        List<TreeEntry> entries = new ArrayList<>();
        files.forEach((name, text) -> {
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            entries.add(TreeEntry.file(name, true, blobs.putBytes(content), content.length));
        });
        return blobs.putBytes(
                new Droplet(new Tree(entries), "command", "true", Map.of("web", "true"), environment).bytes());
    }

    ProcessSpec spec(String command) {
        return spec(command, new Readiness(Readiness.Kind.NONE, 20));
    }

    ProcessSpec web(String command) {
        return spec(command, new Readiness(Readiness.Kind.PORT, 20));
    }

    ProcessSpec spec(String command, Readiness readiness) {
        return new ProcessSpec(
                PIDS.incrementAndGet(),
                2,
                1,
                UUID.randomUUID().toString(),
                "shop",
                0,
                1,
                droplet("readme", "hello from the droplet\n"),
                command,
                seal.sealEnvironment(Map.of("GREETING", "good morning")),
                new Limits(128L << 20, 0, 100),
                readiness,
                List.of("shop.localhost"));
    }

    static ProcessSpec with(ProcessSpec spec, Limits limits) {
        return new ProcessSpec(
                spec.pid(),
                spec.ppid(),
                spec.incarnation(),
                spec.instanceId(),
                spec.app(),
                spec.index(),
                spec.version(),
                spec.droplet(),
                spec.command(),
                spec.environment(),
                limits,
                spec.readiness(),
                spec.routes());
    }

    /** The same as a member of another group. */
    static ProcessSpec inGroup(ProcessSpec spec, long root) {
        return new ProcessSpec(
                spec.pid(),
                root,
                spec.incarnation(),
                spec.instanceId(),
                spec.app(),
                spec.index(),
                spec.version(),
                spec.droplet(),
                spec.command(),
                spec.environment(),
                spec.limits(),
                spec.readiness(),
                spec.routes());
    }

    static ProcessSpec withDroplet(ProcessSpec spec, String droplet) {
        return new ProcessSpec(
                spec.pid(),
                spec.ppid(),
                spec.incarnation(),
                spec.instanceId(),
                spec.app(),
                spec.index(),
                spec.version(),
                droplet,
                spec.command(),
                spec.environment(),
                spec.limits(),
                spec.readiness(),
                spec.routes());
    }

    static ProcessSpec withEnvironment(ProcessSpec spec, String environment) {
        return new ProcessSpec(
                spec.pid(),
                spec.ppid(),
                spec.incarnation(),
                spec.instanceId(),
                spec.app(),
                spec.index(),
                spec.version(),
                spec.droplet(),
                spec.command(),
                environment,
                spec.limits(),
                spec.readiness(),
                spec.routes());
    }

    AgentReply ask(AgentRequest request) {
        try {
            return Json.read(
                    bus.request(Subjects.agent("test"), Json.bytes(request), PATIENCE)
                            .get(PATIENCE.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS),
                    AgentReply.class);
        } catch (InterruptedException | ExecutionException | TimeoutException fault) {
            throw new AssertionError("The agent did not answer", fault);
        }
    }

    ProcessSpec start(ProcessSpec spec) {
        AgentReply reply = ask(new AgentRequest.Start(spec));
        if (!(reply instanceof AgentReply.Accepted)) {
            throw new AssertionError("not accepted: " + reply);
        }
        return spec;
    }

    ProcessReport run(ProcessSpec spec) {
        start(spec);
        return reported(spec, ProcessState.RUNNING);
    }

    /** Runs a command to its end. */
    ProcessReport result(String command) {
        return reported(start(spec(command)), ProcessState.EXITED);
    }

    AgentReply stop(ProcessSpec spec, Duration grace) {
        return ask(new AgentRequest.Stop(spec.pid(), spec.incarnation(), grace.toMillis()));
    }

    ProcessReport reported(ProcessSpec spec, ProcessState state) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> reports.stream()
                        .anyMatch(report ->
                                report.pid() == spec.pid() && (report.state() == state || ended(report, state))));
        ProcessReport found = reports.stream()
                .filter(report -> report.pid() == spec.pid() && (report.state() == state || ended(report, state)))
                .findFirst()
                .orElseThrow();
        if (found.state() != state) {
            throw new AssertionError("ended instead of " + state + ": " + found.exit());
        }
        return found;
    }

    private static boolean ended(ProcessReport report, ProcessState wanted) {
        return report.state() == ProcessState.EXITED && wanted != ProcessState.EXITED;
    }

    String output(ProcessSpec spec) {
        return String.join(
                "\n",
                lines.stream()
                        .filter(line -> line.pid() == spec.pid())
                        .map(LogLine::text)
                        .toList());
    }

    InstanceFolder folder(ProcessSpec spec) {
        return InstanceFolder.in(home.resolve("agent"), InstanceKey.of(spec));
    }

    /** Process 1 of an instance's container, as long as it lives. */
    OptionalInt keeper(ProcessSpec spec) throws IOException {
        String pid = folder(spec).text("init.pid").strip();
        if (pid.isEmpty() || !Files.exists(Path.of("/proc", pid))) {
            return OptionalInt.empty();
        }
        boolean lives = Cgroups.ofHost(id()).processes(folder(spec).container()).contains(Integer.valueOf(pid));
        return lives ? OptionalInt.of(Integer.parseInt(pid)) : OptionalInt.empty();
    }

    /** Makes a file in a running container's own folder, as one of its programs would. */
    void touchInside(ProcessSpec spec, String name) throws IOException {
        touchInside(folder(spec), name);
    }

    static void touchInside(InstanceFolder folder, String name) throws IOException {
        Files.writeString(Path.of("/proc", folder.text("init.pid").strip(), "root/app", name), "");
    }

    HostReport hostReport() {
        await().atMost(PATIENCE).until(() -> !hostReports.isEmpty());
        return hostReports.getLast();
    }

    /** The platform's id, part of the names of all it has in the kernel. */
    String id() throws IOException {
        String path = home.resolve("agent").toRealPath().toString();
        return Digest.of(path.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
    }

    @Override
    public void close() throws IOException {
        agent.stopAll(Duration.ofMillis(500));
        bus.close();
        Folders.delete(home);
    }
}
