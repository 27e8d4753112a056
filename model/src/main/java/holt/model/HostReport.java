package holt.model;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says of its host and of all its processes: at its start, when asked, and every few seconds. Published on
 * {@link Subjects#HOSTS}.
 *
 * @param host name of the host
 * @param epoch differs for each start of the agent
 * @param sequence grows with each report of an epoch, process reports included
 * @param backend {@code container} or {@code plain}
 * @param runtime what runs the containers, for people: {@code crun 1.8.1}
 * @param warnings what is lost on this host, for people
 * @param cores number of cores
 * @param memoryBytes memory that may be given to processes, bytes
 * @param reservedBytes memory promised to the processes here, bytes
 * @param startedAt when the agent started
 * @param processes all processes here, those that ended and were not yet forgotten among them
 * @param capacity what may be given to processes; of an agent that does not say, its memory, and enough of the rest
 * @param reserved what is promised to the processes here; of an agent that does not say, its memory
 * @param zone what fails together with this host, such as a rack or a data centre; empty where nobody said
 * @param tags what is special about this host, sorted
 * @param answers the word of the last call on {@link Subjects#HOSTS_ANNOUNCE} it has heard: this was said after that call;
 *     null before the first
 * @param runtimes what programs find there, by name with its version: {@code java}, {@code node}
 */
public record HostReport(
        String host,
        String epoch,
        long sequence,
        String backend,
        String runtime,
        List<String> warnings,
        int cores,
        long memoryBytes,
        long reservedBytes,
        Instant startedAt,
        List<ProcessReport> processes,
        Resources capacity,
        Resources reserved,
        String zone,
        List<String> tags,
        @Nullable String answers,
        Map<String, String> runtimes) {
    private static final int MAX_VERSION = 64;

    public HostReport(
            String host,
            String epoch,
            long sequence,
            String backend,
            String runtime,
            List<String> warnings,
            int cores,
            long memoryBytes,
            long reservedBytes,
            Instant startedAt,
            List<ProcessReport> processes,
            @Nullable Resources capacity,
            @Nullable Resources reserved,
            @Nullable String zone,
            @Nullable List<String> tags,
            @Nullable String answers,
            @Nullable Map<String, String> runtimes) {
        this.host = host;
        this.epoch = epoch;
        this.sequence = sequence;
        this.backend = backend;
        this.runtime = runtime;
        this.warnings = List.copyOf(warnings);
        this.cores = cores;
        this.memoryBytes = memoryBytes;
        this.reservedBytes = reservedBytes;
        this.startedAt = startedAt;
        this.processes = List.copyOf(processes);
        this.capacity = capacity == null ? Resources.ofMemory(memoryBytes) : capacity;
        this.reserved = reserved == null ? new Resources(reservedBytes, 0, 0, 0) : reserved;
        this.zone = zone == null || !Placement.isTag(zone) ? "" : zone;
        this.tags = Placement.usable(tags);
        this.answers = answers;
        this.runtimes = usable(runtimes);
    }

    /** Words from outside, a bounded number of bounded ones. */
    private static Map<String, String> usable(@Nullable Map<String, String> told) {
        Map<String, String> usable = new TreeMap<>();
        if (told != null) {
            told.forEach((name, version) -> {
                boolean fits = Placement.isTag(name) && version != null && version.length() <= MAX_VERSION;
                if (fits && usable.size() < Placement.MAX_NAMES) {
                    usable.put(name, version.replaceAll("\\p{Cntrl}", "?"));
                }
            });
        }
        return Collections.unmodifiableMap(usable);
    }

    /** The report of an agent that does not say what programs find there. */
    public HostReport(
            String host,
            String epoch,
            long sequence,
            String backend,
            String runtime,
            List<String> warnings,
            int cores,
            long memoryBytes,
            long reservedBytes,
            Instant startedAt,
            List<ProcessReport> processes,
            @Nullable Resources capacity,
            @Nullable Resources reserved,
            @Nullable String zone,
            @Nullable List<String> tags,
            @Nullable String answers) {
        this(
                host,
                epoch,
                sequence,
                backend,
                runtime,
                warnings,
                cores,
                memoryBytes,
                reservedBytes,
                startedAt,
                processes,
                capacity,
                reserved,
                zone,
                tags,
                answers,
                null);
    }

    /** The report of an agent that says nothing but its memory. */
    public HostReport(
            String host,
            String epoch,
            long sequence,
            String backend,
            String runtime,
            List<String> warnings,
            int cores,
            long memoryBytes,
            long reservedBytes,
            Instant startedAt,
            List<ProcessReport> processes) {
        this(
                host,
                epoch,
                sequence,
                backend,
                runtime,
                warnings,
                cores,
                memoryBytes,
                reservedBytes,
                startedAt,
                processes,
                null,
                null,
                null,
                null,
                null);
    }

    /** The tags a process may ask for: the host's own, and {@code runtime=NAME} for all that programs find there. */
    public List<String> placementTags() {
        if (runtimes.isEmpty()) {
            return tags;
        }
        TreeSet<String> all = new TreeSet<>(tags);
        runtimes.keySet().forEach(name -> all.add("runtime=" + name));
        return List.copyOf(all);
    }

    /** What it says of the host alone. */
    public HostReport withoutProcesses() {
        return with(List.of());
    }

    /** The same without what programs wrote before they ended, which may be most of it. */
    public HostReport withoutLastLogs() {
        return with(processes.stream().map(ProcessReport::withoutLastLog).toList());
    }

    private HostReport with(List<ProcessReport> others) {
        return new HostReport(
                host,
                epoch,
                sequence,
                backend,
                runtime,
                warnings,
                cores,
                memoryBytes,
                reservedBytes,
                startedAt,
                others,
                capacity,
                reserved,
                zone,
                tags,
                answers,
                runtimes);
    }
}
