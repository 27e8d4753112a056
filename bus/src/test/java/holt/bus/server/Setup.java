package holt.bus.server;

import holt.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** What a test's server is set to: the defaults of nats-server but for what the test says. */
final class Setup {
    int port = 0;
    List<BusUser> users = List.of();
    String token;
    String noAuthUser;
    BusSettings.Tls tls;
    int maxConnections = 65_536;
    int maxSubscriptions = 0;
    int maxPayload = 1 << 20;
    long maxPending = 64L << 20;
    int maxControlLine = 4096;
    Duration pingInterval = Duration.ofMinutes(2);
    int pingMax = 2;
    Duration authTimeout = Duration.ofSeconds(2);
    Duration tlsTimeout = Duration.ofSeconds(2);
    Duration writeDeadline = Duration.ofSeconds(10);
    Duration lameDuckGrace = Duration.ofSeconds(10);
    Duration lameDuckDuration = Duration.ofMinutes(2);

    static BusServer start(Consumer<Setup> change) throws IOException {
        Setup setup = new Setup();
        change.accept(setup);
        return BusServer.start(setup.settings());
    }

    private BusSettings settings() {
        BusLimits limits = new BusLimits(
                maxConnections,
                maxSubscriptions,
                maxPayload,
                maxPending,
                maxControlLine,
                pingInterval,
                pingMax,
                authTimeout,
                tlsTimeout,
                writeDeadline,
                lameDuckGrace,
                lameDuckDuration);
        return new BusSettings("test", "127.0.0.1", port, users, token, noAuthUser, tls, limits);
    }

    static JsonNode page(BusServer server, String page, Map<String, String> query) {
        return Json.tree(server.page(page, query));
    }

    static long figure(BusServer server, String name) {
        return page(server, "varz", Map.of()).get(name).longValue();
    }

    /** Why the connections that are gone went. */
    static List<String> reasons(BusServer server) {
        return page(server, "connz", Map.of("state", "closed"))
                .get("connections")
                .valueStream()
                .map(each -> each.get("reason").stringValue())
                .toList();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
