package holt.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** By what {@code holt bus top} can sort. */
enum BusOrder {
    MSGS,
    BYTES,
    SUBS,
    NAME,
    IDLE;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> words() {
        return Arrays.stream(values()).map(BusOrder::word).toList();
    }

    /** The order of a word that is one of {@link #words}. */
    static BusOrder of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
