package holt.store;

import holt.model.AfterStop;
import holt.model.Api;
import holt.model.App;
import holt.model.Drain;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Fork;
import holt.model.Json;
import holt.model.Keeping;
import holt.model.Lifecycle;
import holt.model.Limits;
import holt.model.Placement;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.Readiness;
import holt.model.Release;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How values come out of rows, and how moments and lists stand in columns. */
final class Rows {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Rows() {}

    static long nanos(Instant moment) {
        return Math.addExact(Math.multiplyExact(moment.getEpochSecond(), NANOS_PER_SECOND), moment.getNano());
    }

    static @Nullable Long nanosOrNull(@Nullable Instant moment) {
        return moment == null ? null : nanos(moment);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return instant(row.getLong(column));
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        long nanos = row.getLong(column);
        return row.wasNull() ? null : instant(nanos);
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    static Drain drain(ResultSet row) throws SQLException {
        return new Drain(row.getString("host"), row.getBoolean("force"), instant(row, "since"), row.getString("actor"));
    }

    static App app(ResultSet row) throws SQLException {
        return new App(
                row.getString("name"),
                row.getLong("supervisor_pid"),
                row.getBoolean("started"),
                row.getInt("instances"),
                texts(row.getString("routes")),
                row.getLong("target_version"),
                row.getLong("live_version"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    static Release release(ResultSet row) throws SQLException {
        return new Release(
                row.getString("app"),
                row.getLong("version"),
                row.getString("droplet"),
                row.getString("buildpack"),
                row.getString("command"),
                row.getString("environment"),
                new Limits(
                        row.getLong("memory_bytes"),
                        row.getInt("cpu_millis"),
                        row.getInt("pids"),
                        row.getLong("disk_bytes"),
                        row.getInt("open_files"),
                        row.getLong("network_rate"),
                        row.getLong("io_rate")),
                new Readiness(
                        Readiness.Kind.valueOf(row.getString("readiness_kind")),
                        row.getInt("readiness_limit_seconds"),
                        row.getString("readiness_target")),
                Release.State.valueOf(row.getString("state")),
                row.getString("reason"),
                instant(row, "created_at"),
                row.getString("created_by"),
                placement(row.getString("placement")),
                lifecycle(row.getString("lifecycle")),
                row.getString("stack"));
    }

    private static Lifecycle lifecycle(@Nullable String json) {
        return json == null ? Lifecycle.STANDARD : Json.read(json, Lifecycle.class);
    }

    private static Placement placement(@Nullable String json) {
        return json == null ? Placement.ANYWHERE : Json.read(json, Placement.class);
    }

    static Process process(ResultSet row) throws SQLException {
        return new Process(
                row.getLong("pid"),
                row.getLong("ppid"),
                row.getString("app"),
                row.getInt("idx"),
                row.getLong("version"),
                row.getInt("incarnation"),
                row.getString("instance_id"),
                ProcessState.valueOf(row.getString("state")),
                row.getString("host"),
                row.getString("address"),
                row.getInt("port"),
                row.getInt("crashes"),
                instantOrNull(row, "not_before"),
                instant(row, "state_since"),
                instant(row, "created_at"),
                jsonOrNull(row.getString("last_exit"), Exit.class),
                jsonOrNull(row.getString("keeping"), Keeping.class),
                afterStop(row.getString("after_stop")),
                jsonOrNull(row.getString("fork"), Fork.class));
    }

    static Event event(ResultSet row) throws SQLException {
        return new Event(
                row.getLong("id"),
                instant(row, "at"),
                row.getString("app"),
                row.getString("kind"),
                row.getString("message"),
                textMap(row.getString("data")));
    }

    static TokenRow token(ResultSet row) throws SQLException {
        return new TokenRow(
                row.getString("id"),
                row.getString("name"),
                row.getString("role"),
                row.getString("hash"),
                instant(row, "created_at"),
                instantOrNull(row, "last_used_at"));
    }

    static StackRow stack(ResultSet row) throws SQLException {
        return new StackRow(
                row.getString("name"),
                row.getString("digest"),
                row.getString("origin"),
                row.getLong("bytes"),
                instant(row, "created_at"),
                row.getString("created_by"));
    }

    static BuildRow build(ResultSet row) throws SQLException {
        Api.Build build = new Api.Build(
                row.getString("id"),
                row.getString("state"),
                row.getString("droplet"),
                row.getString("buildpack"),
                row.getString("command"),
                row.getString("failure"),
                row.getString("detail"),
                texts(row.getString("log")));
        return new BuildRow(build, row.getString("app"), row.getString("tree"), instant(row, "created_at"));
    }

    private static <T> @Nullable T jsonOrNull(@Nullable String json, Class<T> type) {
        return json == null ? null : Json.read(json, type);
    }

    private static @Nullable AfterStop afterStop(@Nullable String name) {
        return name == null ? null : AfterStop.valueOf(name);
    }

    private static List<String> texts(String json) {
        return List.of(Json.read(json, String[].class));
    }

    private static Map<String, String> textMap(String json) {
        return Json.read(json, JsonNode.class).properties().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, each -> each.getValue().asString()));
    }
}
