package holt.agent;

import holt.model.Json;
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
            InstantSource clock)
            throws IOException {
        this.settings = settings;
        this.runtime = runtime;
        this.state = state;
        this.system = system;
        this.cgroups = cgroups;
        this.network = network;
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
        return runtime.notes();
    }

    @Override
    public Started start(Start start) throws IOException {
        InstanceFolder folder = start.folder();
        ContainerFiles files = new ContainerFiles(folder, start.spec());
        files.make(start.droplet(), runtime.overlay());
        InstanceNetwork.Prepared prepared = network.take();
        starting.put(folder.key(), prepared);
        try {
            Place place = new Place(prepared.address(), PORT);
            folder.savePlace(place);
            files.writeHosts(prepared.address());
            folder.replace(
                    "config.json", Json.bytes(OciBundle.configuration(container(start, files, prepared), system)));
            int shim = Shim.start(folder, command(folder), Map.of("PATH", PATH));
            return new Started(place, shim);
        } catch (IOException fault) {
            settle(folder);
            network.free(prepared.address());
            throw fault;
        }
    }

    private OciBundle.Container container(Start start, ContainerFiles files, InstanceNetwork.Prepared prepared) {
        Path folder = start.folder().path();
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
                runtime.overlay() ? folder : start.folder().upper(),
                start.folder().notes(),
                generated,
                runtime.swapLimit());
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
        String notes = folder.text("notes");
        return new EndFacts(notes.startsWith("started"), status, oomKills(notes), message(folder), List.of());
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
        return cgroups.usage(folder.key());
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
        Path lower = folder.path().resolve("lower");
        return new LayeredFiles(folder.upper(), Files.isDirectory(lower) ? lower.toRealPath() : folder.upper());
    }

    @Override
    public Guest enter(Guest.Wish wish) throws IOException {
        Backend.Start start = wish.start();
        running(start.folder());
        InstanceNetwork.Prepared none = new InstanceNetwork.Prepared("", -1); // only what its program is given matters
        OciBundle.Container own = container(start, new ContainerFiles(start.folder(), start.spec()), none);
        return guests(start.folder()).start(wish, process(own));
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> process(OciBundle.Container own) {
        return (Map<String, Object>)
                Objects.requireNonNull(OciBundle.configuration(own, system).get("process"));
    }

    @Override
    public void endGuest(InstanceFolder folder, String mark) throws IOException {
        guests(folder).endMarked(folder.key(), mark);
    }

    private ContainerGuests guests(InstanceFolder folder) {
        return new ContainerGuests(runtime(folder), state.folder(), cgroups);
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
    }

    @Override
    public void remove() throws IOException {
        network.remove();
        cgroups.removeAll();
        state.remove();
    }
}
