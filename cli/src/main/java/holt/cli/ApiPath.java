package holt.cli;

import holt.model.AppName;
import holt.model.ErrorCode;
import holt.model.Problem;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Builds paths and queries of the API from what people type. */
final class ApiPath {
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private ApiPath() {}

    /** The path of an app. A name that no app can have is refused here; it would be another path. */
    static String app(String name) {
        if (!AppName.isValid(name)) {
            throw Problem.of(ErrorCode.APP_NOT_FOUND, "There is no app '" + Text.printable(name, 60) + "'.")
                    .expected("the name of an app: lower-case letters, digits and hyphens", null)
                    .remedy("'holt apps' lists them.")
                    .exception();
        }
        return "/apps/" + name;
    }

    /** Text as one segment of a path, or as a value in a query. */
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (PLAIN.indexOf(b) >= 0) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    /** A path with those parameters that are known: name, value, name, value... */
    static String query(String path, @Nullable Object... parameters) {
        StringBuilder whole = new StringBuilder(path);
        char separator = '?';
        for (int i = 0; i < parameters.length; i += 2) {
            Object value = parameters[i + 1];
            if (value != null) {
                whole.append(separator).append(parameters[i]).append('=').append(encode(value.toString()));
                separator = '&';
            }
        }
        return whole.toString();
    }
}
