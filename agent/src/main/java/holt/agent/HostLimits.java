package holt.agent;

import holt.model.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which limits this host can hold, found out once at the agent's start. Immutable.
 *
 * @param device the disk below the agent's home, as major and minor number; null where its speed cannot be limited
 * @param mostFiles most open files that a process may be allowed here
 * @param endsGroups whether want of memory ends all processes of an instance at once
 * @param warnings what does not hold, for people
 */
record HostLimits(@Nullable Device device, int mostFiles, boolean endsGroups, List<String> warnings) {
    /** Open files of a process that has no limit of its own. */
    static final int USUAL_FILES = 4096;

    private static final String OPEN_FILES = "Max open files";
    private static final int HARD_LIMIT_WORD = 1;

    /** Numbers by which the kernel knows a disk. */
    record Device(int major, int minor) {
        @Override
        public String toString() {
            return major + ":" + minor;
        }
    }

    static HostLimits find(Path home, Cgroups cgroups) throws IOException {
        List<String> warnings = new ArrayList<>();
        for (String each : List.of("memory", "cpu", "pids")) {
            if (!cgroups.has(each)) {
                warnings.add("limits of " + each + " do not hold: this kernel has no such control group");
            }
        }
        if (Tool.find("tc").isEmpty()) {
            warnings.add("limits of bandwidth cannot be had: the program tc is not installed");
        }
        Optional<Device> device = cgroups.has(cgroups.isUnified() ? "io" : "blkio") ? disk(home) : Optional.empty();
        if (device.isEmpty()) {
            warnings.add("limits of disk speed do not hold: no single disk of this host can be limited");
        } else if (!cgroups.isUnified()) {
            warnings.add("limits of disk speed hold for reads and for writes that a program waits for; others are only"
                    + " limited with cgroup v2");
        }
        return new HostLimits(device.orElse(null), hardLimitOfFiles(), cgroups.isUnified(), List.copyOf(warnings));
    }

    /** Open files that a process of an instance may have. */
    int files(Limits limits) {
        return Math.min(limits.files() > 0 ? limits.files() : USUAL_FILES, mostFiles);
    }

    /** The whole disk that a folder is on; a limit cannot be set for a part of one. */
    private static Optional<Device> disk(Path folder) throws IOException {
        long number = (long) Files.getAttribute(folder, "unix:dev");
        int major = (int) (number >> 8 & 0xFFF);
        int minor = (int) (number & 0xFF | number >> 12 & 0xFFF00);
        Path entry = Path.of("/sys/dev/block", major + ":" + minor);
        if (!Files.exists(entry)) {
            return Optional.empty();
        }
        Path real = entry.toRealPath();
        Path whole = Files.exists(real.resolve("partition"))
                ? real.resolveSibling("..").normalize()
                : real;
        String[] numbers = Files.readAllLines(whole.resolve("dev")).getFirst().split(":");
        return Optional.of(new Device(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])));
    }

    private static int hardLimitOfFiles() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith(OPEN_FILES))
                .map(line -> line.substring(OPEN_FILES.length()).strip().split("\\s+")[HARD_LIMIT_WORD])
                .mapToInt(text -> text.matches("\\d{1,9}") ? Integer.parseInt(text) : Integer.MAX_VALUE)
                .findFirst()
                .orElse(USUAL_FILES);
    }
}
