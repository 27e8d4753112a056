package holt.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs each instance as a plain process in a session and a folder of its own, where containers cannot be had. It is not
 * isolated: the warnings say what is lost.
 */
final class PlainBackend implements Backend {
    private static final String ADDRESS = "127.0.0.1";
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int MEMORY_FACTOR = 4;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long TICK_NANOS = 10_000_000;
    private static final int PAGE_BYTES = 4096;
    private static final String LAUNCH = """
            # Arguments: most data a process may hold (KiB), notes file, command...
            ulimit -d "$1" 2>/dev/null
            echo started > "$2"
            shift 2
            exec "$@"
            """;

    private final AgentSettings settings;
    private final InstantSource clock;
    private final List<String> warnings;
    private final boolean dropsPrivileges;

    /** @param reasons why there are no containers, for people */
    PlainBackend(AgentSettings settings, InstantSource clock, List<String> reasons) throws IOException {
        this.settings = settings;
        this.clock = clock;
        String obstacle = obstacle(settings.home());
        boolean root = Native.effectiveUser() == 0;
        dropsPrivileges = root && obstacle.isEmpty();
        warnings = warnings(reasons, root ? obstacle : "");
    }

    /** What keeps applications from running as users of their own; empty for nothing. */
    private static String obstacle(Path home) throws IOException {
        if (Tool.find("setpriv").isEmpty()) {
            return "the program setpriv is missing";
        }
        for (Path each = home.getParent(); each != null; each = each.getParent()) {
            if (Files.exists(each)
                    && !Files.getPosixFilePermissions(each).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return "the folder " + each + " is closed to other users";
            }
        }
        return "";
    }

    private static List<String> warnings(List<String> reasons, String obstacle) {
        List<String> warnings = new ArrayList<>();
        warnings.add(
                "applications are not isolated: they see this host's files, processes and network, and each other");
        warnings.add(
                "limits of cpu, processes, files, disk and speed do not hold, and memory is limited for each of an application's processes "
                        + "alone, at four times its limit");
        if (!obstacle.isEmpty()) {
            warnings.add("applications run as root, because " + obstacle);
        }
        reasons.forEach(reason -> warnings.add("no containers: " + reason));
        return List.copyOf(warnings);
    }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public String runtime() {
        return "plain processes";
    }

    @Override
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public Started start(Start start) throws IOException {
        InstanceFolder folder = start.folder();
        int uid = dropsPrivileges ? folder.key().uid() : -1;
        Path files = Files.createDirectory(app(folder));
        Folders.copy(start.droplet().files(), files, uid, Droplets.GROUP);
        if (dropsPrivileges) {
            openWay(folder);
            for (String each : InstanceFolder.STREAMS) {
                Folders.own(folder.output(each), uid, Droplets.GROUP);
            }
        }
        Place place = new Place(ADDRESS, freePort());
        folder.savePlace(place);
        return new Started(place, Shim.start(folder, command(start), environment(start, place)));
    }

    private Map<String, String> environment(Start start, Place place) {
        Path javaHome = Path.of(System.getProperty("java.home", "/usr"));
        String files = app(start.folder()).toString();
        InstanceEnvironment.Surroundings surroundings = new InstanceEnvironment.Surroundings(
                settings.host(), ADDRESS, place.port(), files, javaHome, PATH, clock.instant());
        return InstanceEnvironment.variables(start.spec(), start.droplet().environment(), start.user(), surroundings);
    }

    /** Lets a program of another user through the folders above its own, without letting it look into them. */
    private void openWay(InstanceFolder folder) throws IOException {
        for (Path each = folder.path(); each != null && each.startsWith(settings.home()); each = each.getParent()) {
            Set<PosixFilePermission> rights = new TreeSet<>(Files.getPosixFilePermissions(each));
            rights.add(PosixFilePermission.OTHERS_EXECUTE);
            Files.setPosixFilePermissions(each, rights);
        }
    }

