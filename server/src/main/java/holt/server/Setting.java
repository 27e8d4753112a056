package holt.server;

import java.util.Locale;

/**
 * Every setting of the server: its key in {@code holt.toml}, its variable in the environment, its default and what it
 * means. The commented sample file is made from this, so that it is always true.
 */
enum Setting {
    DOMAIN("domain", "localhost", "What is appended to an app's name to make its route: name.domain"),
    API_BIND("api.bind", "127.0.0.1", "Address on which the API listens"),
    API_PORT("api.port", "8470", "Port of the API; 0 takes any free one"),
    HTTP_BIND("http.bind", "127.0.0.1", "Address on which the router takes requests; 0.0.0.0 opens it to the network"),
    HTTP_PORT("http.port", "8080", "Port on which the router takes requests; 0 takes any free one"),
    HOST_NAME("host.name", "", "Name of this host; empty takes the machine's own"),
    HOST_BACKEND("host.backend", "auto", "How processes run here: auto, container or plain (no isolation)"),
    HOST_MEMORY(
            "host.memory", "", "Memory that may be given to processes, such as 4G; empty takes 90 % of the machine's"),
    HOST_ZONE(
            "host.zone",
            "",
            "What fails together with this host, such as its rack; instances of an app are spread over zones"),
    HOST_TAGS("host.tags", "", "What is special about this host, such as gpu,ssd; apps ask for it with --tag"),
    BUS_BIND("bus.bind", "127.0.0.1", "Address on which Holt's own bus takes NATS clients"),
    BUS_PORT("bus.port", "0", "Port on which Holt's own bus takes NATS clients; 0 takes any free one, off takes none"),
    BUS_USERS(
            "bus.users",
            "",
            "File with the users of Holt's own bus and their rights, a JSON list, readable by its owner only; empty"
                    + " lets in who has the token in secret/bus.token of the home folder"),
    BUS_CERTIFICATE(
            "bus.certificate", "", "PEM file with the certificate of Holt's own bus; with bus.key, clients use TLS"),
    BUS_KEY("bus.key", "", "PEM file (PKCS 8) with the private key of Holt's own bus"),
    BUS_CLIENT_CA(
            "bus.client-ca",
            "",
            "PEM file with authorities of which clients of Holt's own bus must have a certificate"),
    BUS_TLS_FIRST(
            "bus.tls-first",
            "no",
            "Whether clients of Holt's own bus begin with TLS before anything is said: yes or no"),
    BUS_MAX_PAYLOAD("bus.max-payload", "1M", "Bytes of a message on Holt's own bus"),
    BUS_MAX_PENDING(
            "bus.max-pending",
            "64M",
            "Bytes that may wait for one client of Holt's own bus; with more it is cut as slow"),
    BUS_MAX_CONNECTIONS("bus.max-connections", "65536", "Clients of Holt's own bus at one time"),
    BUS_MAX_SUBSCRIPTIONS(
            "bus.max-subscriptions", "0", "Subscriptions of one client of Holt's own bus; 0 for any number"),
    BUS_PING_INTERVAL(
            "bus.ping-interval", "2m", "Silence after which a client of Holt's own bus is asked whether it is there"),
    BUS_PING_MAX("bus.ping-max", "2", "Questions without an answer after which a client of Holt's own bus is cut"),
    BUS_AUTH_TIMEOUT("bus.auth-timeout", "2s", "Time in which a client of Holt's own bus says who it is"),
    BUS_WRITE_DEADLINE(
            "bus.write-deadline",
            "10s",
            "Time in which a client of Holt's own bus takes something of what waits for it"),
    BUS_MONITOR_PORT(
            "bus.monitor-port",
            "off",
            "Port on bus.bind for the monitoring pages of Holt's own bus, as nats-server has them on 8222; off shows none"),
    BUS_URL(
            "bus.url",
            "",
            "Address of the nats-server that carries Holt's messages, such as nats://bus1:4222 or tls://bus1:4222,"
                    + " several of one cluster with commas between; empty takes Holt's own"),
    BUS_CREDENTIALS(
            "bus.credentials",
            "",
            "File with the login for bus.url, readable by its owner only: lines 'user = ...' and 'password = ...',"
                    + " or 'token = ...', or 'nkey = SU...', or a .creds file"),
    BUS_CA(
            "bus.ca",
            "",
            "PEM file with the certificates that vouch for the servers of bus.url; empty takes Java's own with tls://"),
    BUS_MONITOR(
            "bus.monitor",
            "",
            "Address of the monitoring pages of the server in bus.url, such as http://bus1:8222; empty shows none"),
    BUS_PREFIX(
            "bus.prefix",
            "",
            "Words before all subjects on bus.url, so that several platforms can share a server, such as east"),
    DEBUG_RECORD(
            "debug.record",
            "",
            "File in the home folder where all that is decided is written down, for holt replay; empty writes nothing");

    private final String key;
    private final String fallback;
    private final String meaning;

    Setting(String key, String fallback, String meaning) {
        this.key = key;
        this.fallback = fallback;
        this.meaning = meaning;
    }

    /** The key in the file, with a dot between table and name. */
    String key() {
        return key;
    }

    /** The value where nobody gives one. */
    String fallback() {
        return fallback;
    }

    /** One sentence for people. */
    String meaning() {
        return meaning;
    }

    /** The variable that overrides the file: {@code HOLT_API_PORT} for {@code api.port}. */
    String variable() {
        return "HOLT_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** The command line's option that overrides all: {@code --api-port}. */
    String option() {
        return "--" + key.replace('.', '-');
    }

    boolean isNumber() {
        return this == API_PORT || this == HTTP_PORT;
    }
}
