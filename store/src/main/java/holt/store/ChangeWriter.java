package holt.store;

import holt.model.App;
import holt.model.Change;
import holt.model.Drain;
import holt.model.Event;
import holt.model.Json;
import holt.model.Lifecycle;
import holt.model.Process;
import holt.model.Release;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Writes changes of the truth into their tables, inside the transaction of the handle it is given. */
final class ChangeWriter {
    static final String LAST_PID = "last_pid";
    static final String LAST_EVENT = "last_event";

    private static final String PUT_APP = """
            INSERT INTO apps (name, supervisor_pid, started, instances, routes, target_version, live_version,
                created_at, updated_at)
            VALUES (:name, :supervisor, :started, :instances, :routes, :target, :live, :created, :updated)
            ON CONFLICT (name) DO UPDATE SET supervisor_pid = excluded.supervisor_pid, started = excluded.started,
                instances = excluded.instances, routes = excluded.routes, target_version = excluded.target_version,
                live_version = excluded.live_version, created_at = excluded.created_at,
                updated_at = excluded.updated_at
            """;

    private static final String PUT_RELEASE = """
            INSERT INTO releases (app, version, droplet, buildpack, command, environment, memory_bytes, cpu_millis,
                pids, readiness_kind, readiness_limit_seconds, state, reason, created_at, created_by, disk_bytes,
                placement, readiness_target, open_files, network_rate, io_rate, lifecycle, stack)
            VALUES (:app, :version, :droplet, :buildpack, :command, :environment, :memory, :cpu, :pids, :readiness,
                :limit, :state, :reason, :created, :creator, :disk, :placement,
                :target, :files, :network, :io, :lifecycle, :stack)
            ON CONFLICT (app, version) DO UPDATE SET droplet = excluded.droplet, buildpack = excluded.buildpack,
                command = excluded.command, environment = excluded.environment, memory_bytes = excluded.memory_bytes,
                cpu_millis = excluded.cpu_millis, pids = excluded.pids, readiness_kind = excluded.readiness_kind,
                readiness_limit_seconds = excluded.readiness_limit_seconds, state = excluded.state,
                reason = excluded.reason, created_at = excluded.created_at, created_by = excluded.created_by,
                disk_bytes = excluded.disk_bytes, placement = excluded.placement,
                readiness_target = excluded.readiness_target, open_files = excluded.open_files,
                network_rate = excluded.network_rate, io_rate = excluded.io_rate, lifecycle = excluded.lifecycle,
                stack = excluded.stack
            """;

    private static final String PUT_PROCESS = """
            INSERT INTO processes (pid, ppid, app, idx, version, incarnation, instance_id, state, host, address, port,
                crashes, not_before, state_since, created_at, last_exit, keeping, after_stop, fork)
            VALUES (:pid, :ppid, :app, :index, :version, :incarnation, :instance, :state, :host, :address, :port,
                :crashes, :notBefore, :since, :created, :exit, :keeping, :afterStop, :fork)
            ON CONFLICT (pid) DO UPDATE SET ppid = excluded.ppid, app = excluded.app, idx = excluded.idx,
                version = excluded.version, incarnation = excluded.incarnation, instance_id = excluded.instance_id,
                state = excluded.state, host = excluded.host, address = excluded.address, port = excluded.port,
                crashes = excluded.crashes, not_before = excluded.not_before, state_since = excluded.state_since,
                created_at = excluded.created_at, last_exit = excluded.last_exit, keeping = excluded.keeping,
                after_stop = excluded.after_stop, fork = excluded.fork
            """;

    private static final String PUT_DRAIN = """
            INSERT INTO drains (host, force, since, actor) VALUES (:host, :force, :since, :actor)
            ON CONFLICT (host) DO UPDATE SET force = excluded.force, since = excluded.since, actor = excluded.actor
            """;

    private static final String ADD_EVENT =
            "INSERT INTO events (id, at, app, kind, message, data) VALUES (:id, :at, :app, :kind, :message, :data)";

    private static final String RAISE = "UPDATE counters SET value = :value WHERE name = :name AND value < :value";

    private final Handle handle;

    ChangeWriter(Handle handle) {
        this.handle = handle;
    }

