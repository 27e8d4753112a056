package holt.model;

import java.time.Instant;
import java.util.List;

/**
 * An app as the truth keeps it: the state that is wanted. What is real is told by its processes.
 *
 * @param name see {@link AppName}
 * @param supervisorPid pid of the app's supervisor, the parent of its instances; also the group
 * @param started whether instances are wanted at all
 * @param instances number of instances wanted while started, 0 to {@link #MAX_INSTANCES}
 * @param routes host names that lead here, canonical, sorted
 * @param targetVersion the release that is being brought up or is live; 0 before the first
 * @param liveVersion the release that came up last and serves; 0 before the first
 * @param createdAt when it was made
 * @param updatedAt when any of this last changed
 */
public record App(
        String name,
        long supervisorPid,
        boolean started,
        int instances,
        List<String> routes,
        long targetVersion,
        long liveVersion,
        Instant createdAt,
        Instant updatedAt) {
    public static final int MAX_INSTANCES = 1000;

    public App {
        routes = routes.stream().sorted().distinct().toList();
    }

    /** Whether a release is on its way that does not serve yet. */
    public boolean isRolling() {
        return targetVersion != liveVersion;
    }

    public App withStarted(boolean wanted, Instant now) {
        return new App(name, supervisorPid, wanted, instances, routes, targetVersion, liveVersion, createdAt, now);
    }

    public App withInstances(int wanted, Instant now) {
        return new App(name, supervisorPid, started, wanted, routes, targetVersion, liveVersion, createdAt, now);
    }

    public App withRoutes(List<String> wanted, Instant now) {
        return new App(name, supervisorPid, started, instances, wanted, targetVersion, liveVersion, createdAt, now);
    }

    public App withVersions(long target, long live, Instant now) {
        return new App(name, supervisorPid, started, instances, routes, target, live, createdAt, now);
    }
}
