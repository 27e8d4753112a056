package holt.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What an agent is told at its start.
 *
 * @param host name of this host in the cluster
 * @param home folder below which the agent keeps all its state
 * @param backend how processes are run
 * @param memoryBytes memory that may be given to processes; 0 for nine tenths of what this machine has
 * @param reportInterval time between two full reports
 * @param runtimePrefix put before each call of a container runtime, for example to enter a namespace
 * @param runtimes programs to try as container runtime, best first
 * @param preparedNetworks networks held ready for the next starts
 * @param keepExited how long an ended process and its files stay for inspection
 * @param zone what fails together with this host; empty for none
 * @param tags what is special about this host
 * @param preparedContainers the most containers that may wait for their start; 0 for none
 */
public record AgentSettings(
        String host,
        Path home,
        Choice backend,
        long memoryBytes,
        Duration reportInterval,
        List<String> runtimePrefix,
        List<String> runtimes,
        int preparedNetworks,
        Duration keepExited,
        String zone,
        List<String> tags,
        int preparedContainers) {

    /** Ways to choose the back end. */
    public enum Choice {
        /** Containers where they can be had, else plain processes with a warning. */
        AUTO,
        /** Containers, or no start. */
        CONTAINER,
        /** Plain processes, not isolated from each other. */
        PLAIN
    }

    public AgentSettings {
        home = home.toAbsolutePath().normalize();
        runtimePrefix = List.copyOf(runtimePrefix);
        runtimes = List.copyOf(runtimes);
        tags = List.copyOf(tags);
    }

    /** The usual settings. */
    public static AgentSettings of(String host, Path home) {
        return new AgentSettings(
                host,
                home,
                Choice.AUTO,
                0,
                Duration.ofSeconds(5),
                List.of(),
                List.of("crun", "runc"),
                3,
                Duration.ofMinutes(30),
                "",
                List.of(),
                128);
    }

    public AgentSettings withBackend(Choice choice) {
        return new AgentSettings(
                host,
                home,
                choice,
                memoryBytes,
                reportInterval,
                runtimePrefix,
                runtimes,
                preparedNetworks,
                keepExited,
                zone,
                tags,
                preparedContainers);
    }

    public AgentSettings withMemoryBytes(long bytes) {
        return new AgentSettings(
                host,
                home,
                backend,
                bytes,
                reportInterval,
                runtimePrefix,
                runtimes,
                preparedNetworks,
                keepExited,
                zone,
                tags,
                preparedContainers);
    }

    public AgentSettings withReportInterval(Duration interval) {
        return new AgentSettings(
                host,
                home,
                backend,
                memoryBytes,
                interval,
                runtimePrefix,
                runtimes,
                preparedNetworks,
                keepExited,
                zone,
                tags,
                preparedContainers);
    }

    public AgentSettings withRuntimes(List<String> prefix, List<String> programs) {
        return new AgentSettings(
                host,
                home,
                backend,
                memoryBytes,
                reportInterval,
                prefix,
                programs,
                preparedNetworks,
                keepExited,
                zone,
                tags,
                preparedContainers);
    }

    public AgentSettings withKeepExited(Duration time) {
        return new AgentSettings(
                host,
                home,
                backend,
                memoryBytes,
                reportInterval,
                runtimePrefix,
                runtimes,
                preparedNetworks,
                time,
                zone,
                tags,
                preparedContainers);
    }

    /** The same at another place in the cluster. */
    public AgentSettings withPlace(String inZone, List<String> withTags) {
        return new AgentSettings(
                host,
                home,
                backend,
                memoryBytes,
                reportInterval,
                runtimePrefix,
                runtimes,
                preparedNetworks,
                keepExited,
                inZone,
                withTags,
                preparedContainers);
    }

    public AgentSettings withPreparedContainers(int most) {
        return new AgentSettings(
                host,
                home,
                backend,
                memoryBytes,
                reportInterval,
                runtimePrefix,
                runtimes,
                preparedNetworks,
                keepExited,
                zone,
                tags,
                most);
    }
}
