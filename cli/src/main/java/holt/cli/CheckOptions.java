package holt.cli;

import holt.model.Api;
import holt.model.CheckRules;
import holt.model.ErrorCode;
import holt.model.Lifecycle;
import holt.model.Problem;
import holt.model.Readiness;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What people say of how instances are checked and ended; nothing said keeps what the app has. */
final class CheckOptions {
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(s|m|h)?");
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SECONDS_PER_HOUR = 3600;

    @Option(
            names = "--check",
            paramLabel = "CHECK",
            description = "When an instance is ready: port, none, http:/path, command:COMMAND.")
    @Nullable
    String check;

    @Option(
            names = "--liveness",
            paramLabel = "CHECK",
            description = "When a ready instance is alive, written the same; one that is not is replaced.")
    @Nullable
    String liveness;

    @Option(names = "--liveness-interval", paramLabel = "TIME", description = "Time between two looks; 10s at first.")
    @Nullable
    String interval;

    @Option(names = "--liveness-timeout", paramLabel = "TIME", description = "How long a look may take; 5s at first.")
    @Nullable
    String timeout;

    @Option(names = "--liveness-failures", paramLabel = "N", description = "Failures in a row that end it; 3 at first.")
    @Nullable
    Integer failures;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            description = "Time from SIGTERM to SIGKILL: 30s, 2m. 0 for the platform's own, 10s.")
    @Nullable
    String grace;

    @Option(
            names = "--before-stop",
            paramLabel = "COMMAND",
            description = "Run in an instance before SIGTERM, within its grace; '' for none.")
    @Nullable
    String beforeStop;

    /** Checked; null where nothing was said. */
    Api.@Nullable ChecksBody body(@Nullable Integer startLimit) {
        Api.ChecksBody body = new Api.ChecksBody(
                check,
                startLimit,
                liveness,
                seconds("--liveness-interval", interval),
                seconds("--liveness-timeout", timeout),
                failures,
                seconds("--grace", grace),
                beforeStop);
        if (body.equals(Api.ChecksBody.NOTHING)) {
            return null;
        }
        CheckRules.apply(body, Readiness.port());
        CheckRules.apply(body, Lifecycle.STANDARD);
        return body;
    }

    private static @Nullable Integer seconds(String option, @Nullable String text) {
        if (text == null) {
            return null;
        }
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, option + " takes a time.")
                    .expected(
                            "a whole number of seconds, minutes or hours: 30s, 2m",
                            "'" + Text.printable(text, 40) + "'")
                    .exception();
        }
        int number = Integer.parseInt(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return switch (unit) {
            case "h" -> Math.min(Integer.MAX_VALUE / SECONDS_PER_HOUR, number) * SECONDS_PER_HOUR;
            case "m" -> number * SECONDS_PER_MINUTE;
            default -> number;
        };
    }
}
