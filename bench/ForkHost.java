import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

    /** Network devices, control groups, mounts and processes whose name has that word. */
    static List<String> leftovers(String word, Path home) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> links = Files.list(Path.of("/sys/class/net"))) {
            links.map(Path::toString).filter(each -> each.contains(word)).forEach(found::add);
        }
        try (Stream<Path> groups = Files.find(
                Path.of("/sys/fs/cgroup"), 2, (path, attributes) -> path.toString().contains(word))) {
            groups.map(Path::toString).forEach(found::add);
        }
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(home.toString()))
                .forEach(found::add);
        ProcessHandle.allProcesses()
                .map(each -> each.info().commandLine().orElse(""))
                .filter(line -> line.contains(home.toString()))
                .forEach(found::add);
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
