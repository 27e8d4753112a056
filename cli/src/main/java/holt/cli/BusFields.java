package holt.cli;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members of the bus's monitoring pages, whose writers leave out what is empty. */
final class BusFields {
    private BusFields() {}

    static Map<?, ?> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return members;
        }
        throw new JsonParser.Fault("no object where one was expected");
    }

    static String text(Map<?, ?> members, String name) {
        return members.get(name) instanceof String text ? text : "";
    }

    static long number(Map<?, ?> members, String name) {
        return members.get(name) instanceof Number number ? number.longValue() : 0;
    }

    static double decimal(Map<?, ?> members, String name) {
        return members.get(name) instanceof Number number ? number.doubleValue() : 0;
    }

    static @Nullable Instant instant(Map<?, ?> members, String name) {
        try {
            return members.get(name) instanceof String text ? Instant.parse(text) : null;
        } catch (DateTimeParseException none) {
            throw new JsonParser.Fault("'" + Text.printable(text(members, name), 40) + "' where a time was expected");
        }
    }
}
