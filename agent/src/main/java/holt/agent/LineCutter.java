package holt.agent;

import holt.model.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts bytes into lines of text: a line end or {@link LogLine#MAX_CHARS} ends a line; what is not UTF-8 is replaced.
 * Pure.
 */
final class LineCutter {
    /** A line without end is cut once this much of it is there. */
    static final int MAX_LINE_BYTES = 64 << 10;

    private LineCutter() {}

    /** Whole lines, and how many of the bytes they took. */
    record Cut(List<String> lines, int bytes) {}

    /**
     * Takes at most {@code maxLines} lines.
     *
     * @param last whether nothing will follow, so that an unfinished line is one too
     */
    static Cut cut(byte[] bytes, int length, int maxLines, boolean last) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < length && lines.size() < maxLines; at++) {
            if (bytes[at] == '\n') {
                add(lines, bytes, start, at);
                start = at + 1;
            }
        }
        int rest = length - start;
        if (lines.size() < maxLines && (last && rest > 0 || rest >= MAX_LINE_BYTES)) {
            int end = last ? length : wholeCharacters(bytes, start, length);
            add(lines, bytes, start, end);
            start = end;
        }
        return new Cut(lines, start);
    }

    private static void add(List<String> lines, byte[] bytes, int start, int end) {
        int stop = end > start && bytes[end - 1] == '\r' ? end - 1 : end;
        String line = new String(bytes, start, stop - start, StandardCharsets.UTF_8);
        int from = 0;
        while (line.length() - from > LogLine.MAX_CHARS) {
            int to = from + LogLine.MAX_CHARS;
            to = Character.isHighSurrogate(line.charAt(to - 1)) ? to - 1 : to;
            lines.add(line.substring(from, to));
            from = to;
        }
        lines.add(line.substring(from));
    }

    /** The end of the last character that is there as a whole. */
    private static int wholeCharacters(byte[] bytes, int start, int length) {
        int at = length - 1;
        while (at > start && at > length - 4 && (bytes[at] & 0xC0) == 0x80) {
            at--;
        }
        int lead = bytes[at] & 0xFF;
        int size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
        return at + size <= length || at == start ? length : at;
    }
}
