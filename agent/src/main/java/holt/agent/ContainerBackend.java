package holt.agent;

import holt.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs each instance in a container of its own: separate processes, mounts, network and host name, an unprivileged user,
 * limits on memory, cpu and number of processes, this host's system read-only and a private writable layer.
 */
final class ContainerBackend implements Backend {
    private static final int PORT = 8080;
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
    private final List<String> shell;
    private final Map<InstanceKey, InstanceNetwork.Prepared> starting = new ConcurrentHashMap<>();

    ContainerBackend(
            AgentSettings settings,
            ContainerRuntime runtime,
            RuntimeState state,
            SystemRoot system,
            Cgroups cgroups,
            InstanceNetwork network,
            InstanceDisks disks,
            HostLimits hostLimits,
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
        shell = shell();
    }

    /** A shell starts background programs with SIGINT and SIGQUIT ignored; where possible that is undone. */
    private static List<String> shell() throws IOException {
        List<String> reset = List.of("env", "--default-signal=INT,QUIT");
        List<String> trial = new ArrayList<>(reset);
        trial.add("true");
        List<String> shell = new ArrayList<>(Tool.run(trial, "").succeeded() ? reset : List.of());
        shell.addAll(List.of("/bin/sh", "-c"));
        return List.copyOf(shell);
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
        InstanceFolder folder = start.folder();
        ContainerFiles files = new ContainerFiles(folder, start.spec());
        Path layer = disks.attach(folder, start.spec().limits().diskBytes());
        InstanceNetwork.Prepared prepared = take(folder);
        starting.put(folder.key(), prepared);
        try {
            files.make(start.droplet(), runtime.overlay(), layer);
            network.join(prepared.address(), start.spec().group());
            bandwidth.limit(prepared.path(), network.port(prepared.address()), start.spec().limits());
            Place place = new Place(prepared.address(), PORT);
            folder.savePlace(place);
            files.writeHosts(prepared.address());
            folder.replace(
                    "config.json", Json.bytes(OciBundle.configuration(container(start, files, prepared, layer), system)));
            int shim = Shim.start(folder, command(folder), Map.of("PATH", PATH));
            return new Started(place, shim);
        } catch (IOException fault) {
            settle(folder);
            network.free(prepared.address());
            throw fault;
        }
    }