    void write(Change change) {
        switch (change) {
            case Change.PutApp put -> putApp(put.app());
            case Change.DeleteApp delete -> deleteApp(delete.name());
            case Change.PutRelease put -> putRelease(put.release());
            case Change.PutProcess put -> putProcess(put.process());
            case Change.DeleteProcess delete -> handle.execute("DELETE FROM processes WHERE pid = ?", delete.pid());
            case Change.PutDrain put -> putDrain(put.drain());
            case Change.DeleteDrain delete -> handle.execute("DELETE FROM drains WHERE host = ?", delete.host());
            case Change.AddEvent add -> addEvent(add.event());
        }
    }

    private void putApp(App app) {
        handle.createUpdate(PUT_APP)
                .bind("name", app.name())
                .bind("supervisor", app.supervisorPid())
                .bind("started", app.started())
                .bind("instances", app.instances())
                .bind("routes", Json.text(app.routes()))
                .bind("target", app.targetVersion())
                .bind("live", app.liveVersion())
                .bind("created", Rows.nanos(app.createdAt()))
                .bind("updated", Rows.nanos(app.updatedAt()))
                .execute();
        raise(LAST_PID, app.supervisorPid());
    }

    private void deleteApp(String name) {
        handle.execute("DELETE FROM processes WHERE app = ?", name);
        handle.execute("DELETE FROM releases WHERE app = ?", name);
        handle.execute("DELETE FROM apps WHERE name = ?", name);
    }

    private void putRelease(Release release) {
        handle.createUpdate(PUT_RELEASE)
                .bind("app", release.app())
                .bind("version", release.version())
                .bind("droplet", release.droplet())
                .bind("buildpack", release.buildpack())
                .bind("command", release.command())
                .bind("environment", release.environment())
                .bind("memory", release.limits().memoryBytes())
                .bind("cpu", release.limits().cpuMillis())
                .bind("pids", release.limits().pids())
                .bind("readiness", release.readiness().kind().name())
                .bind("limit", release.readiness().limitSeconds())
                .bind("state", release.state().name())
                .bind("reason", release.reason())
                .bind("created", Rows.nanos(release.createdAt()))
                .bind("creator", release.createdBy())
                .bind("disk", release.limits().diskBytes())
                .bind("placement", release.placement().isAnywhere() ? null : Json.text(release.placement()))
                .bind("target", release.readiness().target())
                .bind("files", release.limits().files())
                .bind("network", release.limits().networkBytesPerSecond())
                .bind("io", release.limits().ioBytesPerSecond())
                .bind(
                        "lifecycle",
                        release.lifecycle().equals(Lifecycle.STANDARD) ? null : Json.text(release.lifecycle()))
                .bind("stack", release.stack())
                .execute();
    }

    private void putProcess(Process process) {
        handle.createUpdate(PUT_PROCESS)
                .bind("pid", process.pid())
                .bind("ppid", process.ppid())
                .bind("app", process.app())
                .bind("index", process.index())
                .bind("version", process.version())
                .bind("incarnation", process.incarnation())
                .bind("instance", process.instanceId())
                .bind("state", process.state().name())
                .bind("host", process.host())
                .bind("address", process.address())
                .bind("port", process.port())
                .bind("crashes", process.crashes())
                .bind("notBefore", Rows.nanosOrNull(process.notBefore()))
                .bind("since", Rows.nanos(process.stateSince()))
                .bind("created", Rows.nanos(process.createdAt()))
                .bind("exit", jsonOrNull(process.exit()))
                .bind("keeping", jsonOrNull(process.keeping()))
                .bind(
                        "afterStop",
                        process.afterStop() == null ? null : process.afterStop().name())
                .bind("fork", jsonOrNull(process.fork()))
                .execute();
        raise(LAST_PID, process.pid());
    }

    private void putDrain(Drain drain) {
        handle.createUpdate(PUT_DRAIN)
                .bind("host", drain.host())
                .bind("force", drain.force())
                .bind("since", Rows.nanos(drain.since()))
                .bind("actor", drain.actor())
                .execute();
    }

    private static @Nullable String jsonOrNull(@Nullable Object value) {
        return value == null ? null : Json.text(value);
    }

    private void addEvent(Event event) {
        handle.createUpdate(ADD_EVENT)
                .bind("id", event.id())
                .bind("at", Rows.nanos(event.at()))
                .bind("app", event.app())
                .bind("kind", event.kind())
                .bind("message", event.message())
                .bind("data", Json.text(event.data()))
                .execute();
        raise(LAST_EVENT, event.id());
    }

    private void raise(String counter, long value) {
        handle.createUpdate(RAISE).bind("name", counter).bind("value", value).execute();
    }
}
