package holt.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code KEY=VALUE} as people write it. Pure. */
final class Assignments {
    private Assignments() {}

    /**
     * Reads assignments in their order; of equal keys the last counts.
     *
     * @throws IllegalArgumentException naming the one that is none, without its value
     */
    static Map<String, String> parse(List<String> assignments) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("'" + Text.printable(assignment, 40)
                        + "' sets nothing. Expected: KEY=VALUE, with a letter or underscore first.");
            }
            String key = assignment.substring(0, equals).strip();
            if (!key.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new IllegalArgumentException("'" + Text.printable(key, 40)
                        + "' cannot be a variable. Expected: letters, digits and underscores, no digit first.");
            }
            variables.put(key, assignment.substring(equals + 1));
        }
        return variables;
    }
}
