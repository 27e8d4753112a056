package holt.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of an ignore file, by git's rules: {@code !} takes back, a slash at the end means folders only, a slash
 * elsewhere ties the pattern to the file's folder, {@code *} and {@code ?} stop at slashes, {@code **} does not.
 * Compares bytes of UTF-8, as git does. Immutable.
 *
 * @param glob matched against the last name of a path, or where {@code tied} against the whole path
 */
record IgnorePattern(boolean negative, boolean foldersOnly, boolean tied, Glob glob) {

    /** Reads a line; null for comments, blank lines, and patterns that can never match. */
    static @Nullable IgnorePattern parse(String line) {
        String text = withoutTrailingSpaces(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        if (text.startsWith("#")) {
            return null;
        }
        boolean negative = text.startsWith("!");
        text = negative ? text.substring(1) : text;
        boolean foldersOnly = text.endsWith("/");
        text = foldersOnly ? text.substring(0, text.length() - 1) : text;
        boolean tied = text.indexOf('/') >= 0;
        text = text.startsWith("/") ? text.substring(1) : text;
        Glob glob = text.isEmpty() ? null : Glob.parse(text);
        return glob == null ? null : new IgnorePattern(negative, foldersOnly, tied, glob);
    }

    /** Whether it speaks of a path, which is relative to the folder of the ignore file. */
    boolean matches(String path, boolean folder) {
        if (foldersOnly && !folder) {
            return false;
        }
        return glob.matches(tied ? path : path.substring(path.lastIndexOf('/') + 1));
    }

    /** Spaces at the end do not count, except one that a backslash stands before. */
    private static String withoutTrailingSpaces(String line) {
        int end = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length()) {
                i++;
                end = i + 1;
            } else if (c != ' ') {
                end = i + 1;
            }
        }
        return line.substring(0, end);
    }

    /** A pattern in parts, each of which takes one byte or any number of them. */
    record Glob(List<Part> parts) {

        /** What a part takes. */
        enum Kind {
            /** One byte of a set. */
            ONE,
            /** Any bytes but slashes. */
            STAR,
            /** Any bytes. */
            ANYTHING,
            /** Nothing, or any bytes that end with a slash. */
            FOLDERS
        }

        /** A part; the set is of 256 bytes. */
        record Part(Kind kind, boolean @Nullable [] set) {}

        static @Nullable Glob parse(String text) {
            return new GlobParser(text.getBytes(StandardCharsets.UTF_8)).parse();
        }

        /** Follows all ways to match at once, so that no pattern takes long. */
        boolean matches(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            boolean[] reached = new boolean[bytes.length + 1];
            reached[0] = true;
            for (Part part : parts) {
                reached = advance(reached, bytes, part);
            }
            return reached[bytes.length];
        }

        private static boolean[] advance(boolean[] from, byte[] bytes, Part part) {
            boolean[] to = new boolean[from.length];
            boolean some = false;
            for (int i = 0; i < from.length; i++) {
                boolean[] set = part.set();
                switch (part.kind()) {
                    case ONE -> to[i] = i > 0 && from[i - 1] && set != null && set[bytes[i - 1] & 0xff];
                    case STAR -> {
                        some = from[i] || (some && bytes[i - 1] != '/');
                        to[i] = some;
                    }
                    case ANYTHING -> {
                        some |= from[i];
                        to[i] = some;
                    }
                    case FOLDERS -> {
                        to[i] = from[i] || (some && bytes[i - 1] == '/');
                        some |= from[i];
                    }
                }
            }
            return to;
        }
    }

    /** Reads a pattern's text into parts. */
    private static final class GlobParser {
        private final byte[] text;
        private final List<Glob.Part> parts = new ArrayList<>();
        private int at;

        GlobParser(byte[] text) {
            this.text = text;
        }

        @Nullable
        Glob parse() {
            while (at < text.length) {
                boolean[] set = null;
                switch (text[at]) {
                    case '*' -> stars();
                    case '?' -> {
                        set = allButSlash();
                        at++;
                    }
                    case '[' -> {
                        set = new ByteSetParser(text, at + 1).parse();
                        if (set == null) {
                            return null;
                        }
                        at = ByteSetParser.end(text, at + 1);
                    }
                    case '\\' -> {
                        if (at + 1 == text.length) {
                            return null;
                        }
                        set = only(text[at + 1]);
                        at += 2;
                    }
                    default -> set = only(text[at++]);
                }
                if (set != null) {
                    parts.add(new Glob.Part(Glob.Kind.ONE, set));
                }
            }
            return new Glob(List.copyOf(parts));
        }

        /**
         * Two stars mean more than one where they are a whole name, and, since git compares plain beginnings apart, where
         * only plain characters stand before them.
         */
        private void stars() {
            int start = at;
            while (at < text.length && text[at] == '*') {
                at++;
            }
            boolean alone = at - start > 1 && (isPlainUpTo(start) || text[start - 1] == '/');
            boolean escapedSlash = at + 1 < text.length && text[at] == '\\' && text[at + 1] == '/';
            if (alone && (at == text.length || escapedSlash)) {
                parts.add(new Glob.Part(Glob.Kind.ANYTHING, null));
            } else if (alone && text[at] == '/') {
                at++;
                parts.add(new Glob.Part(Glob.Kind.FOLDERS, null));
            } else {
                parts.add(new Glob.Part(Glob.Kind.STAR, null));
            }
        }

        private boolean isPlainUpTo(int end) {
            for (int i = 0; i < end; i++) {
                if ("*?[\\".indexOf(text[i]) >= 0) {
                    return false;
                }
            }
            return true;
        }

        private static boolean[] only(byte b) {
            boolean[] set = new boolean[256];
            set[b & 0xff] = true;
            return set;
        }

        private static boolean[] allButSlash() {
            boolean[] set = new boolean[256];
            java.util.Arrays.fill(set, true);
            set['/'] = false;
            return set;
        }
    }
}
