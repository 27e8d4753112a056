package holt.cli;

/** Text that came from elsewhere, made fit for a person's screen. */
final class Text {
    private Text() {}

    /** Without control characters, which could move the cursor or change the screen. */
    static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return cleaned(text);
            }
        }
        return text;
    }

    /** The same, cut to a number of characters. */
    static String printable(String text, int limit) {
        String clean = printable(text);
        return clean.length() <= limit ? clean : clean.substring(0, Math.max(0, limit - 3)) + "...";
    }

    /** {@code 1 file}, {@code 2 files}. */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** Lines no longer than a width, broken between words; a longer word stands alone. */
    static String wrapped(String line, int width) {
        StringBuilder lines = new StringBuilder(line.length());
        int used = 0;
        for (String word : line.split(" ", -1)) {
            if (used > 0 && used + 1 + word.length() > width) {
                lines.append('\n');
                used = 0;
            } else if (used > 0) {
                lines.append(' ');
                used++;
            }
            lines.append(word);
            used += word.length();
        }
        return lines.toString();
    }

    private static String cleaned(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            clean.append(c == '\t' ? "    " : Character.isISOControl(c) ? "?" : String.valueOf(c));
        }
        return clean.toString();
    }
}
