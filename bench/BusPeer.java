import holt.bus.server.BusLimits;
import holt.bus.server.BusServer;
import holt.bus.server.BusSettings;
import holt.bus.server.BusUser;
import holt.bus.server.BusUser.Permissions;
import holt.bus.server.BusUser.Subjects;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Holt's bus server alone in its process, for {@link Bus}: prints its port when it is ready and ends when its standard
 * input does. Arguments: {@code plain}, {@code permissions}, or {@code tls CERTIFICATE KEY}.
 */
final class BusPeer {
    void main(String[] arguments) throws IOException {
        try (BusServer server = BusServer.start(settings(arguments))) {
            System.out.println(server.port());
            while (System.in.read() >= 0) {
                // nothing is said to it but that it is over
            }
        }
    }

    private static BusSettings settings(String[] arguments) {
        return switch (arguments[0]) {
            case "plain" -> settings(List.of(), null);
            case "permissions" -> settings(List.of(restricted()), null);
            case "tls" ->
                settings(List.of(), new BusSettings.Tls(Path.of(arguments[1]), Path.of(arguments[2]), null, false));
            default -> throw new IllegalArgumentException("Expected plain, permissions or tls, found " + arguments[0]);
        };
    }

    private static BusSettings settings(List<BusUser> users, BusSettings.Tls tls) {
        return new BusSettings("bench", "127.0.0.1", 0, users, null, null, tls, limits());
    }

    /** The defaults, but for the time to shake hands: the first connection comes to a JVM that never did. */
    private static BusLimits limits() {
        BusLimits standard = BusLimits.standard();
        return new BusLimits(
                standard.maxConnections(),
                standard.maxSubscriptions(),
                standard.maxPayload(),
                standard.maxPending(),
                standard.maxControlLine(),
                standard.pingInterval(),
                standard.pingMax(),
                standard.authTimeout(),
                Duration.ofSeconds(10),
                standard.writeDeadline(),
                standard.lameDuckGrace(),
                standard.lameDuckDuration());
    }

    /** The same as in {@link BusRival}'s file for nats-server. */
    private static BusUser restricted() {
        Subjects subjects = new Subjects(List.of("bench.>"), List.of("bench.secret.>"));
        return new BusUser("bench", "bench", new Permissions(subjects, subjects, null));
    }
}
