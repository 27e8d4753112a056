package holt.server;

import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The server's own process, started by {@code holt up}: {@code ServerMain HOME [option=value ...]}. Writes one
 * {@link StartReport} to its standard output and then only to its log file.
 */
final class ServerMain {
    private static final Logger LOGGER = System.getLogger(ServerMain.class.getName());

    private ServerMain() {}

    public static void main(String[] arguments) {
        Path home = Path.of(arguments[0]);
        try {
            // Created before anything is written, so that no file in it is ever readable by others.
            Files.createDirectories(
                    home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            ServerLog.toFile(home.resolve("log"));
            run(home, options(arguments));
        } catch (ProblemException refused) {
            fail(refused.problem(), refused);
        } catch (IOException | RuntimeException fault) {
            fail(Problem.of(ErrorCode.INTERNAL, "The server could not start: " + fault), fault);
        }
    }

    private static void run(Path home, Map<Setting, String> options) throws IOException {
        Configuration configuration = ConfigurationReader.read(home, System.getenv(), options);
        FileLock lock = lock(home);
        Platform platform = Platform.start(configuration);
        String api = URI.create("http://" + configuration.text(Setting.API_BIND) + ":" + platform.apiPort())
                .toString();
        RunFile run = new RunFile(
                ProcessHandle.current().pid(),
                ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH),
                api,
                platform.apiPort(),
                platform.httpPort(),
                configuration.text(Setting.DOMAIN),
                platform.warnings());
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(home, platform, lock, stopped), "holt-stop"));
        run.write(home);
        report(StartReport.ready(run, platform.bootstrapAdminToken().orElse(null)));
        LOGGER.log(
                Level.INFO,
                "server ready version={0} api={1} http_port={2}",
                Platform.VERSION,
                api,
                "" + platform.httpPort());
        awaitEnd(stopped);
    }

    private static void stop(Path home, Platform platform, FileLock lock, CountDownLatch stopped) {
        try {
            if (StopRequest.take(home)) {
                platform.closeWithApplications();
            } else {
                platform.close();
            }
            RunFile.remove(home);
            lock.release();
            LOGGER.log(Level.INFO, "server stopped");
        } catch (IOException | RuntimeException fault) {
            LOGGER.log(Level.ERROR, "server stop incomplete", fault);
        } finally {
            stopped.countDown();
        }
    }

    /** Two servers on one home would both believe to own it. The kernel gives the lock back however this one ends. */
    private static FileLock lock(Path home) throws IOException {
        FileChannel channel =
                FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            throw Problem.of(ErrorCode.CONFLICT, "Another server runs on " + home + ".")
                    .remedy("Stop it with ./holt down, or use another folder with --home.")
                    .exception();
        }
        return lock;
    }

    private static Map<Setting, String> options(String[] arguments) {
        Map<Setting, String> options = new EnumMap<>(Setting.class);
        for (int at = 1; at < arguments.length; at++) {
            int equals = arguments[at].indexOf('=');
            options.put(Setting.valueOf(arguments[at].substring(0, equals)), arguments[at].substring(equals + 1));
        }
        return options;
    }

    private static void fail(Problem problem, @Nullable Throwable fault) {
        report(StartReport.failed(problem));
        LOGGER.log(Level.ERROR, "server start failed", fault);
        System.exit(1);
    }

    private static void report(StartReport report) {
        System.out.println(Json.text(report));
        System.out.flush();
    }

    private static void awaitEnd(CountDownLatch stopped) {
        try {
            stopped.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
