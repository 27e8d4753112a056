package holt.model;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Limits as people write them: {@code 0.5} or {@code 500m} of cpu, {@code 1G} of disk, {@code 10M} a second; {@code none}
 * takes a limit away. Pure.
 */
public final class LimitText {
    public static final int MIN_CPU_MILLIS = 10;
    public static final int MAX_CPU_MILLIS = 1_000_000;
    public static final long MIN_DISK_BYTES = 16L << 20;
    public static final int MIN_PIDS = 8;
    public static final int MAX_PIDS = 1 << 20;
    public static final int MIN_FILES = 64;
    public static final int MAX_FILES = 1 << 20;
    public static final long MIN_RATE = 16L << 10;
    public static final long MAX_RATE = 64L << 30;

    private static final String NONE = "none";
    private static final Pattern CORES = Pattern.compile("\\d{1,4}(\\.\\d{1,3})?");
    private static final Pattern MILLIS = Pattern.compile("(\\d{1,7})m");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,12})\\s*([kmgt]?)i?b?(/s)?");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private LimitText() {}

    /**
     * The limits with what is asked for in place of what they have.
     *
     * @throws ProblemException {@code limit-invalid} where a text is none, or out of bounds
     */
    public static Limits apply(Api.@Nullable LimitsBody asked, Limits base) {
        if (asked == null) {
            return base;
        }
        return new Limits(
                base.memoryBytes(),
                asked.cpu() == null ? base.cpuMillis() : cpu(asked.cpu()),
                asked.pids() == null ? base.pids() : pids(asked.pids()),
                asked.disk() == null ? base.diskBytes() : disk(asked.disk()),
                asked.files() == null ? base.files() : files(asked.files()),
                asked.bandwidth() == null ? base.networkBytesPerSecond() : rate("bandwidth", asked.bandwidth()),
                asked.io() == null ? base.ioBytesPerSecond() : rate("disk speed", asked.io()));
    }

    private static int cpu(String text) {
        String word = word(text);
        Matcher millis = MILLIS.matcher(word);
        long found = word.equals(NONE)
                ? 0
                : millis.matches()
                        ? Long.parseLong(millis.group(1))
                        : CORES.matcher(word).matches()
                                ? new BigDecimal(word).movePointRight(3).longValueExact()
                                : -1;
        if (!word.equals(NONE) && (found < MIN_CPU_MILLIS || found > MAX_CPU_MILLIS)) {
            throw refusal("cpu", text, "cores such as 0.5 or 2, or thousandths such as 500m, 0.01 to 1000, or none");
        }
        return (int) found;
    }

    private static long disk(String text) {
        return bytes("disk", text, MIN_DISK_BYTES, Limits.MAX_DISK_BYTES, "1G");
    }

    private static long rate(String what, String text) {
        return bytes(what, text, MIN_RATE, MAX_RATE, "10M for 10 MiB a second");
    }

    private static long bytes(String what, String text, long least, long most, String example) {
        String word = word(text);
        if (word.equals(NONE)) {
            return 0;
        }
        Matcher matcher = BYTES.matcher(word);
        long found = matcher.matches() ? shifted(Long.parseLong(matcher.group(1)), matcher.group(2)) : -1;
        if (found < least || found > most) {
            throw refusal(
                    what,
                    text,
                    MemorySize.format(least) + " to " + MemorySize.format(most) + ", such as " + example + ", or none");
        }
        return found;
    }

    /** -1 where that is more than can be counted. */
    private static long shifted(long number, String unit) {
        int shift = unit.isEmpty() ? 0 : 10 * ("kmgt".indexOf(unit) + 1);
        return number > Long.MAX_VALUE >> shift ? -1 : number << shift;
    }

    private static int pids(String text) {
        return count("pids", text, MIN_PIDS, MAX_PIDS);
    }

    private static int files(String text) {
        return word(text).equals(NONE) ? 0 : count("open files", text, MIN_FILES, MAX_FILES);
    }

    private static int count(String what, String text, int least, int most) {
        String word = word(text);
        long found = NUMBER.matcher(word).matches() ? Long.parseLong(word) : -1;
        if (found < least || found > most) {
            throw refusal(what, text, least + " to " + most);
        }
        return (int) found;
    }

    private static String word(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    private static ProblemException refusal(String what, String found, String expected) {
        String shown = found.length() > 40 ? found.substring(0, 40) : found;
        return Problem.of(ErrorCode.LIMIT_INVALID, "'" + shown + "' cannot be a limit of " + what + ".")
                .expected(expected, shown)
                .exception();
    }
}
