package holt.cli;

import com.sun.net.httpserver.HttpExchange;
import holt.model.BusApi;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** The bus's part of a {@link FakePlatform}: pages in the shape of nats-server 2.9.10, and messages laid out before. */
final class FakeBus {
    private static final String ID = "NADLQBUDWCTQROOHONAMH6I6QZAZPOXUPNSTQL3DST6W47J3INSEKQ3T";

    /** What was asked: bodies of messages and requests. */
    final List<BusApi.BusPublish> published = new CopyOnWriteArrayList<>();

    final List<BusApi.BusRequest> requests = new CopyOnWriteArrayList<>();

    /** What a stream tells, and then nothing more until the platform ends. */
    final List<String> events = new CopyOnWriteArrayList<>();

    /** Pages in their order; the last one stays. */
    final ConcurrentLinkedQueue<String> varz = new ConcurrentLinkedQueue<>();

    final ConcurrentLinkedQueue<String> connz = new ConcurrentLinkedQueue<>();
    final CountDownLatch end = new CountDownLatch(1);

    void handle(HttpExchange exchange, String path, Map<String, String> query) throws IOException {
        switch (exchange.getRequestMethod() + " " + path) {
            case "POST messages" -> {
                published.add(Json.readStrictly(exchange.getRequestBody().readAllBytes(), BusApi.BusPublish.class));
                exchange.sendResponseHeaders(204, -1);
            }
            case "POST requests" -> request(exchange);
            case "GET messages" -> messages(exchange, query);
            case "GET monitor/varz" -> page(exchange, varz);
            case "GET monitor/connz" -> page(exchange, connz);
            default ->
                throw Problem.of(ErrorCode.NOT_FOUND, "There is nothing here.").exception();
        }
    }

    private void request(HttpExchange exchange) throws IOException {
        BusApi.BusRequest request =
                Json.readStrictly(exchange.getRequestBody().readAllBytes(), BusApi.BusRequest.class);
        requests.add(request);
        switch (request.subject()) {
            case "echo" ->
                json(
                        exchange,
                        Json.text(new BusApi.BusReply(
                                request.text(),
                                request.base64(),
                                BusApi.payload(request.text(), request.base64()).length)));
            case "deaf" ->
                throw Problem.of(ErrorCode.NO_ANSWER, "No answer came on 'deaf' within 2000 ms.")
                        .exception();
            default ->
                throw Problem.of(ErrorCode.NO_RESPONDERS, "Nobody subscribes to '" + request.subject() + "'.")
                        .exception();
        }
    }

    private void messages(HttpExchange exchange, Map<String, String> query) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        send(exchange, event("listening", new BusApi.BusListening(query.get("subject"), query.get("queue"))));
        for (String event : events) {
            send(exchange, event);
        }
        try {
            end.await();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, String event) throws IOException {
        exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static void page(HttpExchange exchange, ConcurrentLinkedQueue<String> pages) throws IOException {
        String page = pages.size() > 1 ? pages.poll() : pages.peek();
        if (page == null) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "The bus tells nothing of itself: it keeps no figures.")
                    .exception();
        }
        json(exchange, page);
    }

    private static void json(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static String event(String name, Object data) {
        return "event: " + name + "\ndata: " + Json.text(data) + "\n\n";
    }

    void says(String subject, String text) {
        events.add(event(
                "message",
                new BusApi.BusMessage(subject, null, text, null, text.getBytes(StandardCharsets.UTF_8).length)));
    }

    static String varz(int second, long messages) {
        return varz(second, messages, 4222, ID);
    }

    static String varz(int second, long messages, int port, String id) {
        return """
                {"server_id": "%s", "server_name": "probe", "version": "2.9.10", "proto": 1, "go": "go1.19.8",
                 "host": "0.0.0.0", "port": %d, "max_connections": 65536, "ping_interval": 120000000000,
                 "max_payload": 1048576, "cluster": {}, "jetstream": {}, "start": "2026-11-21T19:25:19.228613627Z",
                 "now": "2026-11-21T19:26:%02d.520473452Z", "uptime": "2m10s", "mem": 11976704, "cores": 2, "cpu": 1.5,
                 "connections": 2, "total_connections": 2, "routes": 0, "in_msgs": %d, "out_msgs": %d, "in_bytes": %d,
                 "out_bytes": %d, "slow_consumers": 0, "subscriptions": 45, "http_req_stats": {"/varz": 1},
                 "system_account": "$SYS"}
                """.formatted(id, port, second, messages, 2 * messages, 128 * messages, 256 * messages);
    }

    static String connz(int second, String... connections) {
        return """
                {"server_id": "%s", "now": "2026-11-21T19:26:%02d.522872081Z", "num_connections": %d, "total": %d,
                 "offset": 0, "limit": 1024, "connections": [%s]}
                """.formatted(ID, second, connections.length, connections.length, String.join(",", connections));
    }

    static String connection(int cid, String name, String start, long in, long out) {
        return """
                {"cid": %d, "kind": "Client", "type": "nats", "ip": "127.0.0.1", "port": 41184,
                 "start": "%s", "last_activity": "2026-11-21T19:26:01.314196511Z",
                 "rtt": "685µs", "uptime": "1m2s", "idle": "1s", "pending_bytes": 0, "in_msgs": %d, "out_msgs": %d,
                 "in_bytes": %d, "out_bytes": %d, "subscriptions": 2, "name": "%s", "lang": "python3",
                 "version": "2.6.0"}
                """.formatted(cid, start, in, out, 100 * in, 100 * out, name);
    }
}
