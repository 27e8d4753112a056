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
     * @throws ProblemException {@code route-invalid} for what is no host name, the domain itself, and names below it that
     *     {@link AppName} reserves
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
        if (host.equals(domain)) {
            throw Problem.of(ErrorCode.ROUTE_INVALID, "'" + host + "' is the platform's own domain.")
                    .expected("a host name below it, such as shop." + domain, host)
                    .exception();
        }
        String full = host.indexOf('.') < 0 ? host + "." + domain : host;
        if (full.endsWith("." + domain)
                && AppName.RESERVED.contains(full.substring(0, full.length() - domain.length() - 1))) {
            throw Problem.of(ErrorCode.ROUTE_INVALID, "The route '" + full + "' is reserved for the platform.")
                    .remedy("Use another name below " + domain + ".")
                    .exception();
        }
        return full;
    }
}
