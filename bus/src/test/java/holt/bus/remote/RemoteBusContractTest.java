package holt.bus.remote;

import holt.bus.Bus;
import holt.bus.BusContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a nats-server, each test below a prefix of its own. */
final class RemoteBusContractTest extends BusContract {
    private static NatsServerProcess server;
    private static int tests;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        server = NatsServerProcess.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected Bus open() {
        tests++;
        return RemoteBus.connect(RemoteSettings.of(server.url()).withPrefix("test-" + tests));
    }
}