    private OciBundle.Container container(Start start, ContainerFiles files, InstanceNetwork.Prepared prepared, Path layer) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", INIT, "holt-init", "/run/holt/notes"));
        command.addAll(shell);
        command.add(start.spec().command());
        Map<String, Path> generated = files.generated();
        generated.put("resolv.conf", system.resolvers());
        InstanceEnvironment.Surroundings surroundings = new InstanceEnvironment.Surroundings(
                settings.host(), "0.0.0.0", PORT, "/app", system.javaHome(), PATH, clock.instant());
        return new OciBundle.Container(
                command,
                InstanceEnvironment.variables(start.spec(), start.droplet().environment(), start.user(), surroundings),
                start.folder().key().uid(),
                files.hostname(),
                cgroups.path(start.folder().key()),
                start.spec().limits(),
                prepared.path(),
                runtime.overlay() ? start.droplet().files() : null,
                runtime.overlay() ? layer : layer.resolve("upper"),
                start.folder().notes(),
                generated,
                runtime.swapLimit(),
                hostLimits);
    }

    private InstanceNetwork.Prepared take(InstanceFolder folder) throws IOException {
        try {
            return network.take();
        } catch (IOException fault) {
            disks.settle(folder);
            throw fault;
        }
    }

    private List<String> command(InstanceFolder folder) {
        List<String> line = runtime(folder);
        line.addAll(List.of(
                "--log",
                folder.runtimeLog().toString(),
                "run",
                "--bundle",
                folder.path().toString()));
        line.addAll(List.of("--pid-file", folder.initPid().toString(), containerId(folder)));
        return line;
    }

    private List<String> runtime(InstanceFolder folder) {
        List<String> line = new ArrayList<>(runtime.command());
        line.addAll(List.of("--root", state.folder().toString()));
        return line;
    }

    private static String containerId(InstanceFolder folder) {
        return folder.key().toString();
    }

    @Override
    public boolean hasBegun(InstanceFolder folder) throws IOException {
        return folder.text("notes").startsWith("started")
                && !folder.text("init.pid").isEmpty();
    }

    @Override
    public void settle(InstanceFolder folder) throws IOException {
        InstanceNetwork.Prepared prepared = starting.remove(folder.key());
        if (prepared != null) {
            network.release(prepared);
        }
        disks.settle(folder);
        Files.deleteIfExists(folder.path().resolve("config.json"));
    }

    @Override
    public boolean terminate(InstanceFolder folder) throws IOException {
        Optional<Integer> init = init(folder);
        if (init.isEmpty() || !hasBegun(folder)) {
            return false;
        }
        Sessions.signal(init.get(), Native.SIGTERM);
        return true;
    }

    @Override
    public void kill(InstanceFolder folder) throws IOException {
        Optional<Integer> init = init(folder);
        if (init.isPresent()) {
            Sessions.signal(
                    init.get(), Native.SIGKILL); // the kernel ends all of its processes with it, however fast they fork
        }
        cgroups.kill(folder.key());
        if (init.isEmpty()) {
            Sessions.killOthers(Shim.find(folder));
        }
    }

    /** The pid, on this host, of the container's process 1; empty where it has ended. */
    private Optional<Integer> init(InstanceFolder folder) throws IOException {
        String text = folder.text("init.pid").strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int pid = Integer.parseInt(text);
        try {
            return cgroups.contains(folder.key(), pid) ? Optional.of(pid) : Optional.empty();
        } catch (IOException fault) {
            if (Files.exists(Path.of("/proc", text))) {
                throw fault;
            }
            return Optional.empty();
        }
    }

    @Override
    public EndFacts finish(InstanceFolder folder) throws IOException {
        InstanceKey key = folder.key();
        int status = folder.exitStatus();
        cgroups.kill(key);
        long oomKills = Math.max(cgroups.oomKills(key), oomKills(folder.text("notes")));
        long peak = cgroups.peakMemory(key);
        if (Files.exists(state.folder().resolve(containerId(folder)))) {
            List<String> line = runtime(folder);
            line.addAll(List.of("delete", "--force", containerId(folder)));
            Tool.run(line, "");
            cgroups.remove(key);
        }
        settle(folder);
        Optional<Place> place = folder.place();
        if (place.isPresent()) {
            network.free(place.get().address());
        }
        boolean ran = folder.text("notes").startsWith("started");
        return new EndFacts(ran, status, oomKills, message(folder), List.of(), peak);
    }

    /** Written by the instance, so it may be anything. */
    private static long oomKills(String notes) {
        return notes.lines()
                .filter(line -> line.matches("oom_kill [0-9]{1,15}"))
                .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
                .max()
                .orElse(0);
    }

    private static String message(InstanceFolder folder) throws IOException {
        String log = folder.text("runtime.log").strip().replace('\n', ' ');
        return log.isEmpty() ? "its start was cut short" : "the container could not be started: " + log;
    }

    @Override
    public Usage usage(InstanceFolder folder) throws IOException {
        Usage own = cgroups.usage(folder.key());
        String pid = folder.text("init.pid").strip();
        Optional<Place> place = folder.place();
        if (pid.isEmpty() || place.isEmpty()) {
            return own;
        }
        long disk = InstanceDisks.used(folder, Integer.parseInt(pid));
        InstanceNetwork.Traffic traffic = network.traffic(place.get().address());
        return new Usage(
                own.memoryBytes(), own.cpuNanos(), own.pids(), disk, traffic.receivedBytes(), traffic.sentBytes());
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
    public void removeStrays(Set<InstanceKey> known) throws IOException {
        for (InstanceKey key : cgroups.instances()) {
            if (!known.contains(key)) {
                cgroups.kill(key);
                cgroups.remove(key);
            }
        }
        for (Path each : Folders.list(state.folder())) {
            Optional<InstanceKey> key = InstanceKey.parse(String.valueOf(each.getFileName()));
            if (key.isPresent() && !known.contains(key.get())) {
                Folders.delete(each);
            }
        }
    }

    @Override
    public void close() throws IOException {
        network.close();
        disks.close();
    }

    @Override
    public void remove() throws IOException {
        network.remove();
        cgroups.removeAll();
        state.remove();
    }
}
