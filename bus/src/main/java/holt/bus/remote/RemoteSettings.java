package holt.bus.remote;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the bus is, and who we are there.
 *
 * @param servers one server, or several of one cluster, tried in any order; see {@link Servers#parse}
 * @param credentials file with what to log in with, see {@link Login}; null where anybody may connect
 * @param authority PEM file with the certificates that vouch for the servers; null for the JVM's own
 * @param monitor where a server's monitoring pages are; null where they cannot be seen
 * @param prefix put before every subject, so that several platforms can share a server; empty for none
 * @param name of this client, shown in the server's pages
 * @param patience how long the first connection is waited for
 */
public record RemoteSettings(
        List<URI> servers,
        @Nullable Path credentials,
        @Nullable Path authority,
        @Nullable URI monitor,
        String prefix,
        String name,
        Duration patience) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    public RemoteSettings {
        servers = List.copyOf(servers);
        Prefix.check(prefix);
    }

    /**
     * For servers that anybody may use.
     *
     * @param urls as {@link Servers#parse} takes them
     */
    public static RemoteSettings of(String urls) {
        return new RemoteSettings(Servers.parse(urls), null, null, null, "", "holt", PATIENCE);
    }

    public RemoteSettings withCredentials(@Nullable Path file) {
        return new RemoteSettings(servers, file, authority, monitor, prefix, name, patience);
    }

    public RemoteSettings withAuthority(@Nullable Path file) {
        return new RemoteSettings(servers, credentials, file, monitor, prefix, name, patience);
    }

    public RemoteSettings withMonitor(@Nullable URI url) {
        return new RemoteSettings(servers, credentials, authority, url, prefix, name, patience);
    }

    public RemoteSettings withPrefix(String text) {
        return new RemoteSettings(servers, credentials, authority, monitor, text, name, patience);
    }

    public RemoteSettings withName(String text) {
        return new RemoteSettings(servers, credentials, authority, monitor, prefix, text, patience);
    }

    public RemoteSettings withPatience(Duration duration) {
        return new RemoteSettings(servers, credentials, authority, monitor, prefix, name, duration);
    }

    /** For the log and for messages. */
    String place() {
        return String.join(",", servers.stream().map(URI::toString).toList());
    }

    boolean isSecure() {
        return authority != null || servers.stream().anyMatch(server -> "tls".equals(server.getScheme()));
    }
}
