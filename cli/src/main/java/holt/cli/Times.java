package holt.cli;

import holt.model.ErrorCode;
import holt.model.Problem;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and spans as people read and write them. */
final class Times {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})([smhd])");

    private Times() {}

    /** A span in its two largest units: {@code 12s}, {@code 5m 3s}, {@code 2h 10m}, {@code 3d 4h}. */
    static String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m " + seconds % 60 + "s";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
        }
        return seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
    }

    /** How long ago, in its largest unit: {@code 12s ago}. */
    static String ago(Instant moment, Instant now) {
        return span(Duration.between(moment, now)).split(" ", 2)[0] + " ago";
    }

    /** Seconds with one decimal: {@code 1.4 s}. */
    static String seconds(Duration span) {
        return String.format(Locale.ROOT, "%.1f s", span.toMillis() / 1000.0);
    }

    /** Time of day with milliseconds, and the date before it where it is not today. */
    static String stamp(Instant moment, Instant now, ZoneId zone) {
        ZonedDateTime local = moment.atZone(zone);
        String time = String.format(
                Locale.ROOT,
                "%02d:%02d:%02d.%03d",
                local.getHour(),
                local.getMinute(),
                local.getSecond(),
                local.getNano() / 1_000_000);
        LocalDate day = local.toLocalDate();
        return day.equals(LocalDate.ofInstant(now, zone)) ? time : day + " " + time;
    }

    /**
     * Reads {@code 10m}, {@code 2h}, {@code 14:30}, {@code 2026-11-21}, {@code 2026-11-21T14:30} (local time) or an
     * instant with its zone.
     *
     * @throws holt.model.ProblemException when it is none of them
     */
    static Instant since(String text, Instant now, ZoneId zone) {
        String value = text.strip().replace(' ', 'T');
        Matcher span = SPAN.matcher(value);
        if (span.matches()) {
            long unit = switch (span.group(2)) {
                case "m" -> 60;
                case "h" -> 3600;
                case "d" -> 86_400;
                default -> 1;
            };
            return now.minusSeconds(Long.parseLong(span.group(1)) * unit);
        }
        try {
            return moment(value, now, zone);
        } catch (DateTimeException none) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "'" + Text.printable(text, 40) + "' is no point in time.")
                    .expected("a span such as 30s, 10m, 2h or 1d, or a time such as 14:30 or 2026-11-21T14:30", null)
                    .exception();
        }
    }

    private static Instant moment(String value, Instant now, ZoneId zone) {
        if (value.matches("\\d{1,2}:\\d{2}(:\\d{2})?")) {
            LocalTime time = LocalTime.parse(value.indexOf(':') == 1 ? "0" + value : value);
            LocalDate today = LocalDate.ofInstant(now, zone);
            Instant then = today.atTime(time).atZone(zone).toInstant();
            return then.isAfter(now)
                    ? today.minusDays(1).atTime(time).atZone(zone).toInstant()
                    : then;
        }
        if (value.matches("\\d{4}-\\d{2}-\\d{2}")) {
            return LocalDate.parse(value).atStartOfDay(zone).toInstant();
        }
        if (value.matches(".*T.*(Z|[+-]\\d{2}:\\d{2})")) {
            return ZonedDateTime.parse(value).toInstant();
        }
        return LocalDateTime.parse(value).atZone(zone).toInstant();
    }
}
