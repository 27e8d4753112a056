package holt.model;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of apps. A name is one label of a host name (RFC 1123), so that {@code name.domain} is the app's route: 1 to 40
 * of {@code a-z 0-9 -}, beginning with a letter and not ending with {@code -}.
 */
public final class AppName {
    public static final int MAX_LENGTH = 40;

    /** Names the platform keeps for its own doors. */
    public static final Set<String> RESERVED =
            Set.of("admin", "api", "bus", "console", "holt", "localhost", "login", "rack", "router", "system", "vcap");

    private static final Pattern SHAPE = Pattern.compile("[a-z]([a-z0-9-]{0,38}[a-z0-9])?");

    private AppName() {}

    /**
     * Checks a name.
     *
     * @return the name as given
     * @throws ProblemException {@code app-name-invalid} or {@code app-name-reserved}, with a legal name proposed
     */
    public static String check(String name) {
        if (RESERVED.contains(name)) {
            throw Problem.of(ErrorCode.APP_NAME_RESERVED, "The name '" + name + "' is reserved for the platform.")
                    .remedy("Try '" + propose(name) + "'.")
                    .exception();
        }
        if (!isValid(name)) {
            String shown = name.length() > 60 ? name.substring(0, 60) + "..." : name;
            throw Problem.of(
                            ErrorCode.APP_NAME_INVALID,
                            "'" + shown.replaceAll("\\p{Cntrl}", "?") + "' cannot be the name of an app.")
                    .expected(
                            "1 to " + MAX_LENGTH + " lower-case letters, digits and hyphens, a letter first and no"
                                    + " hyphen last",
                            shown.replaceAll("\\p{Cntrl}", "?"))
                    .remedy("Try '" + propose(name) + "'.")
                    .exception();
        }
        return name;
    }

    /** Whether the name can be used, the reserved ones left aside. */
    public static boolean isValid(String name) {
        return SHAPE.matcher(name).matches();
    }

    /** The nearest legal name: a pure function, and legal for any input. */
    public static String propose(String name) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[^a-z]+", "");
        String cut = plain.substring(0, Math.min(plain.length(), MAX_LENGTH)).replaceAll("-+$", "");
        if (cut.isEmpty()) {
            return "app";
        }
        return RESERVED.contains(cut) ? cut + "-app" : cut;
    }
}
