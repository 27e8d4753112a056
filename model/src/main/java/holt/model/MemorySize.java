package holt.model;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes of memory as people write them: {@code 64M}, {@code 1G}, {@code 512m}, {@code 256MB}; units of 1024. */
public final class MemorySize {
    /** The smallest limit a program can start in. */
    public static final long MIN_BYTES = 16L << 20;
    /** Larger than any machine we know; keeps sums far from overflow. */
    public static final long MAX_BYTES = 512L << 30;

    private static final Pattern SHAPE = Pattern.compile("(\\d{1,12})\\s*([kmgt]?)i?b?");

    private MemorySize() {}

    /**
     * Reads a memory limit.
     *
     * @throws ProblemException {@code memory-invalid} when it is no size, or outside {@link #MIN_BYTES} to
     *     {@link #MAX_BYTES}
     */
    public static long parse(String text) {
        Matcher matcher = SHAPE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw refusal(text);
        }
        int shift = switch (matcher.group(2)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            case "t" -> 40;
            default -> 0;
        };
        long number = Long.parseLong(matcher.group(1));
        if (number > (Long.MAX_VALUE >> shift)) {
            throw refusal(text);
        }
        return check(number << shift, text);
    }

    /**
     * Checks a memory limit given in bytes.
     *
     * @throws ProblemException {@code memory-invalid} when it is outside {@link #MIN_BYTES} to {@link #MAX_BYTES}
     */
    public static long check(long bytes) {
        return check(bytes, Long.toString(bytes));
    }

    private static long check(long bytes, String found) {
        if (bytes < MIN_BYTES || bytes > MAX_BYTES) {
            throw refusal(found);
        }
        return bytes;
    }

    /** Writes a size for people: the largest unit that needs at most one decimal. */
    public static String format(long bytes) {
        String[] units = {"B", "K", "M", "G", "T"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f%s", value, units[unit])
                : String.format(Locale.ROOT, "%.1f%s", value, units[unit]);
    }

    private static ProblemException refusal(String found) {
        return Problem.of(ErrorCode.MEMORY_INVALID, "'" + found + "' cannot be a memory limit.")
                .expected(
                        "a size from " + format(MIN_BYTES) + " to " + format(MAX_BYTES) + ", such as 64M, 256M or 1G",
                        found)
                .exception();
    }
}
