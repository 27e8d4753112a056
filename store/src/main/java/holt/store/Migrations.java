package holt.store;

import holt.model.ErrorCode;
import holt.model.Problem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the schema to the version this program knows. Flyway does it where something is to be done; loading Flyway alone
 * takes half a second, so a schema that is up to date is recognised without it.
 */
final class Migrations {
    /** The number of the newest file among the migrations. */
    static final int NEWEST = 6;

    static final String LOCATION = "holt/store/migrations";

    /** Held here, because the log manager forgets the level of a logger that nobody holds. */
    private static final Logger FLYWAY_LOG = Logger.getLogger("org.flywaydb");

    private static final String HISTORY_EXISTS =
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'flyway_schema_history'";

    /** A failed migration counts as none, so that Flyway is asked and tells what to do. */
    private static final String VERSION =
            "SELECT CASE WHEN MIN(success) = 0 THEN 0 ELSE MAX(CAST(version AS INTEGER)) END FROM flyway_schema_history";

    private Migrations() {}

    /** @throws holt.model.ProblemException {@code internal} when a newer program has been here */
    static void apply(DataSource source) throws SQLException, Failure {
        int version = version(source);
        if (version > NEWEST) {
            throw Problem.of(ErrorCode.INTERNAL, "The state was last used by a newer Holt, which changed its schema.")
                    .expected("a schema of version " + NEWEST + " at most", Integer.toString(version))
                    .remedy("Start that newer Holt, or use another state folder.")
                    .exception();
        }
        if (version < NEWEST) {
            migrate(source);
        }
    }

    private static int version(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            return number(statement, HISTORY_EXISTS) == 0 ? 0 : number(statement, VERSION);
        }
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            return result.next() ? result.getInt(1) : 0;
        }
    }

    private static void migrate(DataSource source) throws Failure {
        FLYWAY_LOG.setLevel(Level.WARNING);
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:" + LOCATION)
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException fault) {
            throw new Failure(fault);
        }
    }

    /** The schema could not be brought up to date. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        Failure(FlywayException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
