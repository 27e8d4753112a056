package holt.model;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened and that people may want to know later.
 *
 * @param id grows by one with each event of the platform
 * @param at when
 * @param app the app it is about; empty for events of the platform
 * @param kind a stable name, see the constants
 * @param message one sentence for people
 * @param data further facts by name: pid, index, version, exit, actor
 */
public record Event(long id, Instant at, String app, String kind, String message, Map<String, String> data) {
    public static final String APP_CREATED = "app.created";
    public static final String APP_UPDATED = "app.updated";
    public static final String APP_DELETED = "app.deleted";
    public static final String APP_STARTED = "app.started";
    public static final String APP_STOPPED = "app.stopped";
    public static final String APP_SCALED = "app.scaled";
    public static final String ROUTE_MAPPED = "route.mapped";
    public static final String ROUTE_UNMAPPED = "route.unmapped";
    public static final String RELEASE_ROLLING = "release.rolling";
    public static final String RELEASE_LIVE = "release.live";
    public static final String RELEASE_FAILED = "release.failed";
    public static final String PROCESS_STARTING = "process.starting";
    public static final String PROCESS_RUNNING = "process.running";
    public static final String PROCESS_UNREADY = "process.unready";
    public static final String PROCESS_READY = "process.ready";
    public static final String PROCESS_STOPPING = "process.stopping";
    public static final String PROCESS_EXITED = "process.exited";
    public static final String PROCESS_CRASHED = "process.crashed";
    public static final String PROCESS_FLAPPING = "process.flapping";
    public static final String PROCESS_WAITING = "process.waiting";
    public static final String PROCESS_FORKED = "process.forked";
    public static final String PROCESS_KILLED = "process.killed";
    public static final String PROCESS_LOST = "process.lost";
    public static final String PROCESS_DETACHED = "process.detached";
    public static final String PROCESS_MOVING = "process.moving";
    public static final String HOST_LOST = "host.lost";
    public static final String HOST_BACK = "host.back";
    public static final String HOST_DRAINING = "host.draining";
    public static final String HOST_DRAINED = "host.drained";
    public static final String HOST_UNDRAINED = "host.undrained";
    public static final String HOST_FORGOTTEN = "host.forgotten";
    public static final String HOST_REFUSED = "host.refused";

    public static final String ACCESS_EXEC = "access.exec";
    public static final String ACCESS_SHELL = "access.shell";
    public static final String ACCESS_COPY = "access.copy";
    public static final String ACCESS_FORWARD = "access.forward";

    public Event {
        data = Map.copyOf(data);
    }
}
