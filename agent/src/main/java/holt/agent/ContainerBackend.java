package holt.agent;

import holt.model.Json;
import holt.model.ProcessSpec;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs each instance in a container of its own: separate processes, mounts, network and host name, an unprivileged user,
 * limits on memory, cpu and number of processes, this host's system read-only and a private writable layer.
 */
final class ContainerBackend implements Backend {
    private static final System.Logger LOG = System.getLogger(ContainerBackend.class.getName());
    private static final int PORT = 8080;
    private static final int KILLED = 128 + Native.SIGKILL;
    /** What a pipe takes without its reader. */
    private static final int MAX_RECORD_BYTES = 60_000;

    private static final String INIT = Shim.resource("init.sh");
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final AgentSettings settings;
    private final ContainerRuntime runtime;
    private final SystemRoot system;
    private final Cgroups cgroups;
    private final InstanceNetwork network;
    private final InstanceDisks disks;
    private final HostLimits hostLimits;
    private final Bandwidth bandwidth = new Bandwidth();
    private final InstantSource clock;
    private final RuntimeState state;
    private final String boot;
    private final ExitWatch spawned = new ExitWatch();
    private final HostNames names = new HostNames();
    private final ExecutorService clearing = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<InstanceKey, InstanceKey> containers = new ConcurrentHashMap<>();
    private final Map<InstanceKey, Meter> meters = new ConcurrentHashMap<>();
    private final PreparedContainers prepared;

    ContainerBackend(
            AgentSettings settings,
            ContainerRuntime runtime,
            RuntimeState state,
            SystemRoot system,
            Cgroups cgroups,
            InstanceNetwork network,
            InstanceDisks disks,
            HostLimits hostLimits,
            int mostPrepared,
            InstantSource clock)
            throws IOException {
        this.settings = settings;
        this.runtime = runtime;
        this.state = state;
        this.system = system;
        this.cgroups = cgroups;
        this.network = network;
        this.disks = disks;
        this.hostLimits = hostLimits;
        this.clock = clock;
        boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        prepared = new PreparedContainers(new Workshop(), mostPrepared, firstPrepared());
    }

    /** After those that instances of an earlier agent are in. */
    private long firstPrepared() throws IOException {
        return cgroups.instances().stream()
                        .mapToLong(InstanceKey::preparedNumber)
                        .max()
                        .orElse(-1)
                + 1;
    }

    @Override
    public String name() {
        return "container";
    }

    @Override
    public String runtime() {
        return runtime.description() + ", " + cgroups.layout();
    }

