package holt.controller;

import holt.bus.Bus;
import holt.bus.Message;
import holt.model.AppName;
import holt.model.Json;
import holt.model.LogLine;
import holt.model.Subjects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what apps write: in bounded files below one folder, and live for those who follow. Lines of an app that is gone
 * go with it, late ones some minutes later. Safe for use by any thread; a lock keeps writers apart.
 */
final class LogKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogKeeper.class.getName());
    /** Lines may come before their app is there: staging writes them. */
    private static final Duration SWEEP_AGE = Duration.ofMinutes(10);

    private final Path folder;
    private final long maxBytes;
    private final Bus bus;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, AppLog> logs = new ConcurrentHashMap<>();
    private final Map<String, List<LogFollower>> followers = new ConcurrentHashMap<>();
    private Bus.@Nullable Subscription subscription;

    LogKeeper(Path folder, long maxBytes, Bus bus, InstantSource clock) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.bus = bus;
        this.clock = clock;
    }

    void start() throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        subscription = bus.subscribe(Subjects.LOGS, this::receive);
    }

    private void receive(Message message) {
        String app = message.subject().substring(message.subject().lastIndexOf('.') + 1);
        if (!AppName.isValid(app)) {
            LOG.log(System.Logger.Level.WARNING, "event=log-lines-refused reason=illegal-app-name");
            return;
        }
        List<LogLine> lines = Json.read(message.payload(), LogLine.Batch.class).lines().stream()
                .map(line -> new LogLine(line.at(), app, line.index(), line.pid(), line.stream(), line.text()))
                .toList();
        append(app, lines);
    }

    void append(String app, List<LogLine> lines) {
        List<AppLog.Numbered> numbered;
        lock.lock();
        try {
            AppLog log = log(app);
            numbered = log.number(lines);
            write(log, app, numbered);
        } catch (IOException fault) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "event=log-not-opened app={0} reason=\"{1}\"",
                    app,
                    fault.getMessage());
            return;
        } finally {
            lock.unlock();
        }
        followers.getOrDefault(app, List.of()).forEach(follower -> numbered.forEach(follower::offer));
    }

    /** Who follows gets the lines even where they cannot be kept. */
    private static void write(AppLog log, String app, List<AppLog.Numbered> numbered) {
        try {
            log.write(numbered);
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=log-not-kept app={0} reason=\"{1}\"", app, fault.getMessage());
        }
    }

    /** The newest lines that are wanted, oldest of them first. */
    List<LogLine> read(String app, LogQuery query) {
        return numbered(app, query).stream().map(AppLog.Numbered::line).toList();
    }

    List<AppLog.Numbered> numbered(String app, LogQuery query) {
        AppLog log = logs.get(app);
        if (log == null && !Files.isDirectory(folder.resolve(app))) {
            return List.of();
        }
        try {
            return (log == null ? opened(app) : log).newest(query);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Follows the log from now on; to be closed. */
    LogFollower follow(String app, LogQuery query) {
        LogFollower follower = new LogFollower(query, gone -> unfollow(app, gone));
        followers.compute(app, (name, present) -> {
            List<LogFollower> all = present == null ? new CopyOnWriteArrayList<>() : present;
            all.add(follower);
            return all;
        });
        return follower;
    }

    private void unfollow(String app, LogFollower follower) {
        followers.computeIfPresent(app, (name, all) -> {
            all.remove(follower);
            return all.isEmpty() ? null : all;
        });
    }

    /** Deletes what is kept of an app. */
    void forget(String app) {
        lock.lock();
        try {
            log(app).delete();
            logs.remove(app);
        } catch (IOException fault) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "event=log-not-deleted app={0} reason=\"{1}\"",
                    app,
                    fault.getMessage());
        } finally {
            lock.unlock();
        }
    }

    /** Deletes the logs of apps that do not exist and have not written for a while. */
    void sweep(Set<String> apps) throws IOException {
        Instant limit = clock.instant().minus(SWEEP_AGE);
        List<Path> folders;
        try (Stream<Path> all = Files.list(folder)) {
            folders = all.filter(each -> !apps.contains(each.getFileName().toString()))
                    .toList();
        }
        for (Path each : folders) {
            String app = each.getFileName().toString();
            if (AppName.isValid(app) && newestChange(each).isBefore(limit)) {
                forget(app);
            }
        }
    }

    private static Instant newestChange(Path appFolder) throws IOException {
        Instant newest = Files.getLastModifiedTime(appFolder).toInstant();
        try (Stream<Path> files = Files.list(appFolder)) {
            for (Path file : files.toList()) {
                Instant changed = Files.getLastModifiedTime(file).toInstant();
                newest = changed.isAfter(newest) ? changed : newest;
            }
        }
        return newest;
    }

    private AppLog opened(String app) throws IOException {
        lock.lock();
        try {
            return log(app);
        } finally {
            lock.unlock();
        }
    }

    private AppLog log(String app) throws IOException {
        AppLog known = logs.get(app);
        if (known != null) {
            return known;
        }
        AppLog log = new AppLog(app, folder.resolve(app), maxBytes);
        logs.put(app, log);
        return log;
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.close();
        }
    }
}
