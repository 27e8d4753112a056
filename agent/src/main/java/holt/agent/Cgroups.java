package holt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's control groups as this host has them: version 2, version 1, or both. Reads and empties the groups of
 * instances, which lie under one group of the platform; the limits in them are written by the container runtime.
 * Immutable; any thread.
 */
final class Cgroups {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Map<String, Path> hierarchies;
    private final @Nullable Path unified;
    private final String group;

    private Cgroups(Map<String, Path> hierarchies, @Nullable Path unified, String group) {
        this.hierarchies = hierarchies;
        this.unified = unified;
        this.group = group;
    }

    /** The groups of the platform with this id. */
    static Cgroups ofHost(String platform) throws IOException {
        return of(Files.readAllLines(Path.of("/proc/self/mountinfo")), "holt-" + platform);
    }

    /** From the lines of {@code /proc/self/mountinfo}. */
    static Cgroups of(List<String> mounts, String group) {
        Map<String, Path> hierarchies = new LinkedHashMap<>();
        Path unified = null;
        for (String line : mounts) {
            String[] halves = line.split(" - ", 2);
            String[] right = halves[1].split(" ");
            Path place = Path.of(halves[0].split(" ")[4]);
            if (right[0].equals("cgroup2")) {
                unified = place;
            } else if (right[0].equals("cgroup")) {
                for (String option : right[2].split(",")) {
                    hierarchies.put(option, place);
                }
            }
        }
        return new Cgroups(hierarchies, unified, group);
    }

    /** For people: which layout this is. */
    String layout() {
        boolean first = hierarchies.containsKey("memory");
        return first
                ? (unified == null ? "cgroup v1" : "cgroup v1 and v2 (hybrid)")
                : unified == null ? "none" : "cgroup v2";
    }

    /** The group of an instance as the runtime is told it. */
    String path(InstanceKey key) {
        return "/" + group + "/" + key;
    }

    /** Whether the process is in the group of that instance. */
    boolean contains(InstanceKey key, int pid) throws IOException {
        return Files.readString(Path.of("/proc", Integer.toString(pid), "cgroup"))
                .contains(":" + path(key) + "\n");
    }

    /** Memory, cpu and pids of an instance. */
    Usage usage(InstanceKey key) throws IOException {
        return isVersion1()
                ? new Usage(
                        number(key, "memory", "memory.usage_in_bytes")
                                - field(key, "memory", "memory.stat", "total_inactive_file"),
                        number(key, "cpuacct", "cpuacct.usage"),
                        number(key, "pids", "pids.current"),
                        0,
                        0,
                        0)
                : new Usage(
                        number(key, "", "memory.current") - field(key, "", "memory.stat", "inactive_file"),
                        TimeUnit.MICROSECONDS.toNanos(field(key, "", "cpu.stat", "usage_usec")),
                        number(key, "", "pids.current"),
                        0,
                        0,
                        0);
    }

    /** Whether groups can be held to a limit of this kind. */
    boolean has(String controller) throws IOException {
        if (!isUnified()) {
            return hierarchies.containsKey(controller);
        }
        return unified != null
                && lines(unified.resolve("cgroup.controllers")).stream()
                        .anyMatch(line -> List.of(line.split(" ")).contains(controller));
    }

    /** Whether all groups are of version 2. */
    boolean isUnified() {
        return !isVersion1() && unified != null;
    }

    /** The most memory an instance has used, bytes; 0 where the kernel does not tell. */
    long peakMemory(InstanceKey key) throws IOException {
        return isVersion1() ? number(key, "memory", "memory.max_usage_in_bytes") : number(key, "", "memory.peak");
    }

    /** Processes of an instance. */
    List<Integer> processes(InstanceKey key) throws IOException {
        return lines(folder("memory").resolve(key.toString()).resolve("cgroup.procs")).stream()
                .map(Integer::valueOf)
                .toList();
    }

    /** Ends all processes of an instance and returns when none is left. */
    void kill(InstanceKey key) throws IOException {
        long limit = System.nanoTime() + PATIENCE_NANOS;
        for (List<Integer> left = processes(key); !left.isEmpty(); left = processes(key)) {
            for (int pid : left) {
                Sessions.signal(pid, Native.SIGKILL);
            }
            if (System.nanoTime() > limit) {
                throw new IOException(left.size() + " processes of instance " + key + " do not end after SIGKILL");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** How many processes of an instance the kernel has ended for want of memory. */
    long oomKills(InstanceKey key) throws IOException {
        return isVersion1()
                ? field(key, "memory", "memory.oom_control", "oom_kill")
                : field(key, "", "memory.events", "oom_kill");
    }

    /** Removes the groups of an instance, in which no process is left, with those that were made below them. */
    void remove(InstanceKey key) throws IOException {
        for (Path root : roots()) {
            removeTree(root.resolve(group).resolve(key.toString()));
        }
        removeUnmounted(group + "/" + key);
    }

    /** Where version 2 is hidden from crun beside version 1, it writes plain files to the mount point and leaves them. */
    private void removeUnmounted(String name) throws IOException {
        Path memory = hierarchies.get("memory");
        if (memory != null && unified == null) {
            Folders.delete(memory.resolveSibling("unified").resolve(name));
        }
    }

    private static void removeTree(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (java.nio.file.FileSystemException notEmpty) {
            for (Path each : Folders.list(folder)) {
                if (Files.isDirectory(each, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                    removeTree(each);
                }
            }
            Files.deleteIfExists(folder);
        }
    }

    /** Removes the platform's own group, if it is empty. */
    void removeAll() throws IOException {
        for (Path root : roots()) {
            Files.deleteIfExists(root.resolve(group));
        }
        removeUnmounted(group);
    }

    /** Instances that have a group, whoever made it. */
    Set<InstanceKey> instances() throws IOException {
        Set<InstanceKey> found = new LinkedHashSet<>();
        for (Path root : roots()) {
            for (Path each : Folders.list(root.resolve(group))) {
                Optional<InstanceKey> key = InstanceKey.parse(String.valueOf(each.getFileName()));
                key.ifPresent(found::add);
            }
        }
        return found;
    }

    private List<Path> roots() {
        List<Path> roots = new ArrayList<>(hierarchies.values());
        if (unified != null) {
            roots.add(unified);
        }
        return roots.stream().distinct().toList();
    }

    private boolean isVersion1() {
        return hierarchies.containsKey("memory");
    }

    private Path folder(String controller) {
        Path root = isVersion1() ? hierarchies.get(controller) : unified;
        if (root == null) {
            return Path.of("/nonexistent");
        }
        return root.resolve(group);
    }

    private long number(InstanceKey key, String controller, String name) throws IOException {
        return Counters.read(folder(controller).resolve(key.toString()).resolve(name));
    }

    private long field(InstanceKey key, String controller, String name, String field) throws IOException {
        return Counters.field(folder(controller).resolve(key.toString()).resolve(name), field);
    }

    /** None where the group is gone, be it while it is read. */
    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (IOException fault) {
            if (Files.exists(file)) {
                throw fault;
            }
            return List.of();
        }
    }
}
