package holt.agent;

import holt.model.Digest;
import holt.model.Resources;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What this machine offers: its resources, and the best back end that works on it. Used once, at the start. */
final class Host {
    private static final int ID_DIGITS = 8;
    private static final double GIVEN_OUT = 0.9;
    private static final long KIBIBYTE = 1024;
    private static final long MILLIS_PER_CORE = 1000;
    /** A limit of pids is there against floods and is rarely used up: more of them can be promised than there are. */
    private static final long PIDS_OVERBOOKED = 4;

    private static final int PREPARED_SHARE = 16;
    private static final long PREPARED_BYTES = 5L << 18;

    private static final Path PID_MAX = Path.of("/proc/sys/kernel/pid_max");
    private static final List<Path> PID_LIMITS =
            List.of(Path.of("/sys/fs/cgroup/pids.max"), Path.of("/sys/fs/cgroup/pids/pids.max"));

    private final AgentSettings settings;

    Host(AgentSettings settings) {
        this.settings = settings;
    }

    /** Memory that may be given to processes: as set, or nine tenths of what this machine or our own group has. */
    long memoryBytes() throws IOException {
        if (settings.memoryBytes() > 0) {
            return settings.memoryBytes();
        }
        long total = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemTotal:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KIBIBYTE)
                .findFirst()
                .orElse(Runtime.getRuntime().maxMemory());
        var operatingSystem = java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        if (operatingSystem instanceof com.sun.management.OperatingSystemMXBean limits) {
            total = Math.min(total, limits.getTotalMemorySize());
        }
        return (long) (total * GIVEN_OUT);
    }

    /** What may be given to processes here: the memory as above, all cores, and shares of disk and pids. */
    Resources capacity() throws IOException {
        long cores = Runtime.getRuntime().availableProcessors();
        long disk = Files.getFileStore(settings.home()).getUsableSpace();
        return new Resources(
                memoryBytes(), cores * MILLIS_PER_CORE, (long) (disk * GIVEN_OUT), pids() * PIDS_OVERBOOKED);
    }

    /** The most that this machine has, or a group we were put in. */
    static long pids() throws IOException {
        long most = Long.parseLong(firstLine(PID_MAX));
        for (Path limit : PID_LIMITS) {
            String text = Files.exists(limit) ? firstLine(limit) : "max";
            if (text.matches("\\d{1,18}")) {
                most = Math.min(most, Long.parseLong(text));
            }
        }
        return most;
    }

    /** Linux gives all of a number in /proc/sys at the first read, and {@code Files.readString} begins with one byte. */
    private static String firstLine(Path path) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            String line = reader.readLine();
            return line == null ? "" : line.strip();
        }
    }

    /**
     * The back end that was asked for, or the best that works.
     *
     * @param found instances that an earlier agent left
     */
    Backend chooseBackend(List<InstanceStatus> found, InstantSource clock) throws IOException {
        List<String> reasons = new ArrayList<>();
        Optional<Backend> container = switch (settings.backend()) {
            case AUTO, CONTAINER -> container(found, clock, reasons);
            case PLAIN -> {
                reasons.add("the plain back end was asked for");
                yield Optional.empty();
            }
        };
        if (container.isPresent()) {
            return container.get();
        }
        if (settings.backend() == AgentSettings.Choice.CONTAINER) {
            throw new IOException("containers were asked for, but cannot be had: " + String.join("; ", reasons));
        }
        return new PlainBackend(settings, clock, reasons);
    }

    private Optional<Backend> container(List<InstanceStatus> found, InstantSource clock, List<String> reasons)
            throws IOException {
        if (Native.effectiveUser() != 0) {
            reasons.add("the agent does not run as root");
            return Optional.empty();
        }
        for (String tool : List.of("ip", "nft")) {
            if (Tool.find(tool).isEmpty()) {
                reasons.add("the program " + tool + " is not installed");
                return Optional.empty();
            }
        }
        if (settings.home().toString().chars().anyMatch(each -> ":,\\\"".indexOf(each) >= 0)) {
            reasons.add("the path of the home folder has a colon, comma, quote or backslash");
            return Optional.empty();
        }
        String platform = platform();
        Cgroups cgroups = Cgroups.ofHost(platform);
        SystemRoot system = SystemRoot.make(settings.home().resolve("system"));
        RuntimeProbe probe = new RuntimeProbe(settings, settings.home().resolve("probe"), system, cgroups);
        Optional<ContainerRuntime> runtime = probe.find();
        if (runtime.isEmpty()) {
            reasons.addAll(probe.reasons());
            return Optional.empty();
        }
        Map<String, Long> inUse = new HashMap<>();
        for (InstanceStatus status : found) {
            Place place = status.place();
            if (!status.isExited() && place != null) {
                inUse.put(place.address(), status.spec().group());
            }
        }
        InstanceNetwork network = new InstanceNetwork(settings.home(), platform, settings.preparedNetworks(), inUse);
        RuntimeState state = RuntimeState.open(platform, settings.home());
        InstanceDisks disks = InstanceDisks.find(settings.home(), platform);
        HostLimits limits = HostLimits.find(settings.home(), cgroups);
        return Optional.of(new ContainerBackend(
                settings, runtime.get(), state, system, cgroups, network, disks, limits, mostPrepared(), clock));
    }

    /** Containers that wait may take a sixteenth of the memory for programs, at what the kernel and process 1 need. */
    private int mostPrepared() throws IOException {
        return (int) Math.min(settings.preparedContainers(), memoryBytes() / PREPARED_SHARE / PREPARED_BYTES);
    }

    /** Names this platform among others on the machine: the same for the same home. */
    String platform() throws IOException {
        return Digest.of(settings.home().toRealPath().toString().getBytes(StandardCharsets.UTF_8))
                .substring(0, ID_DIGITS);
    }
}
