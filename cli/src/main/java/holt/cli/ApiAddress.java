package holt.cli;

import holt.model.ErrorCode;
import holt.model.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Addresses of platforms as people write them. */
final class ApiAddress {
    private ApiAddress() {}

    /**
     * Reads an address: {@code http://} is added where no scheme is named, {@code /api/v1} and a last slash are taken off.
     *
     * @throws holt.model.ProblemException when it is no address
     */
    static URI parse(String text) {
        String trimmed = text.strip();
        String whole = trimmed.contains("://") ? trimmed : "http://" + trimmed;
        try {
            URI uri = new URI(whole.replaceAll("/+$", "").replaceAll("/api/v1$", ""));
            String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getRawQuery() == null
                    && uri.getRawUserInfo() == null
                    && uri.getPort() != 0
                    && uri.getPort() <= 65_535) {
                return uri;
            }
        } catch (URISyntaxException notOne) {
            throw refusal(text);
        }
        throw refusal(text);
    }

    /** Whether what is sent there can be read on the way. */
    static boolean isExposed(URI api) {
        String host = api.getHost().toLowerCase(Locale.ROOT);
        boolean here = host.equals("localhost")
                || host.endsWith(".localhost")
                || host.startsWith("127.")
                || host.equals("[::1]");
        return !here && api.getScheme().equalsIgnoreCase("http");
    }

    private static RuntimeException refusal(String text) {
        return Problem.of(
                        ErrorCode.PARAMETER_INVALID,
                        "'" + Text.printable(text, 80) + "' cannot be the address of a platform.")
                .expected("an address such as http://127.0.0.1:8080 or https://api.example.org", null)
                .exception();
    }
}
