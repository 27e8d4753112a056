package holt.bus.server;

import holt.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the server says of itself. Guarded by the hub's lock. */
final class Info {
    /** The nats-server whose protocol this is: clients go by it. */
    static final String VERSION = "2.9.10";

    private final BusSettings settings;
    private final boolean authRequired;
    final String serverId = UUID.randomUUID().toString().replace("-", "").toUpperCase(java.util.Locale.ROOT);
    private int port;
    private boolean leaving;
    /** The beginning of what each client is told first. */
    private @Nullable String sameForAll;

    Info(BusSettings settings, boolean authRequired) {
        this.settings = settings;
        this.authRequired = authRequired;
    }

    void listensOn(int bound) {
        port = bound;
    }

    boolean authRequired() {
        return authRequired;
    }

    int port() {
        return port;
    }

    private Map<String, Object> common() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("server_id", serverId);
        info.put("server_name", settings.name());
        info.put("version", VERSION);
        info.put("proto", 1);
        info.put("go", "java" + Runtime.version().feature());
        info.put("host", settings.host());
        info.put("port", port);
        info.put("headers", true);
        if (authRequired) {
            info.put("auth_required", true);
        }
        BusSettings.Tls tls = settings.tls();
        if (tls != null) {
            info.put("tls_required", true);
            if (tls.clientAuthorities() != null) {
                info.put("tls_verify", true);
            }
        }
        info.put("max_payload", settings.limits().maxPayload());
        return info;
    }

    /** For a client that has just come. */
    byte[] of(SocketClient client, boolean nonce) {
        String forAll = sameForAll;
        if (forAll == null) {
            String json = Json.text(common());
            forAll = json.substring(0, json.length() - 1);
            sameForAll = forAll;
        }
        String own = ",\"client_id\":" + client.cid + ",\"client_ip\":\""
                + client.address().getAddress().getHostAddress() + '"'
                + (nonce ? ",\"nonce\":\"" + client.nonceText() + '"' : "");
        return ("INFO " + forAll + own + "} \r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** For all, before the server goes. */
    byte[] leaving() {
        leaving = true;
        Map<String, Object> info = common();
        info.put("ldm", true);
        return line(info);
    }

    boolean isLeaving() {
        return leaving;
    }

    private static byte[] line(Map<String, Object> info) {
        return ("INFO " + Json.text(info) + " \r\n").getBytes(StandardCharsets.UTF_8);
    }
}
