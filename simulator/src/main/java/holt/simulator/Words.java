package holt.simulator;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The words of one line of a history, each asked for by its name. */
final class Words {
    private static final double LONGEST_SECONDS = 1e9;

    private final String line;
    private final int lineNumber;
    private final String first;
    private final String second;
    private final Map<String, String> named = new HashMap<>();

    Words(String line, int lineNumber) {
        this.line = line;
        this.lineNumber = lineNumber;
        String[] words = line.split("\\s+");
        this.first = words[0];
        this.second = words.length > 1 ? words[1] : "";
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                named.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
    }

    Words expectVerb(String verb) {
        if (!first.equals(verb)) {
            throw misunderstood("the line '" + verb + " ...' first");
        }
        return this;
    }

    /** The verb of a line that begins with a time. */
    String verb() {
        return second;
    }

    long millisAt() {
        return millisOf(first, "seconds from the beginning");
    }

    long millis(String name) {
        return millisOf(text(name), name + "=SECONDS");
    }

    private long millisOf(String text, String expected) {
        try {
            double seconds = Double.parseDouble(text);
            if (seconds >= 0 && seconds < LONGEST_SECONDS) {
                return Math.round(seconds * 1000);
            }
        } catch (NumberFormatException noNumber) {
            throw misunderstood(expected);
        }
        throw misunderstood(expected);
    }

    String text(String name) {
        String value = named.get(name);
        if (value == null || value.isEmpty()) {
            throw misunderstood(name + "=...");
        }
        return value;
    }

    boolean has(String name) {
        return named.containsKey(name);
    }

    /** Words with commas between; none where there is no such word. */
    List<String> list(String name) {
        return has(name) ? List.of(text(name).split(",")) : List.of();
    }

    <E extends Enum<E>> E constant(String name, Class<E> type) {
        String wanted = text(name);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(wanted)) {
                return constant;
            }
        }
        throw misunderstood(name + "= one of " + java.util.Arrays.toString(type.getEnumConstants()));
    }

    long number(String name, long low, long high) {
        try {
            long value = Long.parseLong(text(name));
            if (value >= low && value <= high) {
                return value;
            }
        } catch (NumberFormatException noNumber) {
            throw misunderstood(name + "=NUMBER");
        }
        throw misunderstood(name + " from " + low + " to " + high);
    }

    double decimal(String name) {
        try {
            double value = Double.parseDouble(text(name));
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException noNumber) {
            throw misunderstood(name + "=NUMBER");
        }
        throw misunderstood(name + "=NUMBER");
    }

    FaultKind kind() {
        return FaultKind.of(text("kind"))
                .orElseThrow(() -> misunderstood("kind= one of " + String.join(", ", FaultKind.words())));
    }

    ProblemException misunderstood(String expected) {
        return Problem.of(ErrorCode.PARAMETER_INVALID, "Line " + lineNumber + " of the history cannot be understood.")
                .expected(expected, line)
                .exception();
    }
}
