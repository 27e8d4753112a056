package holt.bus.server;

import holt.bus.server.BusUser.Permissions;
import holt.bus.server.BusUser.Responses;
import holt.bus.server.BusUser.Subjects;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the server of a file of scripts is set, said twice: for nats-server and for ours. */
enum WireSettings {
    OPEN(""),
    SMALL("""
            max_payload: 64
            max_control_line: 128
            max_subscriptions: 3
            """),
    CROWDED("max_connections: 2\n"),
    TOKEN("authorization { token: \"s3cr3t\", timeout: 1 }\n"),
    USERS("""
            authorization {
              timeout: 5
              users: [
                { user: plain, password: pwd }
                { user: hashed, password: "%s" }
                { nkey: "%s" }
                { user: narrow, password: pwd, permissions: {
                  publish: { allow: ["ok.>", "half.*"], deny: ["ok.secret", "half.no"] }
                  subscribe: { allow: ["in.>", "jobs.*", "any q1"], deny: ["in.secret.>", "jobs.x night"] } } }
                { user: mute, password: pwd, permissions: { publish: { deny: [">"] } } }
                { user: responder, password: pwd, permissions: {
                  subscribe: ["service"], allow_responses: { max: 1, expires: "1m" } } }
              ]
            }
            """.formatted(Hash.ABC, NkeySigner.nkey())),
    DEFAULT_USER("""
            authorization { users: [
              { user: guest, password: pwd, permissions: { publish: ["guest.>"] } }
              { user: full, password: pwd }
            ] }
            no_auth_user: guest
            """),
    PINGING("ping_interval: \"1s\"\nping_max: 1\n");

    /** Holds what the constants use before this enum has its own statics. */
    private static final class Hash {
        /** Of "abc"; from the test vectors of OpenBSD's bcrypt. */
        private static final String ABC = "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i";
    }

    private final String nats;

    WireSettings(String nats) {
        this.nats = nats;
    }

    /** The file in which the scripts are. */
    String file() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String nats() {
        return nats;
    }

    BusSettings holt() {
        return switch (this) {
            case OPEN -> settings(List.of(), null, null, limits(65_536, 0, 1 << 20, 4096, 120, 2, 2000));
            case SMALL -> settings(List.of(), null, null, limits(65_536, 3, 64, 128, 120, 2, 2000));
            case CROWDED -> settings(List.of(), null, null, limits(2, 0, 1 << 20, 4096, 120, 2, 2000));
            case TOKEN -> settings(List.of(), "s3cr3t", null, limits(65_536, 0, 1 << 20, 4096, 120, 2, 1000));
            case USERS -> settings(users(), null, null, limits(65_536, 0, 1 << 20, 4096, 120, 2, 5000));
            case DEFAULT_USER -> settings(guests(), null, "guest", limits(65_536, 0, 1 << 20, 4096, 120, 2, 2000));
            case PINGING -> settings(List.of(), null, null, limits(65_536, 0, 1 << 20, 4096, 1, 1, 2000));
        };
    }

    private static BusSettings settings(
            List<BusUser> users, @Nullable String token, @Nullable String noAuthUser, BusLimits limits) {
        return new BusSettings("wire", "127.0.0.1", 0, users, token, noAuthUser, null, limits);
    }

    private static BusLimits limits(
            int connections, int subscriptions, int payload, int line, int pingSeconds, int pings, int authMillis) {
        BusLimits standard = BusLimits.standard();
        return new BusLimits(
                connections,
                subscriptions,
                payload,
                standard.maxPending(),
                line,
                Duration.ofSeconds(pingSeconds),
                pings,
                Duration.ofMillis(authMillis),
                standard.tlsTimeout(),
                standard.writeDeadline(),
                standard.lameDuckGrace(),
                standard.lameDuckDuration());
    }

    private static List<BusUser> users() {
        Subjects nothing = new Subjects(List.of(), List.of(">"));
        return List.of(
                new BusUser("plain", "pwd", Permissions.ALL),
                new BusUser("hashed", Hash.ABC, Permissions.ALL),
                new BusUser(NkeySigner.nkey(), null, Permissions.ALL),
                new BusUser(
                        "narrow",
                        "pwd",
                        new Permissions(
                                new Subjects(List.of("ok.>", "half.*"), List.of("ok.secret", "half.no")),
                                new Subjects(
                                        List.of("in.>", "jobs.*", "any q1"), List.of("in.secret.>", "jobs.x night")),
                                null)),
                new BusUser("mute", "pwd", new Permissions(nothing, Subjects.ALL, null)),
                new BusUser(
                        "responder",
                        "pwd",
                        new Permissions(
                                // With leave to answer and nothing named to publish, nats-server allows nothing else.
                                nothing, new Subjects(List.of("service"), List.of()), new Responses(1, 60_000))));
    }

    private static List<BusUser> guests() {
        Subjects guest = new Subjects(List.of("guest.>"), List.of());
        return List.of(
                new BusUser("guest", "pwd", new Permissions(guest, Subjects.ALL, null)),
                new BusUser("full", "pwd", Permissions.ALL));
    }
}
