package holt.controller;

import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What apps write, read and followed. */
final class LogHandlers {
    private static final int DEFAULT_LINES = 100;
    private static final int FLUSH_AFTER = 500;
    private static final Pattern AGE = Pattern.compile("(\\d{1,6})([smhd])");

    private final ControlLoop loop;
    private final LogKeeper keeper;
    private final Streams streams;
    private final InstantSource clock;

    LogHandlers(ControlLoop loop, LogKeeper keeper, Streams streams, InstantSource clock) {
        this.loop = loop;
        this.keeper = keeper;
        this.streams = streams;
        this.clock = clock;
    }

    void read(Call call) {
        String app = known(call);
        call.json(new Api.Logs(keeper.read(app, query(call))));
    }

    void follow(Call call) {
        String app = known(call);
        LogQuery query = query(call);
        long after = call.header("Last-Event-ID")
                .map(id -> Call.number("The header Last-Event-ID", id, 0, Long.MAX_VALUE))
                .orElse(-1L);
        streams.run(call, sse -> {
            try (LogFollower follower = keeper.follow(app, query)) {
                long seen = catchUp(sse, app, query, after);
                send(sse, app, follower, seen);
            }
        });
    }

    private String known(Call call) {
        return AppHandlers.known(loop.view(), call.app()).app().name();
    }

    private long catchUp(Sse sse, String app, LogQuery query, long after) throws IOException {
        long seen = after;
        for (AppLog.Numbered each : keeper.numbered(app, query)) {
            if (each.number() > after) {
                sse.event(Long.toString(each.number()), "log", each.line());
                seen = each.number();
            }
        }
        sse.flush();
        return seen;
    }

    /** Lines that were caught up with come again from the follower, and are left out. Ends with the app. */
    private void send(Sse sse, String app, LogFollower follower, long caughtUp)
            throws IOException, InterruptedException {
        while (loop.view().app(app).isPresent()) {
            AppLog.@Nullable Numbered line = follower.next(Sse.HEARTBEAT);
            if (line == null) {
                sse.heartbeat();
            }
            for (int sent = 0; line != null && sent < FLUSH_AFTER; sent++) {
                if (line.number() > caughtUp) {
                    sse.event(Long.toString(line.number()), "log", line.line());
                }
                line = follower.next(Duration.ZERO);
            }
            if (line != null && line.number() > caughtUp) {
                sse.event(Long.toString(line.number()), "log", line.line());
            }
            long lost = follower.lost();
            if (lost > 0) {
                sse.event("", "lost", Map.of("lines", lost));
            }
            sse.flush();
        }
    }

    private LogQuery query(Call call) {
        int lines = (int) call.number("lines", DEFAULT_LINES, 0, LogQuery.MAX_LINES);
        Integer instance = call.query("instance").isEmpty() ? null : (int) call.number("instance", 0, 0, 999);
        Instant since = call.query("since").map(this::moment).orElse(null);
        boolean onlySince = since != null && call.query("lines").isEmpty();
        return new LogQuery(onlySince ? LogQuery.MAX_LINES : lines, since, instance);
    }

    private Instant moment(String text) {
        Matcher age = AGE.matcher(text);
        if (age.matches()) {
            long count = Long.parseLong(age.group(1));
            Duration back = switch (age.group(2)) {
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
            return clock.instant().minus(back);
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException fault) {
            throw new ProblemException(
                    Problem.of(ErrorCode.PARAMETER_INVALID, "The parameter 'since' is no moment.")
                            .expected(
                                    "a moment such as 2026-11-21T13:00:00Z, or an age such as 90s, 10m, 2h, 1d",
                                    Call.printable(text)),
                    fault);
        }
    }
}
