package holt.store;

import holt.model.Change;
import holt.model.Event;
import holt.model.Release;
import holt.model.Truth;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The truth in SQLite. */
public final class TruthStore implements AutoCloseable {

    public static TruthStore open(Path file) {
        throw new UnsupportedOperationException();
    }

    public Truth load() {
        throw new UnsupportedOperationException();
    }

    /** One transaction, durable when it returns. */
    public void commit(List<Change> changes) {
        throw new UnsupportedOperationException();
    }

    /** Oldest first; of all apps when {@code app} is null. */
    public List<Event> events(@Nullable String app, long afterId, int limit) {
        throw new UnsupportedOperationException();
    }

    /** The newest ones, oldest of them first. */
    public List<Event> latestEvents(@Nullable String app, int limit) {
        throw new UnsupportedOperationException();
    }

    /** Newest first. */
    public List<Release> releases(String app) {
        throw new UnsupportedOperationException();
    }

    public void insertToken(TokenRow token) {
        throw new UnsupportedOperationException();
    }

    public List<TokenRow> tokens() {
        throw new UnsupportedOperationException();
    }

    public Optional<TokenRow> tokenByHash(String hash) {
        throw new UnsupportedOperationException();
    }

    public boolean deleteToken(String id) {
        throw new UnsupportedOperationException();
    }

    public void touchToken(String id, Instant usedAt) {
        throw new UnsupportedOperationException();
    }

    /** Makes or replaces a build. */
    public void saveBuild(BuildRow build) {
        throw new UnsupportedOperationException();
    }

    public Optional<BuildRow> loadBuild(String id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
