package holt.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How people write checks, and what a check and the end of a process may be. A check is {@code port}, {@code none},
 * {@code http:/path} or {@code command:WORDS}. Pure.
 */
public final class CheckRules {
    public static final int MAX_START_LIMIT_SECONDS = 600;
    public static final int MAX_INTERVAL_SECONDS = 3600;
    public static final int MAX_TIMEOUT_SECONDS = 300;
    public static final int MAX_FAILURES = 100;
    public static final int MAX_GRACE_SECONDS = 900;
    public static final int MAX_PATH = 1024;
    public static final int MAX_COMMAND = 4096;

    private static final Pattern PATH = Pattern.compile("/[\\x21-\\x7e&&[^#]]*");
    private static final String HTTP = "http:";
    private static final String COMMAND = "command:";
    private static final int SHOWN = 60;

    private CheckRules() {}

    /** What is looked at, and the path or the command; the limits in it mean nothing. */
    private record Target(Readiness.Kind kind, String target) {}

    private static Target parse(String text) {
        if (text.startsWith(HTTP)) {
            return new Target(Readiness.Kind.HTTP, path(text.substring(HTTP.length())));
        }
        if (text.startsWith(COMMAND)) {
            return new Target(Readiness.Kind.COMMAND, command(text.substring(COMMAND.length())));
        }
        return switch (text) {
            case "port" -> new Target(Readiness.Kind.PORT, "");
            case "none" -> new Target(Readiness.Kind.NONE, "");
            default ->
                throw invalid("There is no check '" + shown(text) + "'.")
                        .expected("port, none, http:/path or command:COMMAND", "'" + shown(text) + "'")
                        .exception();
        };
    }

    private static String path(String path) {
        if (path.length() > MAX_PATH || !PATH.matcher(path).matches()) {
            throw invalid("The path of a check cannot be used.")
                    .expected(
                            "a path that begins with / and has at most " + MAX_PATH
                                    + " characters of ASCII, no blank and no #",
                            "'" + shown(path) + "'")
                    .exception();
        }
        return path;
    }

    private static String command(String command) {
        if (command.isBlank() || command.length() > MAX_COMMAND || command.indexOf('\0') >= 0) {
            throw invalid("The command cannot be used.")
                    .expected("1 to " + MAX_COMMAND + " characters", "'" + shown(command) + "'")
                    .exception();
        }
        return command;
    }

    /** As it is written. */
    public static String text(Readiness.Kind kind, String target) {
        return switch (kind) {
            case PORT -> "port";
            case NONE -> "none";
            case HTTP -> HTTP + target;
            case COMMAND -> COMMAND + target;
        };
    }

    /** The readiness an app has, changed as is said. */
    public static Readiness apply(Api.ChecksBody said, Readiness base) {
        Target target = said.check() == null ? new Target(base.kind(), base.target()) : parse(said.check());
        int limit = said.startLimitSeconds() == null ? base.limitSeconds() : said.startLimitSeconds();
        return check(new Readiness(target.kind(), limit, target.target()));
    }

    /** The lifecycle an app has, changed as is said. */
    public static Lifecycle apply(Api.ChecksBody said, Lifecycle base) {
        Liveness before = base.liveness();
        Target target = said.liveness() == null ? new Target(before.kind(), before.target()) : parse(said.liveness());
        Liveness liveness = new Liveness(
                target.kind(),
                target.target(),
                or(said.livenessInterval(), before.intervalSeconds()),
                or(said.livenessTimeout(), before.timeoutSeconds()),
                or(said.livenessFailures(), before.failures()));
        String beforeStop = said.beforeStop() == null ? base.beforeStop() : said.beforeStop();
        return check(new Lifecycle(liveness, or(said.graceSeconds(), base.graceSeconds()), beforeStop));
    }

    private static int or(@Nullable Integer said, int before) {
        return said == null ? before : said;
    }

    /** @throws ProblemException {@code parameter-invalid} */
    public static Readiness check(Readiness readiness) {
        checkTarget(readiness.kind(), readiness.target());
        bound("The start limit", readiness.limitSeconds(), 1, MAX_START_LIMIT_SECONDS, " seconds");
        return readiness;
    }

    /** @throws ProblemException {@code parameter-invalid} */
    public static Lifecycle check(Lifecycle lifecycle) {
        Liveness liveness = lifecycle.liveness();
        checkTarget(liveness.kind(), liveness.target());
        bound("The interval of the liveness check", liveness.intervalSeconds(), 1, MAX_INTERVAL_SECONDS, " seconds");
        bound("The time of a liveness check", liveness.timeoutSeconds(), 1, MAX_TIMEOUT_SECONDS, " seconds");
        bound("The number of failures", liveness.failures(), 1, MAX_FAILURES, "");
        bound("The grace", lifecycle.graceSeconds(), 0, MAX_GRACE_SECONDS, " seconds; 0 for the platform's own");
        if (!lifecycle.beforeStop().isEmpty()) {
            command(lifecycle.beforeStop());
        }
        return lifecycle;
    }

    private static void checkTarget(Readiness.@Nullable Kind kind, String target) {
        if (kind == null) {
            throw invalid("A check needs a kind.").exception();
        }
        switch (kind) {
            case HTTP -> path(target);
            case COMMAND -> command(target);
            case PORT, NONE -> {}
        }
    }

    private static void bound(String what, int value, int least, int most, String unit) {
        if (value < least || value > most) {
            throw invalid(what + " cannot be used.")
                    .expected(least + " to " + most + unit, Integer.toString(value))
                    .exception();
        }
    }

    private static Problem invalid(String what) {
        return Problem.of(ErrorCode.PARAMETER_INVALID, what);
    }

    private static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "...";
    }
}
