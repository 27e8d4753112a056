package holt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * What is known of the terminal a person sits at.
 *
 * @param input whether answers can be typed
 * @param output whether results are shown on a screen
 * @param errors whether complaints are shown on a screen
 * @param colour whether colours are wanted
 * @param unicode whether lines and bars can be drawn with more than ASCII
 * @param columns width, found out only when asked for
 */
public record Terminal(
        boolean input, boolean output, boolean errors, boolean colour, boolean unicode, IntSupplier columns) {
    static final int USUAL_COLUMNS = 80;
    private static final int FEWEST_COLUMNS = 40;

    /** No terminal: results go to files and other programs. */
    public static Terminal none() {
        return new Terminal(false, false, false, false, false, () -> Integer.MAX_VALUE);
    }

    /** The terminal of this process. */
    static Terminal system(Map<String, String> environment, boolean unicode) {
        boolean output = isTerminal(1);
        boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
        boolean colour =
                output && !dumb && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(
                isTerminal(0),
                output,
                isTerminal(2),
                colour,
                unicode,
                () -> output ? columns(environment) : Integer.MAX_VALUE);
    }

    /** The width in columns; as good as endless where there is no screen. */
    int width() {
        return columns.getAsInt();
    }

    private static int columns(Map<String, String> environment) {
        String named = environment.getOrDefault("COLUMNS", "");
        int found = named.matches("\\d{1,4}") ? Integer.parseInt(named) : WindowSize.columns();
        return found <= 0 ? USUAL_COLUMNS : Math.max(FEWEST_COLUMNS, found);
    }

    /** By the name behind the descriptor, which costs nothing; the console of the JDK only knows all three at once. */
    private static boolean isTerminal(int descriptor) {
        try {
            String name = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
        } catch (IOException | InvalidPathException noProc) {
            return System.console() != null && System.console().isTerminal();
        }
    }
}
