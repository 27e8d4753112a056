package holt.server;

import holt.bus.server.BusLimits;
import holt.model.MemorySize;
import holt.model.ProblemException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bounds of the own bus out of the settings {@code bus.max-...}, {@code bus.ping-...} and the like. Stateless. */
final class BusLimitSettings {
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m|h)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,10})([KkMmGg]?)");
    private static final int MAX_PAYLOAD = 64 << 20;

    private BusLimitSettings() {}

    /** @throws ProblemException {@code parameter-invalid} for a value that cannot be used, saying what can */
    static BusLimits of(Configuration configuration) {
        BusLimits standard = BusLimits.standard();
        int maxPayload = (int) size(configuration, Setting.BUS_MAX_PAYLOAD, 1024, MAX_PAYLOAD);
        return new BusLimits(
                number(configuration, Setting.BUS_MAX_CONNECTIONS, 1, 1_000_000),
                number(configuration, Setting.BUS_MAX_SUBSCRIPTIONS, 0, Integer.MAX_VALUE),
                maxPayload,
                size(configuration, Setting.BUS_MAX_PENDING, maxPayload, 1L << 31),
                standard.maxControlLine(),
                time(configuration, Setting.BUS_PING_INTERVAL),
                number(configuration, Setting.BUS_PING_MAX, 1, 100),
                time(configuration, Setting.BUS_AUTH_TIMEOUT),
                standard.tlsTimeout(),
                time(configuration, Setting.BUS_WRITE_DEADLINE),
                standard.lameDuckGrace(),
                standard.lameDuckDuration());
    }

    private static int number(Configuration configuration, Setting setting, int least, int most) {
        String text = configuration.text(setting);
        String expected = "a number from " + least + " to " + most;
        if (!text.matches("\\d{1,10}")) {
            throw configuration.refusal(setting, expected);
        }
        long number = Long.parseLong(text);
        if (number < least || number > most) {
            throw configuration.refusal(setting, expected);
        }
        return (int) number;
    }

    private static long size(Configuration configuration, Setting setting, long least, long most) {
        Matcher matcher = SIZE.matcher(configuration.text(setting));
        long bytes = matcher.matches() ? Long.parseLong(matcher.group(1)) << shift(matcher.group(2)) : -1;
        if (bytes < least || bytes > most) {
            throw configuration.refusal(setting, MemorySize.format(least) + " to " + MemorySize.format(most));
        }
        return bytes;
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "K", "k" -> 10;
            case "M", "m" -> 20;
            case "G", "g" -> 30;
            default -> 0;
        };
    }

    private static Duration time(Configuration configuration, Setting setting) {
        Matcher matcher = TIME.matcher(configuration.text(setting));
        long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (number == 0) {
            throw configuration.refusal(setting, "a time such as 500ms, 10s, 2m or 1h");
        }
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
