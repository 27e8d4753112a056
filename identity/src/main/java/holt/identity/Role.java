package holt.identity;

import holt.model.ErrorCode;
import holt.model.Problem;
import java.util.Locale;

/** What kind of person or program a token stands for. */
public enum Role {
    /** May do everything. */
    ADMIN,
    /** Brings, changes and deletes apps; sees their environment. */
    DEVELOPER,
    /** Looks, and sees no secret. */
    READER,
    /** Came without a token. No token can have this role. */
    ANONYMOUS;

    /**
     * The role of that name, as {@link #text} writes it.
     *
     * @throws holt.model.ProblemException {@code parameter-invalid} for a name no token can have
     */
    public static Role of(String text) {
        return switch (text) {
            case "admin" -> ADMIN;
            case "developer" -> DEVELOPER;
            case "reader" -> READER;
            default ->
                throw Problem.of(ErrorCode.PARAMETER_INVALID, "There is no such role for a token.")
                        .expected("admin, developer or reader", printable(text))
                        .exception();
        };
    }

    /** The stable name in JSON and in the store: {@code admin}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String printable(String text) {
        String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
