package holt.agent;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What process 1 of a container told of its program. The instance's own programs can write there, so it may be anything.
 *
 * @param started whether the program was begun
 * @param exit the exit status as a shell gives it; empty where none was told
 */
record ContainerNotes(boolean started, OptionalInt exit) {
    private static final Pattern EXIT = Pattern.compile("exit (\\d{1,3})\n\\z");

    static ContainerNotes of(String text) {
        Matcher matcher = EXIT.matcher(text);
        return new ContainerNotes(
                text.startsWith("started"),
                matcher.find() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty());
    }
}
