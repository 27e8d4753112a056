package holt.server;

import holt.bus.Bus;
import holt.bus.BusMonitor;
import holt.bus.NoResponders;
import holt.bus.remote.RemoteBus;
import holt.bus.remote.RemoteSettings;
import holt.bus.server.BusServer;
import holt.bus.server.BusSettings;
import holt.bus.server.MonitoringServer;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Subjects;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The bus that the settings ask for. */
final class Buses {
    private static final Logger LOGGER = System.getLogger(Buses.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Buses() {}

    /**
     * A bus in use.
     *
     * @param monitor its figures
     * @param end closes it with all that belongs to it
     */
    record Opened(Bus bus, BusMonitor monitor, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    /**
     * Opens the bus; one that is elsewhere is waited for, for some seconds.
     *
     * @throws ProblemException {@code unavailable} where it cannot be reached, {@code unavailable} too where another platform
     *     uses it under the same prefix
     */
    static Opened open(Configuration configuration) throws IOException {
        Optional<RemoteSettings> remote = configuration.bus();
        if (remote.isEmpty()) {
            return ownBus(configuration);
        }
        RemoteBus bus = RemoteBus.connect(remote.get());
        try {
            checkAlone(bus, configuration);
            return new Opened(bus, bus, bus::close);
        } catch (RuntimeException refused) {
            bus.close();
            throw refused;
        }
    }

    private static Opened ownBus(Configuration configuration) throws IOException {
        BusSettings settings = settings(configuration);
        BusServer server;
        try {
            server = BusServer.start(settings);
        } catch (BindException taken) {
            throw portTaken(Setting.BUS_PORT, settings.host(), settings.port(), taken);
        }
        List<AutoCloseable> parts = new ArrayList<>(List.of(server));
        try {
            int port = configuration.busMonitorPort();
            if (port >= 0) {
                parts.addFirst(monitoring(server, settings.host(), port));
            }
        } catch (IOException | RuntimeException fault) {
            server.close();
            throw fault;
        }
        LOGGER.log(Level.INFO, "event=bus-started host={0} port={1}", settings.host(), Integer.toString(server.port()));
        return new Opened(server.connect("platform"), server, () -> closeAll(parts));
    }

    private static MonitoringServer monitoring(BusServer server, String host, int port) throws IOException {
        try {
            MonitoringServer pages = new MonitoringServer(server, host, port);
            LOGGER.log(Level.INFO, "event=bus-monitor-started host={0} port={1}", host, Integer.toString(pages.port()));
            return pages;
        } catch (BindException taken) {
            throw portTaken(Setting.BUS_MONITOR_PORT, host, port, taken);
        }
    }

    private static ProblemException portTaken(Setting setting, String host, int port, BindException taken) {
        return new ProblemException(
                Problem.of(
                                ErrorCode.UNAVAILABLE,
                                "The bus cannot listen on " + host + ":" + port + ": " + taken.getMessage() + ".")
                        .remedy("Set " + setting.key() + " in holt.toml, or " + setting.variable()
                                + ", to another port; 0 takes any free one."),
                taken);
    }

    private static BusSettings settings(Configuration configuration) throws IOException {
        String users = configuration.text(Setting.BUS_USERS);
        boolean listens = configuration.busPort() >= 0;
        return new BusSettings(
                "holt",
                configuration.text(Setting.BUS_BIND),
                configuration.busPort(),
                users.isEmpty() ? List.of() : BusAccess.users(Path.of(users)),
                listens && users.isEmpty() ? BusAccess.token(configuration.home()) : null,
                null,
                tls(configuration),
                BusLimitSettings.of(configuration));
    }

    private static BusSettings.@Nullable Tls tls(Configuration configuration) {
        String certificate = configuration.text(Setting.BUS_CERTIFICATE);
        String key = configuration.text(Setting.BUS_KEY);
        if (certificate.isEmpty() != key.isEmpty()) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "Only one of bus.certificate and bus.key is set.")
                    .remedy("Set both for TLS, or none.")
                    .exception();
        }
        if (certificate.isEmpty()) {
            return null;
        }
        String authorities = configuration.text(Setting.BUS_CLIENT_CA);
        return new BusSettings.Tls(
                Path.of(certificate),
                Path.of(key),
                authorities.isEmpty() ? null : Path.of(authorities),
                configuration.busTlsFirst());
    }

    private static void closeAll(List<AutoCloseable> parts) {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception fault) {
                LOGGER.log(Level.WARNING, "event=bus-close-failed", fault);
            }
        }
    }

    /** Two controllers on the same subjects would each end what the other has started. */
    private static void checkAlone(RemoteBus bus, Configuration configuration) {
        try {
            bus.request(Subjects.ROUTES_SYNC, new byte[0], PATIENCE).get();
            throw Problem.of(
                            ErrorCode.UNAVAILABLE,
                            "Another Holt platform uses the bus at " + configuration.text(Setting.BUS_URL)
                                    + " under the prefix '" + configuration.text(Setting.BUS_PREFIX) + "'.")
                    .remedy("Stop it first, or give this one a bus.prefix of its own.")
                    .exception();
        } catch (ExecutionException answer) {
            if (!(answer.getCause() instanceof NoResponders || answer.getCause() instanceof TimeoutException)) {
                throw new IllegalStateException("Expected a bus that takes requests", answer.getCause());
            }
            LOGGER.log(Level.DEBUG, "bus has no controller yet", answer);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the bus was looked at", interrupted);
        }
    }
}
