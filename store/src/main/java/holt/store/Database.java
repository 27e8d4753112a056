package holt.store;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * One SQLite file with its schema brought up to date: a connection that writes and one that reads, each used by one
 * thread at a time, so that a long read holds up no commit. A commit is on the disk when {@link #write} returns.
 */
final class Database implements AutoCloseable {
    private static final int BUSY_MILLIS = 5_000;

    private final Path file;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();
    private final Connection writerConnection;
    private final Connection readerConnection;
    private final Jdbi writer;
    private final Jdbi reader;

    private Database(Path file, Connection writerConnection, Connection readerConnection) {
        this.file = file;
        this.writerConnection = writerConnection;
        this.readerConnection = readerConnection;
        this.writer = jdbi(writerConnection);
        this.reader = jdbi(readerConnection);
    }

    private static Jdbi jdbi(Connection connection) {
        Jdbi jdbi = Jdbi.create(connection);
        jdbi.getConfig(SqlStatements.class).setSqlParser(new NamedParameters()).setTemplateEngine(TemplateEngine.NOP);
        return jdbi;
    }

    static Database open(Path file) {
        try {
            create(file);
            NativeLibrary.keepIn(file.resolveSibling("native"));
            Migrations.apply(source(file, SQLiteConfig.TransactionMode.IMMEDIATE));
            return connect(file);
        } catch (IOException | SQLException | Migrations.Failure fault) {
            throw StorageFault.problem("open the truth", file, fault);
        }
    }

    /** A transaction of the writer takes the write lock at its first statement, one of the reader never. */
    private static Database connect(Path file) throws SQLException {
        Connection writer = source(file, SQLiteConfig.TransactionMode.IMMEDIATE).getConnection();
        try {
            return new Database(
                    file,
                    writer,
                    source(file, SQLiteConfig.TransactionMode.DEFERRED).getConnection());
        } catch (SQLException fault) {
            writer.close();
            throw fault;
        }
    }

    /** SQLite gives its side files the mode of this one. */
    private static void create(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException usual) {
            return;
        }
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private static SQLiteDataSource source(Path file, SQLiteConfig.TransactionMode mode) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(mode);
        config.setBusyTimeout(BUSY_MILLIS);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return source;
    }

    /** Runs a transaction: committed and on the disk when this returns, and without a trace when it throws. */
    <T> T write(String attempt, Function<Handle, T> work) {
        writing.lock();
        try {
            return writer.inTransaction(work::apply);
        } catch (JdbiException fault) {
            throw StorageFault.problem(attempt, file, fault);
        } finally {
            writing.unlock();
        }
    }

    /** Runs queries that all see the same moment. */
    <T> T read(String attempt, Function<Handle, T> work) {
        reading.lock();
        try {
            return reader.inTransaction(work::apply);
        } catch (JdbiException fault) {
            throw StorageFault.problem(attempt, file, fault);
        } finally {
            reading.unlock();
        }
    }

    @Override
    public void close() {
        reading.lock();
        writing.lock();
        try (writerConnection;
                readerConnection) {
            // both are closed, the reader first: the last one to close empties the write-ahead log
        } catch (SQLException fault) {
            throw new ProblemException(
                    Problem.of(ErrorCode.INTERNAL, "The truth in '" + file + "' could not be closed in order."), fault);
        } finally {
            writing.unlock();
            reading.unlock();
        }
    }
}
