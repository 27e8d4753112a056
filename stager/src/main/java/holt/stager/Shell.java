package holt.stager;

import java.util.regex.Pattern;

/** Words of shell commands. */
final class Shell {
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_./@%+=:,-]+");

    private Shell() {}

    /** A name as one word of a command, quoted only where it has to be. */
    static String quoted(String name) {
        return HARMLESS.matcher(name).matches() && !name.startsWith("-")
                ? name
                : "'" + name.replace("'", "'\\''") + "'";
    }

    /** A file of the package as one word of a command that cannot be taken for an option. */
    static String file(String name) {
        return quoted(name.startsWith("-") ? "./" + name : name);
    }
}
