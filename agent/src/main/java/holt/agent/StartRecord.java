package holt.agent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a prepared container is told when it is started, as {@code init.sh} reads it: lines of {@code v:NAME=value} for
 * variables and {@code a:argument} for the words of the command, {@code +} before each further line of one of them, and
 * {@code end:}. Nothing in it is ever run as shell text. Pure.
 */
final class StartRecord {
    /** A shell passes no other names on. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private StartRecord() {}

    static byte[] of(Map<String, String> variables, List<String> words) {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        variables.forEach((name, value) -> {
            if (NAME.matcher(name).matches()) {
                add(record, "v:" + name + "=" + value);
            }
        });
        words.forEach(word -> add(record, "a:" + word));
        record.writeBytes("end:\n".getBytes(StandardCharsets.UTF_8));
        return record.toByteArray();
    }

    private static void add(ByteArrayOutputStream record, String entry) {
        if (entry.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Expected a variable or argument without zero bytes, found one with");
        }
        record.writeBytes((entry.replace("\n", "\n+") + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
