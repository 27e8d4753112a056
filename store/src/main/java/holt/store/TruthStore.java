package holt.store;

import holt.model.Change;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.Json;
import holt.model.Release;
import holt.model.Truth;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The truth: desired state, process table, events, tokens and builds, in one SQLite file that only the platform's user
 * may read. What a method that changes something was asked to keep is on the disk when it returns, and survives the end
 * of the program or of the machine at any moment.
 *
 * <p>Safe for use by many threads. All methods throw {@link holt.model.ProblemException} {@code storage-full} or
 * {@code internal} when the disk does not do its part; then nothing was changed.
 */
public final class TruthStore implements AutoCloseable {
    /** Pruning takes some milliseconds: often enough that little gathers, seldom enough that nobody notices. */
    private static final int COMMITS_BETWEEN_PRUNINGS = 1_000;

    private static final String PUT_BUILD = """
            INSERT INTO builds (id, app, tree, state, droplet, buildpack, command, failure, detail, log, created_at)
            VALUES (:id, :app, :tree, :state, :droplet, :buildpack, :command, :failure, :detail, :log, :created)
            ON CONFLICT (id) DO UPDATE SET app = excluded.app, tree = excluded.tree, state = excluded.state,
                droplet = excluded.droplet, buildpack = excluded.buildpack, command = excluded.command,
                failure = excluded.failure, detail = excluded.detail, log = excluded.log,
                created_at = excluded.created_at
            """;

    private static final String END_BUILDS =
            "UPDATE builds SET state = :failed, failure = :failure, detail = :detail WHERE state = :staging";

    private final Database database;
    private final AtomicInteger commits = new AtomicInteger();

    private TruthStore(Database database) {
        this.database = database;
    }

    /** Opens the file, or makes it with all folders above it. Builds that were under way are failed now. */
    public static TruthStore open(Path file) {
        TruthStore store = new TruthStore(Database.open(file));
        try {
            store.database.write("tidy the truth", handle -> {
                endBuilds(handle);
                Retention.prune(handle);
                return true;
            });
            return store;
        } catch (RuntimeException fault) {
            store.close();
            throw fault;
        }
    }

    /** Everything the kernel starts from. */
    public Truth load() {
        return database.read(
                "load the truth",
                handle -> new Truth(
                        handle.createQuery("SELECT * FROM apps ORDER BY name")
                                .map((row, context) -> Rows.app(row))
                                .list(),
                        handle.createQuery("SELECT * FROM releases ORDER BY app, version")
                                .map((row, context) -> Rows.release(row))
                                .list(),
                        handle.createQuery("SELECT * FROM processes ORDER BY pid")
                                .map((row, context) -> Rows.process(row))
                                .list(),
                        counter(handle, ChangeWriter.LAST_PID),
                        counter(handle, ChangeWriter.LAST_EVENT),
                        handle.createQuery("SELECT * FROM drains ORDER BY host")
                                .map((row, context) -> Rows.drain(row))
                                .list()));
    }

    /** Makes all of these changes, in their order and in one transaction, or none. */
    public void commit(List<Change> changes) {
        boolean prune = commits.incrementAndGet() % COMMITS_BETWEEN_PRUNINGS == 0;
        database.write("commit a change", handle -> {
            ChangeWriter writer = new ChangeWriter(handle);
            changes.forEach(writer::write);
            if (prune) {
                Retention.prune(handle);
            }
            return true;
        });
    }

    /**
     * Events after one, oldest first.
     *
     * @param app whose; null for all
     */
    public List<Event> events(@Nullable String app, long afterId, int limit) {
        return database.read("read events", handle -> {
            String ofApp = app == null ? "" : " AND app = :app";
            Query query = handle.createQuery(
                            "SELECT * FROM events WHERE id > :after" + ofApp + " ORDER BY id LIMIT :limit")
                    .bind("after", afterId);
            return events(query, app, limit);
        });
    }

    /**
     * The newest events, the oldest of them first.
     *
     * @param app whose; null for all
     */
    public List<Event> latestEvents(@Nullable String app, int limit) {
        return database.read("read events", handle -> {
            String ofApp = app == null ? "" : " WHERE app = :app";
            Query query = handle.createQuery("SELECT * FROM events" + ofApp + " ORDER BY id DESC LIMIT :limit");
            return events(query, app, limit).reversed();
        });
    }