    @Override
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(runtime.notes());
        warnings.addAll(disks.warnings());
        warnings.addAll(hostLimits.warnings());
        return List.copyOf(warnings);
    }

    @Override
    public Started start(Start start) throws IOException {
        byte[] record = StartRecord.of(variables(start), List.of(start.spec().command()));
        if (record.length <= MAX_RECORD_BYTES) {
            Optional<PreparedContainers.Waiting> waiting = prepared.take(start);
            if (waiting.isPresent()) {
                return handOver(start, waiting.get(), record);
            }
        }
        PreparedContainers.Waiting made = make(start, start.spec(), start.folder(), -1);
        return new Started(made.place(), made.init());
    }

    /** Tells a container that waits what to run. From its name on the folder tells whose the container is. */
    private Started handOver(Start start, PreparedContainers.Waiting waiting, byte[] record) throws IOException {
        InstanceFolder folder = start.folder();
        try {
            folder.saveContainer(waiting.folder().key(), boot);
            containers.put(folder.key(), waiting.folder().key());
            folder.savePlace(waiting.place());
            network.join(waiting.place().address(), start.spec().group());
            ContainerFiles files = new ContainerFiles(waiting.folder(), start.spec());
            files.writeNames(waiting.place().address());
            names.rename(waiting.init(), files.hostname());
            Spawn.write(waiting.pipe(), record);
            waiting.folder()
                    .moveTo(folder); // while the program starts; Strays does it for an agent that was killed here
            return new Started(waiting.place(), waiting.init());
        } catch (IOException fault) {
            cgroups.kill(waiting.folder().key());
            clear(folder, waiting.folder().key(), waiting.place());
            throw fault;
        } finally {
            Native.close(waiting.pipe());
        }
    }

    /**
     * Makes a container and lets it run.
     *
     * @param input descriptor it waits at for what to run; negative for one that runs its program at once
     */
    private PreparedContainers.Waiting make(Start start, ProcessSpec spec, InstanceFolder folder, int input)
            throws IOException {
        ContainerFiles files = new ContainerFiles(folder, spec);
        InstanceNetwork.Prepared network = this.network.take();
        Place place = new Place(network.address(), PORT);
        try {
            folder.saveContainer(folder.key(), boot);
            folder.savePlace(place);
            Path layer = disks.attach(folder, spec.limits().diskBytes());
            files.make(start.droplet(), runtime.overlay(), layer);
            files.writeNames(network.address());
            bandwidth.limit(network.path(), this.network.port(network.address()), spec.limits());
            if (input < 0) {
                this.network.join(network.address(), spec.group());
            }
            OciBundle.Container container = container(start, folder.key(), files, network, layer, input >= 0);
            folder.replace("config.json", Json.bytes(OciBundle.configuration(container, system)));
            int status = run(folder, input);
            Optional<Integer> init = pid(folder);
            if (status != 0 || init.isEmpty()) {
                throw new IOException(message(folder));
            }
            return new PreparedContainers.Waiting(folder, place, init.get(), -1);
        } catch (IOException fault) {
            cgroups.kill(folder.key());
            clear(folder, folder.key(), place);
            throw fault;
        } finally {
            Files.deleteIfExists(folder.path().resolve("config.json"));
            disks.settle(folder);
            this.network.release(network);
        }
    }

    /** Runs the runtime until the container runs. */
    private int run(InstanceFolder folder, int input) throws IOException {
        List<String> command = command(folder);
        Map<String, String> environment = Map.of("PATH", PATH);
        Path out = folder.output("out");
        Path err = folder.output("err");
        if (!Spawn.isPossible()) {
            return Spawn.runInJava(command, environment, input, out, err);
        }
        int pid = Spawn.start(command, environment, input, out, err);
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        spawned.watch(pid, () -> ended.complete(true));
        ended.join();
        return Spawn.collect(pid);
    }

    private Map<String, String> variables(Start start) {
        InstanceEnvironment.Surroundings surroundings = new InstanceEnvironment.Surroundings(
                settings.host(), "0.0.0.0", PORT, "/app", system.javaHome(), PATH, clock.instant());
        return InstanceEnvironment.variables(start.spec(), start.droplet().environment(), start.user(), surroundings);
    }

    private OciBundle.Container container(
            Start start,
            InstanceKey name,
            ContainerFiles files,
            InstanceNetwork.Prepared network,
            Path layer,
            boolean later) {
        InstanceFolder own = files.folder();
        List<String> command = new ArrayList<>(
                List.of("/bin/sh", "-c", INIT, "holt-init", "/run/holt/notes", later ? "later" : "now"));
        command.addAll(List.of("/bin/sh", "-c"));
        if (!later) {
            command.add(start.spec().command());
        }
        return new OciBundle.Container(
                command,
                later ? Map.of("PATH", PATH) : variables(start),
                name.uid(),
                files.hostname(),
                cgroups.path(name),
                start.spec().limits(),
                network.path(),
                runtime.overlay() ? start.droplet().files() : null,
                runtime.overlay() ? layer : layer.resolve("upper"),
                own.run(),
                Map.of(),
                runtime.swapLimit(),
                hostLimits);
    }

    private List<String> command(InstanceFolder folder) {
        List<String> line = runtime(folder);
        line.addAll(List.of(
                "--log",
                folder.runtimeLog().toString(),
                "run",
                "--detach",
                "--bundle",
                folder.path().toString()));
        line.addAll(
                List.of("--pid-file", folder.initPid().toString(), folder.key().toString()));
        return line;
    }

    private List<String> runtime(InstanceFolder folder) {
        List<String> line = new ArrayList<>(runtime.command());
        line.addAll(List.of("--root", state.folder().toString()));
        return line;
    }

    /** The container an instance is in. */
    private InstanceKey container(InstanceFolder folder) throws IOException {
        InstanceKey known = containers.get(folder.key());
        if (known != null) {
            return known;
        }
        InstanceKey kept = folder.container();
        containers.put(folder.key(), kept);
        return kept;
    }

    @Override
    public OptionalInt keeper(InstanceFolder folder) throws IOException {
        Optional<Integer> init = init(folder);
        return init.isPresent() ? OptionalInt.of(init.get()) : OptionalInt.empty();
    }

    @Override
    public boolean hasBegun(InstanceFolder folder) throws IOException {
        return folder.text("run/notes").startsWith("started")
                && !folder.text("init.pid").isEmpty();
    }

    /** Process 1 waits for its program and hands no signals on: they are for those it waits for. */
    @Override
    public boolean terminate(InstanceFolder folder) throws IOException {
        Optional<Integer> init = init(folder);
        if (init.isEmpty() || !hasBegun(folder)) {
            return false;
        }
        List<Integer> programs = Sessions.children(init.get());
        for (int each : programs) {
            Sessions.signal(each, Native.SIGTERM);
        }
        return !programs.isEmpty();
    }

    @Override
    public void kill(InstanceFolder folder) throws IOException {
        Optional<Integer> init = init(folder);
        if (init.isPresent()) {
            Sessions.signal(
                    init.get(), Native.SIGKILL); // the kernel ends all of its processes with it, however fast they fork
        }
        cgroups.kill(container(folder));
    }

    private static Optional<Integer> pid(InstanceFolder folder) throws IOException {
        String text = folder.text("init.pid").strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(Integer.valueOf(text));
    }

    /** The pid, on this host, of the container's process 1; empty where it has ended. */
    private Optional<Integer> init(InstanceFolder folder) throws IOException {
        Optional<Integer> pid = pid(folder);
        return pid.isPresent() && isIn(container(folder), pid.get()) ? pid : Optional.empty();
    }

    private boolean isIn(InstanceKey container, int pid) throws IOException {
        try {
            return cgroups.contains(container, pid);
        } catch (IOException fault) {
            if (Files.exists(Path.of("/proc", Integer.toString(pid)))) {
                throw fault;
            }
            return false;
        }
    }

    @Override
    public EndFacts finish(InstanceFolder folder) throws IOException {
        InstanceKey container = container(folder);
        cgroups.kill(container);
        ContainerNotes notes = ContainerNotes.of(folder.text("run/notes"));
        // Only SIGKILL ends a process 1 without a word; what a restart of the machine ended left none either.
        int unsaid = folder.isOf(boot) ? KILLED : -1;
        EndFacts facts = new EndFacts(
                notes.started(),
                notes.exit().orElse(unsaid),
                cgroups.oomKills(container),
                message(folder),
                List.of(),
                cgroups.peakMemory(container));
        Place place = folder.place().orElse(null);
        try {
            clearing.execute(() -> clearLater(folder, container, place));
        } catch (RejectedExecutionException leaving) {
            LOG.log(System.Logger.Level.DEBUG, "event=container-left-to-the-next-agent container=" + container);
        }
        return facts;
    }

    /** The end need not wait for this to be told; what fails here, the next agent removes. */
    private void clearLater(InstanceFolder folder, InstanceKey container, @Nullable Place place) {
        try {
            clear(folder, container, place);
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=container-not-cleared container=" + container, fault);
        }
    }

    /** Gives back what a container without processes holds of the system. */
    private void clear(InstanceFolder folder, InstanceKey container, @Nullable Place place) throws IOException {
        cgroups.remove(container);
        Folders.delete(state.folder().resolve(container.toString()));
        containers.remove(folder.key());
        meters.remove(folder.key());
        if (place != null) {
            network.free(place.address());
        }
    }

    private static String message(InstanceFolder folder) throws IOException {
        String log = folder.text("runtime.log").strip().replace('\n', ' ');
        return log.isEmpty() ? "its start was cut short" : "the container could not be started: " + log;
    }

    @Override
    public Usage usage(InstanceFolder folder) throws IOException {
        Meter meter = meters.get(folder.key());
        if (meter == null) {
            Optional<Place> place = folder.place();
            Optional<Integer> init = pid(folder);
            if (init.isEmpty() || place.isEmpty()) {
                return cgroups.usage(container(folder));
            }
            String disk = InstanceDisks.hasOwn(folder) ? "/proc/" + init.get() + "/root/app" : "";
            meter = new Meter(
                    container(folder),
                    network.port(place.get().address()),
                    disk,
                    folder.run().resolve("notes"));
            meters.put(folder.key(), meter);
        }
        return meter.read(cgroups);
    }

    @Override
    public Optional<String> listening(InstanceFolder folder, Place place) throws IOException {
        Optional<Integer> init = init(folder);
        return init.isEmpty()
                ? Optional.empty()
                : Optional.of(ListeningPorts.explain(ListeningPorts.of(init.get()), place.port()));
    }

    @Override
    public InstanceFiles files(InstanceFolder folder) throws IOException {
        Optional<Integer> init = init(folder);
        if (init.isPresent()) {
            int opened = Native.open("/proc/" + init.get() + "/root/app", Native.O_PATH | Native.O_DIRECTORY);
            if (init(folder).equals(init)) {
                return new LiveFiles(opened);
            }
            Native.close(opened);
        }
        return disks.files(folder);
    }

    @Override
    public Guest enter(Guest.Wish wish) throws IOException {
        Backend.Start start = wish.start();
        InstanceFolder folder = start.folder();
        running(folder);
        // Only what its program is given matters, not what its container was made of.
        InstanceNetwork.Prepared none = new InstanceNetwork.Prepared("", -1);
        ContainerFiles files = new ContainerFiles(folder, start.spec());
        OciBundle.Container own = container(start, container(folder), files, none, folder.path(), false);
        return guests(folder).start(wish, process(own));
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> process(OciBundle.Container own) {
        return (Map<String, Object>)
                Objects.requireNonNull(OciBundle.configuration(own, system).get("process"));
    }

    @Override
    public void endGuest(InstanceFolder folder, String mark) throws IOException {
        guests(folder).endMarked(mark);
    }

    private ContainerGuests guests(InstanceFolder folder) throws IOException {
        return new ContainerGuests(runtime(folder), state.folder(), cgroups, container(folder));
    }

    @Override
    public SocketChannel connect(InstanceFolder folder, int port) throws IOException {
        int init = running(folder);
        int namespace = Native.open("/proc/" + init + "/ns/net", Native.O_RDONLY);
        try {
            if (running(folder) != init) {
                throw new IOException("the instance ends");
            }
            return NamespaceDoor.connect(namespace, port);
        } finally {
            Native.close(namespace);
        }
    }

    private int running(InstanceFolder folder) throws IOException {
        Optional<Integer> init = init(folder);
        if (init.isEmpty() || !hasBegun(folder)) {
            throw new IOException("the instance does not run");
        }
        return init.get();
    }

    @Override
    public void removeStrays(Set<InstanceKey> known) throws IOException {
        Strays strays = new Strays(settings.home());
        strays.awaitStarts();
        strays.finishMoves(known);
        Set<InstanceKey> kept = strays.containersOf(known);
        for (InstanceKey key : cgroups.instances()) {
            if (!kept.contains(key)) {
                cgroups.kill(key);
                cgroups.remove(key);
            }
        }
        for (Path each : Folders.list(state.folder())) {
            Optional<InstanceKey> key = InstanceKey.parse(String.valueOf(each.getFileName()));
            if (key.isPresent() && !kept.contains(key.get())) {
                Folders.delete(each);
            }
        }
        Folders.delete(InstanceFolder.prepared(settings.home()));
    }

    @Override
    public void close() throws IOException {
        prepared.close();
        clearing.close();
        spawned.close();
        names.close();
        network.close();
        disks.close();
    }

    @Override
    public void remove() throws IOException {
        network.remove();
        cgroups.removeAll();
        state.remove();
    }

    /** Makes and ends containers that wait. */
    private final class Workshop implements PreparedContainers.Workshop {
        @Override
        public PreparedContainers.Waiting make(Start model, InstanceKey name) throws IOException {
            InstanceFolder folder = InstanceFolder.prepared(settings.home(), name);
            folder.create();
            Spawn.Pipe pipe = Spawn.pipe();
            try {
                PreparedContainers.Waiting made =
                        ContainerBackend.this.make(model, model.spec(), folder, pipe.reading());
                return new PreparedContainers.Waiting(folder, made.place(), made.init(), pipe.writing());
            } catch (IOException fault) {
                Native.close(pipe.writing());
                Folders.delete(folder.path());
                throw fault;
            } finally {
                Native.close(pipe.reading());
            }
        }

        @Override
        public boolean isAlive(PreparedContainers.Waiting container) throws IOException {
            return isIn(container.folder().key(), container.init());
        }

        @Override
        public void discard(PreparedContainers.Waiting container) throws IOException {
            Native.close(container.pipe());
            cgroups.kill(container.folder().key());
            clear(container.folder(), container.folder().key(), container.place());
            Folders.delete(container.folder().path());
        }
    }
}
