package holt.bus.server;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a bus server is and whom it serves.
 *
 * @param name shown to clients
 * @param host address to listen on
 * @param port to listen on; 0 for any free one, -1 for none: then only parts of this process connect
 * @param users those who may connect; with none and no token, anybody may
 * @param token a secret that lets anybody in who has it; null for none
 * @param noAuthUser the user somebody is who says nothing of themselves; null for none
 * @param tls null without TLS
 * @param limits what one client may cost
 */
public record BusSettings(
        String name,
        String host,
        int port,
        List<BusUser> users,
        @Nullable String token,
        @Nullable String noAuthUser,
        @Nullable Tls tls,
        BusLimits limits) {

    /**
     * Keys of the server.
     *
     * @param certificate PEM file with the certificate and those that vouch for it
     * @param key PEM file with the private key (PKCS 8)
     * @param clientAuthorities PEM file with authorities of which clients must have a certificate; null where they need none
     * @param first whether clients begin with TLS, before the server has said anything
     */
    public record Tls(Path certificate, Path key, @Nullable Path clientAuthorities, boolean first) {}

    public BusSettings {
        users = List.copyOf(users);
    }

    /** Only for parts of this process. */
    public static BusSettings inProcess() {
        return new BusSettings("holt", "127.0.0.1", -1, List.of(), null, null, null, BusLimits.standard());
    }

    /** For anybody who can reach the port. */
    public static BusSettings open(String host, int port) {
        return new BusSettings("holt", host, port, List.of(), null, null, null, BusLimits.standard());
    }

    /** Secrets do not belong in a log. */
    @Override
    public String toString() {
        return "BusSettings[" + host + ":" + port + "]";
    }
}
