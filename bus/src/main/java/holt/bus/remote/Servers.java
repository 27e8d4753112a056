package holt.bus.remote;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Addresses of bus servers as people write them. */
public final class Servers {
    private static final int DEFAULT_PORT = 4222;
    private static final int MAX_PORT = 65_535;
    private static final Pattern USER_INFO = Pattern.compile("^.*@", Pattern.DOTALL);

    private Servers() {}

    /**
     * Reads one address or several with commas between: {@code nats://bus1:4222,nats://bus2:4222}, {@code tls://bus1},
     * {@code bus1}.
     *
     * @throws ProblemException {@code parameter-invalid}; a secret in an address is refused and not repeated
     */
    public static List<URI> parse(String urls) {
        refuseLogin(urls, "bus.url");
        List<URI> servers = Arrays.stream(urls.split(","))
                .map(String::strip)
                .filter(url -> !url.isEmpty())
                .map(Servers::server)
                .toList();
        if (servers.isEmpty()) {
            throw refusal(urls, "the address is empty");
        }
        return servers;
    }

    /**
     * Refuses an address with a login in it.
     *
     * @param what holds the address, for the message
     * @throws ProblemException {@code parameter-invalid}, without the login
     */
    public static void refuseLogin(String urls, String what) {
        if (urls.contains("@")) {
            throw Problem.of(
                            ErrorCode.PARAMETER_INVALID,
                            "The address in " + what + " holds a login: " + masked(urls) + ".")
                    .expected("an address without user and password, which would be seen in logs and lists", null)
                    .remedy("Put the login into a file that only you can read, and name it in bus.credentials.")
                    .exception();
        }
    }

    /** The text without what stands before an {@code @}: that may be a secret. */
    public static String masked(String urls) {
        return USER_INFO.matcher(urls).replaceAll("***@");
    }

    private static URI server(String text) {
        URI url = url(text.contains("://") ? text : "nats://" + text);
        String scheme = url.getScheme();
        if (!"nats".equals(scheme) && !"tls".equals(scheme)) {
            throw refusal(text, "the scheme is neither nats nor tls");
        }
        if (url.getHost() == null
                || url.getPort() == 0
                || url.getPort() > MAX_PORT
                || !rest(url).isEmpty()) {
            throw refusal(text, "that is not a host with a port");
        }
        return url.getPort() < 0 ? url(scheme + "://" + url.getHost() + ":" + DEFAULT_PORT) : url;
    }

    private static String rest(URI url) {
        String path = url.getPath() == null || url.getPath().equals("/") ? "" : url.getPath();
        return path + (url.getQuery() == null ? "" : url.getQuery());
    }

    private static URI url(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException fault) {
            throw refusal(text, "that is not an address");
        }
    }

    private static ProblemException refusal(String text, String why) {
        return Problem.of(ErrorCode.PARAMETER_INVALID, "The bus's address cannot be used: " + why + ".")
                .expected("nats://host:port or tls://host:port, several with commas between", masked(text))
                .exception();
    }
}
