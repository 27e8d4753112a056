package holt.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program's output made safe for a screen: its colours stay, every other control sequence goes, since a log line must
 * not move the cursor, set the title or type on its reader's behalf.
 */
final class LogText {
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]{0,30}m");

    private LogText() {}

    static String forScreen(String text) {
        if (text.indexOf('\u001b') < 0) {
            return Text.printable(text);
        }
        StringBuilder safe = new StringBuilder(text.length());
        Matcher colour = COLOUR.matcher(text);
        int from = 0;
        while (colour.find()) {
            safe.append(Text.printable(text.substring(from, colour.start()))).append(colour.group());
            from = colour.end();
        }
        safe.append(Text.printable(text.substring(from)));
        return from > 0 ? safe.append("\u001b[0m").toString() : safe.toString();
    }
}
