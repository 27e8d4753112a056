package holt.bus.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import holt.bus.BusMonitor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The monitoring pages by HTTP, where nats-server has them: {@code /varz}, {@code /connz}, {@code /subsz} and
 * {@code /healthz}. Whoever reaches the port may read them: it belongs on loopback or behind a fire wall, as
 * nats-server's. Safe for use by any thread.
 */
public final class MonitoringServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int BACKLOG = 64;
    private static final String INDEX = "<!DOCTYPE html><title>Holt's bus</title><h1>Holt's bus</h1><ul>"
            + "<li><a href=varz>General</a><li><a href=connz>Connections</a><li><a href='subsz?subs=1'>Subscriptions</a>"
            + "<li><a href=healthz>Health</a></ul>";

    private final BusMonitor monitor;
    private final HttpServer server;
    private final ExecutorService threads;

    /**
     * Starts it.
     *
     * @param port 0 for any free one
     * @throws IOException where the port is taken
     */
    public MonitoringServer(BusMonitor monitor, String host, int port) throws IOException {
        this.monitor = monitor;
        this.server = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
        this.threads = Executors.newFixedThreadPool(
                THREADS,
                Thread.ofPlatform().daemon().name("holt-bus-monitor-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String page = exchange.getRequestURI().getPath().substring(1);
            if (!exchange.getRequestMethod().equals("GET")) {
                send(exchange, 405, "text/plain", "Expected GET, found " + exchange.getRequestMethod() + "\n");
            } else if (page.isEmpty()) {
                send(exchange, 200, "text/html; charset=utf-8", INDEX);
            } else {
                answer(exchange, page);
            }
        }
    }

    private void answer(HttpExchange exchange, String page) throws IOException {
        String json;
        try {
            json = new String(
                    monitor.page(
                            page.equals("subscriptionsz") ? "subsz" : page,
                            query(exchange.getRequestURI().getRawQuery())),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException bad) {
            send(exchange, page.matches("varz|connz|subsz|healthz") ? 400 : 404, "text/plain", bad.getMessage() + "\n");
            return;
        }
        send(exchange, 200, "application/json", json);
    }

    private static Map<String, String> query(@org.jspecify.annotations.Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String part : raw == null ? new String[0] : raw.split("&")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                query.put(
                        URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
