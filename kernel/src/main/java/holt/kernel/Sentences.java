package holt.kernel;

import holt.model.Exit;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What people and programs are told in events and notes. */
final class Sentences {
    private static final int MAX_REASON = 300;
    private static final int MAX_LOG = 4000;

    private Sentences() {}

    static String seconds(Duration duration) {
        return Math.max(0, (duration.toMillis() + 999) / 1000) + " s";
    }

    static String next(Supervision.Restart restart) {
        if (restart.delay().isZero()) {
            return "restarting at once";
        }
        return (restart.flapping() ? "flapping: " : "") + "next start in " + seconds(restart.delay());
    }

    static String givenUp(boolean forked) {
        return forked ? "given up" : "given up: restart the app to try again";
    }

    /** How a process ended, as data of an event. */
    static Map<String, String> data(Exit exit) {
        Map<String, String> data = new TreeMap<>();
        data.put("exit", exit.detail());
        data.put("reason", exit.reason().name().toLowerCase(Locale.ROOT));
        data.put("code", Integer.toString(exit.code()));
        String log = String.join("\n", exit.lastLog());
        data.put("log", log.length() <= MAX_LOG ? log : log.substring(log.length() - MAX_LOG));
        return data;
    }

    /** A text from outside, bounded. */
    static String brief(String text) {
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON) + "...";
    }

    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : noun.endsWith("s") ? "es" : "s");
    }
}
