package holt.router;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a head as they came, and where in them each field stands: no text is made of what only passes through.
 * Belongs to the event loop of its connection.
 */
abstract class FieldLines {
    private static final int FIRST_CAPACITY = 1024;
    private static final int KEPT_CAPACITY = 8192;

    /** Offsets kept of each field: its line, the end of its name, its value without blanks around it, the next line. */
    private static final int OFFSETS = 5;

    private int[] offsets = new int[OFFSETS * 16];
    private @Nullable KnownField[] known = new KnownField[16];
    private int fields;
    private boolean hasOptions;

    byte[] bytes = new byte[FIRST_CAPACITY];

    /** Makes room for the next head, and gives back memory that only a large one needed. */
    final void forgetFields() {
        if (bytes.length > KEPT_CAPACITY) {
            bytes = new byte[FIRST_CAPACITY];
        }
        fields = 0;
        hasOptions = false;
    }

    /** Keeps where a field stands; returns its index. */
    final int addField(@Nullable KnownField field, int from, int nameEnd, int valueStart, int valueEnd, int next) {
        if (fields == known.length) {
            known = Arrays.copyOf(known, fields * 2);
            offsets = Arrays.copyOf(offsets, fields * 2 * OFFSETS);
        }
        int index = fields++;
        int base = index * OFFSETS;
        offsets[base] = from;
        offsets[base + 1] = nameEnd;
        offsets[base + 2] = valueStart;
        offsets[base + 3] = valueEnd;
        offsets[base + 4] = next;
        known[index] = field;
        return index;
    }

    /** Notes that a Connection field has an option that may be the name of a field. */
    final void foundOption() {
        hasOptions = true;
    }

    /** Whether a Connection field names this field, which makes it one for the next hop only. */
    boolean isNamedByConnection(int field) {
        if (!hasOptions) {
            return false;
        }
        for (int i = 0; i < fields; i++) {
            if (known[i] == KnownField.CONNECTION && names(i, field)) {
                return true;
            }
        }
        return false;
    }

    private boolean names(int connection, int field) {
        int end = valueEnd(connection);
        for (int from = valueStart(connection); from < end; ) {
            int to = optionEnd(from, end);
            if (Ascii.equalsIgnoreCase(bytes, from, trimmed(from, to), bytes, lineStart(field), nameEnd(field))) {
                return true;
            }
            from = optionStart(to + 1, end);
        }
        return false;
    }

    final int optionEnd(int from, int end) {
        int at = from;
        while (at < end && bytes[at] != ',') {
            at++;
        }
        return at;
    }

    final int optionStart(int from, int end) {
        int at = from;
        while (at < end && Ascii.isBlank(bytes[at])) {
            at++;
        }
        return at;
    }

    final int trimmed(int from, int to) {
        int at = to;
        while (at > from && Ascii.isBlank(bytes[at - 1])) {
            at--;
        }
        return at;
    }

    int fields() {
        return fields;
    }

    @Nullable
    KnownField known(int field) {
        return known[field];
    }

    int lineStart(int field) {
        return offsets[field * OFFSETS];
    }

    int nameEnd(int field) {
        return offsets[field * OFFSETS + 1];
    }

    int valueStart(int field) {
        return offsets[field * OFFSETS + 2];
    }

    int valueEnd(int field) {
        return offsets[field * OFFSETS + 3];
    }

    int lineEndOf(int field) {
        return offsets[field * OFFSETS + 4];
    }
}
