package holt.server;

import holt.bus.Bus;
import holt.bus.EmbeddedBus;
import holt.bus.NoResponders;
import holt.bus.remote.RemoteBus;
import holt.bus.remote.RemoteSettings;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Subjects;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** The bus that the settings ask for. */
final class Buses {
    private static final Logger LOGGER = System.getLogger(Buses.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Buses() {}

    /**
     * Opens the bus; one that is elsewhere is waited for, for some seconds.
     *
     * @throws ProblemException {@code unavailable} where it cannot be reached, {@code conflict} where another platform
     *     uses it under the same prefix
     */
    static Bus open(Configuration configuration) {
        Optional<RemoteSettings> remote = configuration.bus();
        if (remote.isEmpty()) {
            return new EmbeddedBus();
        }
        RemoteBus bus = RemoteBus.connect(remote.get());
        try {
            checkAlone(bus, configuration);
            return bus;
        } catch (RuntimeException refused) {
            bus.close();
            throw refused;
        }
    }

    /** Two controllers on the same subjects would each end what the other has started. */
    private static void checkAlone(RemoteBus bus, Configuration configuration) {
        try {
            bus.request(Subjects.ROUTES_SYNC, new byte[0], PATIENCE).get();
            throw Problem.of(
                            ErrorCode.CONFLICT,
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
