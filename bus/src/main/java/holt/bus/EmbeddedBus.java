package holt.bus;

import holt.bus.server.BusServer;
import holt.bus.server.BusSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The bus inside one process, without a port: one connection to a {@link BusServer} of its own. For any thread. */
public final class EmbeddedBus implements Bus, BusMonitor {
    private final BusServer server;
    private final Bus bus;

    public EmbeddedBus() {
        try {
            server = BusServer.start(BusSettings.inProcess());
        } catch (IOException impossible) {
            throw new UncheckedIOException("A bus without a port could not start", impossible);
        }
        bus = server.connect("holt");
    }

    @Override
    public void publish(String subject, byte[] payload) {
        bus.publish(subject, payload);
    }

    @Override
    public Subscription subscribe(String subject, Handler handler) {
        return bus.subscribe(subject, handler);
    }

    @Override
    public Subscription subscribe(String subject, String queue, Handler handler) {
        return bus.subscribe(subject, queue, handler);
    }

    @Override
    public CompletableFuture<byte[]> request(String subject, byte[] payload, Duration timeout) {
        return bus.request(subject, payload, timeout);
    }

    @Override
    public byte[] page(String page, Map<String, String> query) throws IOException {
        return server.page(page, query);
    }

    @Override
    public void close() {
        server.close();
    }
}