    private List<String> command(Start start) {
        long dataKibibytes = MEMORY_FACTOR * (start.spec().limits().memoryBytes() >> 10);
        InstanceFolder folder = start.folder();
        List<String> line = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                LAUNCH,
                "holt-plain",
                Long.toString(dataKibibytes),
                folder.notes().toString()));
        line.addAll(asUser(folder));
        line.addAll(List.of(
                "/bin/sh",
                "-c",
                "cd \"$0\" && exec /bin/sh -c \"$1\"",
                app(folder).toString()));
        line.add(start.spec().command());
        return line;
    }

    /** What runs a program as the instance's user; nothing where that cannot be. */
    private List<String> asUser(InstanceFolder folder) {
        String uid = Integer.toString(folder.key().uid());
        String gid = Integer.toString(Droplets.GROUP);
        return dropsPrivileges
                ? List.of("setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", "--no-new-privs")
                : List.of();
    }

    private static Path app(InstanceFolder folder) {
        return folder.path().resolve("app");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(ADDRESS), 0));
            return socket.getLocalPort();
        }
    }

    @Override
    public boolean hasBegun(InstanceFolder folder) throws IOException {
        return folder.text("notes").startsWith("started");
    }

    @Override
    public OptionalInt keeper(InstanceFolder folder) throws IOException {
        return Shim.find(folder);
    }

    @Override
    public boolean terminate(InstanceFolder folder) throws IOException {
        OptionalInt shim = Shim.find(folder);
        if (shim.isEmpty() || !hasBegun(folder)) {
            return false;
        }
        for (int pid : Sessions.members(shim.getAsInt())) {
            if (pid != shim.getAsInt()) {
                Sessions.signal(pid, Native.SIGTERM);
            }
        }
        return true;
    }

    @Override
    public void kill(InstanceFolder folder) throws IOException {
        Sessions.killOthers(Shim.find(folder));
    }

    @Override
    public EndFacts finish(InstanceFolder folder) throws IOException {
        int status = folder.exitStatus();
        Optional<InstanceStatus> kept = folder.status();
        if (kept.isPresent()) {
            killMarked("HOLT_INSTANCE=" + kept.get().spec().instanceId());
        }
        boolean begun = hasBegun(folder);
        return new EndFacts(
                begun, status, 0, begun ? "" : folder.text("log/err").strip(), List.of());
    }

    /** What left the session is found by its environment. */
    private static void killMarked(String variable) throws IOException {
        long limit = System.nanoTime() + PATIENCE_NANOS;
        for (List<Integer> left = Sessions.marked(variable); !left.isEmpty(); left = Sessions.marked(variable)) {
            for (int pid : left) {
                Sessions.signal(pid, Native.SIGKILL);
            }
            if (System.nanoTime() > limit) {
                throw new IOException(left.size() + " processes with " + variable + " do not end after SIGKILL");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public Usage usage(InstanceFolder folder) throws IOException {
        OptionalInt shim = Shim.find(folder);
        long pages = 0;
        long ticks = 0;
        if (shim.isPresent()) {
            for (int pid : Sessions.members(shim.getAsInt())) {
                String[] fields = Sessions.fields(pid);
                if (fields.length > Sessions.RESIDENT_FIELD) {
                    ticks += Long.parseLong(fields[Sessions.USER_TIME_FIELD])
                            + Long.parseLong(fields[Sessions.SYSTEM_TIME_FIELD]);
                    pages += Long.parseLong(fields[Sessions.RESIDENT_FIELD]);
                }
            }
        }
        return new Usage(pages * PAGE_BYTES, ticks * TICK_NANOS);
    }

    @Override
    public Optional<String> listening(InstanceFolder folder, Place place) {
        return Optional.empty(); // all of the host's sockets are seen here, not those of the instance alone
    }

    @Override
    public InstanceFiles files(InstanceFolder folder) throws IOException {
        return new LiveFiles(Native.open(app(folder).toString(), Native.O_PATH | Native.O_DIRECTORY));
    }

    @Override
    public Guest enter(Guest.Wish wish) throws IOException {
        if (Shim.find(wish.start().folder()).isEmpty() || !hasBegun(wish.start().folder())) {
            throw new IOException("the instance does not run");
        }
        Guest.Members members = session -> members(session, wish.markVariable());
        int uid = dropsPrivileges ? wish.start().folder().key().uid() : -1;
        return Guest.start(builder(wish), members, wish.window(), uid);
    }

    private ProcessBuilder builder(Guest.Wish wish) throws IOException {
        InstanceFolder folder = wish.start().folder();
        List<String> line = new ArrayList<>(asUser(folder));
        line.addAll(List.of("/bin/sh", "-c", Guest.LAUNCH, "holt"));
        line.add(wish.directory().isEmpty() ? app(folder).toString() : wish.directory());
        line.addAll(wish.command());
        ProcessBuilder builder = new ProcessBuilder(line).directory(app(folder).toFile());
        builder.environment().clear();
        builder.environment().putAll(environment(wish.start(), folder.place().orElse(new Place(ADDRESS, 0))));
        builder.environment().putAll(wish.environment());
        builder.environment().put(Guest.MARK, wish.mark());
        return builder;
    }

    private static Collection<Integer> members(int session, String mark) throws IOException {
        Set<Integer> members = new TreeSet<>(Sessions.members(session));
        members.addAll(Sessions.marked(mark));
        return members;
    }

    @Override
    public void endGuest(InstanceFolder folder, String mark) throws IOException {
        for (int pid : Sessions.marked(Guest.MARK + "=" + mark)) {
            Sessions.signal(pid, Native.SIGKILL);
        }
    }

    @Override
    public SocketChannel connect(InstanceFolder folder, int port) throws IOException {
        return NamespaceDoor.connectHere(port);
    }

    @Override
    public void removeStrays(Set<InstanceKey> known) {}

    @Override
    public void close() {}

    @Override
    public void remove() {}
}
