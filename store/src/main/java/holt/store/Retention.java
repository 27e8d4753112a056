package holt.store;

import org.jdbi.v3.core.Handle;

/** What is forgotten so that the truth does not grow without end; never what is still in use. */
final class Retention {
    static final int RELEASES_PER_APP = 50;
    static final int EVENTS = 100_000;
    static final int BUILDS = 1_000;

    private static final String OLD_RELEASES = """
            DELETE FROM releases
            WHERE version <= (SELECT MAX(newest.version) FROM releases newest WHERE newest.app = releases.app) - :kept
            AND NOT EXISTS (SELECT 1 FROM apps WHERE apps.name = releases.app
                AND (apps.target_version = releases.version OR apps.live_version = releases.version))
            AND NOT EXISTS (SELECT 1 FROM processes WHERE processes.app = releases.app
                AND processes.version = releases.version)
            """;

    private static final String OLD_EVENTS =
            "DELETE FROM events WHERE id <= (SELECT value FROM counters WHERE name = :counter) - :kept";

    private static final String OLD_BUILDS = """
            DELETE FROM builds WHERE state <> :staging AND created_at <
                (SELECT created_at FROM builds ORDER BY created_at DESC LIMIT 1 OFFSET :kept)
            """;

    private Retention() {}

    /** Versions and event ids grow by one, so that a count of them is a difference. */
    static void prune(Handle handle) {
        handle.createUpdate(OLD_RELEASES).bind("kept", RELEASES_PER_APP).execute();
        handle.createUpdate(OLD_EVENTS)
                .bind("counter", ChangeWriter.LAST_EVENT)
                .bind("kept", EVENTS)
                .execute();
        handle.createUpdate(OLD_BUILDS)
                .bind("staging", BuildRow.STAGING)
                .bind("kept", BUILDS - 1)
                .execute();
    }
}
