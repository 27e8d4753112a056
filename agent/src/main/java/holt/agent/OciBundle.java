package holt.agent;

import holt.model.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the configuration of one container, as the runtimes read it (OCI runtime specification 1.0.2). Pure: what is
 * isolated and what is allowed can be read here, and nowhere else.
 */
final class OciBundle {
    private static final List<String> MASKED = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/config.gz",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");
    private static final int CPU_PERIOD_MICROS = 100_000;
    private static final int FAIR_SHARE = 1024;
    private static final long MAX_TEMPORARY_BYTES = 512L << 20;

    private OciBundle() {}

    /**
     * What differs between containers.
     *
     * @param networkPath the namespace to enter; null for a fresh one without any connection
     * @param lower the droplet's files, to be overlaid; null where {@code files} is a copy
     * @param files the overlay's folder with {@code upper} and {@code work}, or the copy itself
     * @param notes folder with its own few settings, and the file to which process 1 writes; null for none
     * @param generated files to put below {@code /etc}, by name
     * @param swapLimit whether the runtime can hold swap down here
     * @param host which other limits can be had
     */
    record Container(
            List<String> command,
            Map<String, String> environment,
            int uid,
            String hostname,
            String cgroup,
            Limits limits,
            @Nullable String networkPath,
            @Nullable Path lower,
            Path files,
            @Nullable Path notes,
            Map<String, Path> generated,
            boolean swapLimit,
            HostLimits host) {}

    static Map<String, Object> configuration(Container container, SystemRoot system) {
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("ociVersion", "1.0.2");
        configuration.put("process", process(container));
        configuration.put("root", Map.of("path", system.root().toString(), "readonly", true));
        configuration.put("hostname", container.hostname());
        configuration.put("mounts", mounts(container, system));
        configuration.put("linux", linux(container));
        return configuration;
    }

    private static Map<String, Object> process(Container container) {
        List<String> environment = new ArrayList<>();
        container.environment().forEach((name, value) -> environment.add(name + "=" + value));
        List<String> none = List.of();
        Map<String, Object> process = new LinkedHashMap<>();
        process.put("terminal", false);
        process.put("user", Map.of("uid", container.uid(), "gid", Droplets.GROUP, "umask", 18));
        process.put("args", container.command());
        process.put("env", environment);
        process.put("cwd", "/app");
        process.put("noNewPrivileges", true);
        process.put("oomScoreAdj", 0);
        process.put(
                "rlimits",
                List.of(limit("RLIMIT_NOFILE", container.host().files(container.limits())), limit("RLIMIT_CORE", 0)));
        process.put(
                "capabilities",
                Map.of("bounding", none, "effective", none, "inheritable", none, "permitted", none, "ambient", none));
        return process;
    }

    private static Map<String, Object> limit(String name, int value) {
        return Map.of("type", name, "soft", value, "hard", value);
    }

    private static List<Object> mounts(Container container, SystemRoot system) {
        String size = "size=" + Math.min(container.limits().memoryBytes() / 2, MAX_TEMPORARY_BYTES);
        List<Object> mounts = new ArrayList<>();
        mounts.add(mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"));
        mounts.add(mount("/dev", "tmpfs", "tmpfs", "nosuid", "noexec", "strictatime", "mode=755", "size=64k"));
        mounts.add(mount(
                "/dev/pts",
                "devpts",
                "devpts",
                "nosuid",
                "noexec",
                "newinstance",
                "ptmxmode=0666",
                "mode=0620",
                "max=256"));
        mounts.add(mount("/dev/shm", "tmpfs", "shm", "nosuid", "nodev", "noexec", "mode=1777", size));
        mounts.add(mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"));
        mounts.add(mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"));
        mounts.add(mount("/tmp", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777", size));
        for (Path each : system.mounts()) {
            mounts.add(bind(each, each.toString(), "rbind"));
        }
        container.generated().forEach((name, file) -> mounts.add(bind(file, "/etc/" + name, "bind")));
        if (container.notes() != null) {
            mounts.add(mount(
                    "/run/holt", "bind", container.notes().toString(), "bind", "rw", "nosuid", "nodev", "noexec"));
        }
        mounts.add(app(container));
        return mounts;
    }

    private static Object app(Container container) {
        if (container.lower() == null) {
            return mount("/app", "bind", container.files().toString(), "bind", "rw", "nosuid", "nodev");
        }
        return mount(
                "/app",
                "overlay",
                "overlay",
                "nosuid",
                "nodev",
                "lowerdir=" + container.lower(),
                "upperdir=" + container.files().resolve("upper"),
                "workdir=" + container.files().resolve("work"));
    }

    private static Object bind(Path source, String destination, String kind) {
        return mount(destination, "bind", source.toString(), kind, "ro", "nosuid", "nodev");
    }

    private static Object mount(String destination, String type, String source, String... options) {
        return Map.of("destination", destination, "type", type, "source", source, "options", List.of(options));
    }

    private static Map<String, Object> linux(Container container) {
        Map<String, Object> linux = new LinkedHashMap<>();
        linux.put("cgroupsPath", container.cgroup());
        linux.put("resources", resources(container));
        List<Object> namespaces = new ArrayList<>();
        for (String each : List.of("pid", "mount", "ipc", "uts", "cgroup")) {
            namespaces.add(Map.of("type", each));
        }
        namespaces.add(
                container.networkPath() == null
                        ? Map.of("type", "network")
                        : Map.of("type", "network", "path", container.networkPath()));
        linux.put("namespaces", namespaces);
        linux.put("maskedPaths", MASKED);
        linux.put("readonlyPaths", READ_ONLY);
        linux.put("seccomp", SystemCalls.filter());
        return linux;
    }

    private static Map<String, Object> resources(Container container) {
        Limits limits = container.limits();
        Map<String, Object> memory = new LinkedHashMap<>(Map.of("limit", limits.memoryBytes()));
        if (container.swapLimit()) {
            memory.put("swap", limits.memoryBytes());
        }
        Map<String, Object> cpu = new LinkedHashMap<>(Map.of("shares", FAIR_SHARE));
        if (limits.cpuMillis() > 0) {
            cpu.put("quota", (long) limits.cpuMillis() * CPU_PERIOD_MICROS / 1000);
            cpu.put("period", CPU_PERIOD_MICROS);
        }
        Map<String, Object> resources = new LinkedHashMap<>();
        resources.put("memory", memory);
        resources.put("cpu", cpu);
        resources.put("pids", Map.of("limit", limits.pids()));
        resources.put("devices", List.of(Map.of("allow", false, "access", "rwm")));
        HostLimits.Device device = container.host().device();
        if (limits.ioBytesPerSecond() > 0 && device != null) {
            Object rate = List.of(
                    Map.of("major", device.major(), "minor", device.minor(), "rate", limits.ioBytesPerSecond()));
            resources.put("blockIO", Map.of("throttleReadBpsDevice", rate, "throttleWriteBpsDevice", rate));
        }
        if (container.host().endsGroups()) {
            resources.put("unified", Map.of("memory.oom.group", "1"));
        }
        return resources;
    }
}
