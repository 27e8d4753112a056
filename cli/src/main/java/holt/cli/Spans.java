package holt.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Short spans of time as options have them: {@code 500ms}, {@code 2s}, {@code 1m}. */
final class Spans {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,6})(ms|s|m)");

    private Spans() {}

    /** Milliseconds between two bounds; anything else is a mistake in the command line. */
    static int millis(Subcommand command, String option, String text, int min, int max) {
        Matcher shape = SHAPE.matcher(text);
        long millis = -1;
        if (shape.matches()) {
            long unit = switch (shape.group(2)) {
                case "ms" -> 1;
                case "s" -> 1_000;
                default -> 60_000;
            };
            millis = Long.parseLong(shape.group(1)) * unit;
        }
        if (millis < min || millis > max) {
            throw command.usage("'" + Text.printable(text, 40) + "' cannot be the value of '" + option
                    + "'. Expected: a time from " + shown(min) + " to " + shown(max) + ", such as 500ms or 2s.");
        }
        return (int) millis;
    }

    static String shown(long millis) {
        return millis % 60_000 == 0 ? millis / 60_000 + "m" : millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
