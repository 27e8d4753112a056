import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What this machine tells of itself: memory, processor time, and what containers leave behind. */
final class ForkHost {
    private ForkHost() {}

    /** Bytes that are not available, to whomever they went. */
    static long usedBytes() throws IOException {
        return kib("/proc/meminfo", "MemTotal") - kib("/proc/meminfo", "MemAvailable") << 10;
    }

    /** Bytes of this process that are resident. */
    static long residentBytes() throws IOException {
        return kib("/proc/self/status", "VmRSS") << 10;
    }

    /** Bytes of one process, what it shares divided by those who share it. */
    static long ownBytes(long pid) throws IOException {
        return kib("/proc/" + pid + "/smaps_rollup", "Pss") << 10;
    }

    private static long kib(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** What there is of network devices, control groups and mounts, by kind. */
    static Map<String, Long> inventory() throws IOException {
        Map<String, Long> found = new TreeMap<>();
        try (Stream<Path> links = Files.list(Path.of("/sys/class/net"))) {
            found.put("network devices", links.count());
        }
        found.put("mounts", (long) Files.readAllLines(Path.of("/proc/self/mountinfo")).size());
        try (Stream<Path> groups = Files.walk(Path.of("/sys/fs/cgroup"), 3)) {
            found.put("control groups", groups.filter(each -> each.toString().contains("/holt-")).count());
        }
        return found;
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> paths = Files.walk(folder)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }
}
