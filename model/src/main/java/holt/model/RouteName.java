package holt.model;

import java.util.Locale;
import java.util.regex.Pattern;

/** Host names that lead to an app: 1 to 253 characters of labels (RFC 1123) with dots between, in lower case. */
public final class RouteName {
    private static final Pattern SHAPE =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    private RouteName() {}

    /**
     * Checks a route and gives its canonical form: lower case, the domain appended to a single label.
     *
     * @param domain the platform's domain, for example {@code localhost}
     * @throws ProblemException {@code route-invalid}
     */
    public static String check(String route, String domain) {
        String host = route.strip().toLowerCase(Locale.ROOT);
        if (host.startsWith("http://")) {
            host = host.substring("http://".length());
        }
        if (!SHAPE.matcher(host).matches()) {
            throw Problem.of(
                            ErrorCode.ROUTE_INVALID, "'" + route.replaceAll("\\p{Cntrl}", "?") + "' cannot be a route.")
                    .expected("a host name such as shop." + domain + ", without port and path", null)
                    .exception();
        }
        return host.indexOf('.') < 0 ? host + "." + domain : host;
    }
}
