package holt.model;

import java.util.regex.Pattern;

/** Names of stacks. */
public final class StackName {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");

    private StackName() {}

    /**
     * Returns the name.
     *
     * @throws ProblemException {@code stack-name-invalid}
     */
    public static String check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw Problem.of(ErrorCode.STACK_NAME_INVALID, "The name of the stack cannot be used.")
                    .expected("1 to 63 of a-z, 0-9, '-' and '.', a letter or digit at both ends", shown(name))
                    .exception();
        }
        if (name.equals(StackReference.HOST)) {
            throw Problem.of(ErrorCode.STACK_NAME_INVALID, "'host' is the name of the host's own system.")
                    .remedy("Take another name.")
                    .exception();
        }
        return name;
    }

    private static String shown(String text) {
        return (text.length() > 80 ? text.substring(0, 80) + "..." : text).replaceAll("\\p{Cntrl}", "?");
    }
}
