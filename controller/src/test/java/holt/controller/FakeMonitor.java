package holt.controller;

import holt.bus.BusMonitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Pages as nats-server 2.9.10 gave them, recorded with two connections. */
final class FakeMonitor implements BusMonitor {
    static final String VARZ = """
            {
              "server_id": "NADLQBUDWCTQROOHONAMH6I6QZAZPOXUPNSTQL3DST6W47J3INSEKQ3T",
              "server_name": "probe",
              "version": "2.9.10",
              "proto": 1,
              "host": "127.0.0.1",
              "port": 42471,
              "max_connections": 65536,
              "max_payload": 1048576,
              "cluster": {},
              "start": "2026-11-21T19:25:19.228613627Z",
              "now": "2026-11-21T19:25:21.520473452Z",
              "uptime": "2s",
              "mem": 11976704,
              "cores": 2,
              "cpu": 1,
              "connections": 2,
              "total_connections": 2,
              "in_msgs": 5,
              "out_msgs": 5,
              "in_bytes": 25,
              "out_bytes": 25,
              "slow_consumers": 0,
              "subscriptions": 45
            }
            """;

    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile boolean away;

    @Override
    public byte[] page(String page, Map<String, String> query) throws IOException {
        asked.add(page + new TreeMap<>(query));
        if (away) {
            throw new IOException("nobody at 10.0.0.9:8222");
        }
        if (query.getOrDefault("sort", "cid").equals("colour")) {
            throw new IllegalArgumentException("invalid sorting option: colour");
        }
        String answer = switch (page) {
            case "varz" -> VARZ;
            case "healthz" -> "{\"status\":\"ok\"}";
            default -> "{\"num_subscriptions\": 45, \"connections\": []}";
        };
        return answer.getBytes(StandardCharsets.UTF_8);
    }
}
