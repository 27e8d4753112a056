package holt.model;

import java.util.List;

/**
 * All that the store knows of the desired state and the process table at one moment.
 *
 * @param apps all apps
 * @param releases for each app its target and its live release, and older ones as far as they are kept
 * @param processes the process table
 * @param lastPid the highest pid ever given out; 1 when none was (1 is the platform itself)
 * @param lastEventId the id of the newest event; 0 when there is none
 * @param drains hosts that are to hold no process
 */
public record Truth(
        List<App> apps,
        List<Release> releases,
        List<Process> processes,
        long lastPid,
        long lastEventId,
        List<Drain> drains) {
    public Truth {
        apps = List.copyOf(apps);
        releases = List.copyOf(releases);
        processes = List.copyOf(processes);
        drains = drains == null ? List.of() : List.copyOf(drains);
    }

    /** The truth of a cluster of which no host is drained. */
    public Truth(List<App> apps, List<Release> releases, List<Process> processes, long lastPid, long lastEventId) {
        this(apps, releases, processes, lastPid, lastEventId, List.of());
    }

    /** The truth of a platform that never held anything. */
    public static Truth empty() {
        return new Truth(List.of(), List.of(), List.of(), 1, 0);
    }
}