    /** The releases of an app, newest first, as far as they are kept. */
    public List<Release> releases(String app) {
        return database.read(
                "read releases",
                handle -> handle.createQuery("SELECT * FROM releases WHERE app = :app ORDER BY version DESC")
                        .bind("app", app)
                        .map((row, context) -> Rows.release(row))
                        .list());
    }

    /** Keeps a new token. */
    public void insertToken(TokenRow token) {
        database.write(
                "keep a token",
                handle -> handle.execute(
                        "INSERT INTO tokens (id, name, role, hash, created_at, last_used_at) VALUES (?, ?, ?, ?, ?, ?)",
                        token.id(),
                        token.name(),
                        token.role(),
                        token.hash(),
                        Rows.nanos(token.createdAt()),
                        Rows.nanosOrNull(token.lastUsedAt())));
    }

    /** All tokens, oldest first. */
    public List<TokenRow> tokens() {
        return database.read(
                "read tokens",
                handle -> handle.createQuery("SELECT * FROM tokens ORDER BY created_at, id")
                        .map((row, context) -> Rows.token(row))
                        .list());
    }

    public Optional<TokenRow> tokenByHash(String hash) {
        return database.read(
                "read a token",
                handle -> handle.createQuery("SELECT * FROM tokens WHERE hash = :hash")
                        .bind("hash", hash)
                        .map((row, context) -> Rows.token(row))
                        .findOne());
    }

    /** Forgets a token; false when there is none of that id. */
    public boolean deleteToken(String id) {
        return database.write("delete a token", handle -> handle.execute("DELETE FROM tokens WHERE id = ?", id)) > 0;
    }

    /** Notes when a token was used last. */
    public void touchToken(String id, Instant usedAt) {
        database.write(
                "note the use of a token",
                handle -> handle.execute("UPDATE tokens SET last_used_at = ? WHERE id = ?", Rows.nanos(usedAt), id));
    }

    /** Makes or replaces a build. */
    public void saveBuild(BuildRow row) {
        database.write(
                "keep a build",
                handle -> handle.createUpdate(PUT_BUILD)
                        .bind("id", row.build().id())
                        .bind("app", row.app())
                        .bind("tree", row.tree())
                        .bind("state", row.build().state())
                        .bind("droplet", row.build().droplet())
                        .bind("buildpack", row.build().buildpack())
                        .bind("command", row.build().command())
                        .bind("failure", row.build().failure())
                        .bind("detail", row.build().detail())
                        .bind("log", Json.text(row.build().log()))
                        .bind("created", Rows.nanos(row.createdAt()))
                        .execute());
    }

    public Optional<BuildRow> loadBuild(String id) {
        return database.read(
                "read a build",
                handle -> handle.createQuery("SELECT * FROM builds WHERE id = :id")
                        .bind("id", id)
                        .map((row, context) -> Rows.build(row))
                        .findOne());
    }

    /** Keeps a new stack; false when there is one of that name. */
    public boolean insertStack(StackRow stack) {
        return database.write(
                        "keep a stack",
                        handle -> handle.execute(
                                "INSERT INTO stacks (name, digest, origin, bytes, created_at, created_by)"
                                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
                                stack.name(),
                                stack.digest(),
                                stack.origin(),
                                stack.bytes(),
                                Rows.nanos(stack.createdAt()),
                                stack.createdBy()))
                > 0;
    }

    /** All stacks by name. */
    public List<StackRow> stacks() {
        return database.read(
                "read stacks",
                handle -> handle.createQuery("SELECT * FROM stacks ORDER BY name")
                        .map((row, context) -> Rows.stack(row))
                        .list());
    }

    /** Forgets a stack; false when there is none of that name. */
    public boolean deleteStack(String name) {
        return database.write("delete a stack", handle -> handle.execute("DELETE FROM stacks WHERE name = ?", name))
                > 0;
    }

    @Override
    public void close() {
        database.close();
    }

    private static List<Event> events(Query query, @Nullable String app, int limit) {
        if (app != null) {
            query.bind("app", app);
        }
        return query.bind("limit", limit).map((row, context) -> Rows.event(row)).list();
    }

    private static long counter(Handle handle, String name) {
        return handle.createQuery("SELECT value FROM counters WHERE name = :name")
                .bind("name", name)
                .mapTo(Long.class)
                .one();
    }

    private static void endBuilds(Handle handle) {
        handle.createUpdate(END_BUILDS)
                .bind("failed", BuildRow.FAILED)
                .bind("failure", ErrorCode.STAGING_FAILED.code())
                .bind("detail", "The server was restarted during this build. Push again.")
                .bind("staging", BuildRow.STAGING)
                .execute();
    }
}
