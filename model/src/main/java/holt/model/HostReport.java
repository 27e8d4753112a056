package holt.model;

import java.time.Instant;
import java.util.List;

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
        List<ProcessReport> processes) {
    public HostReport {
        warnings = List.copyOf(warnings);
        processes = List.copyOf(processes);
    }

    /** What it says of the host alone. */
    public HostReport withoutProcesses() {
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
                List.of());
    }
}
