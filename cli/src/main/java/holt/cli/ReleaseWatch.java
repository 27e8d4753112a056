package holt.cli;

import holt.model.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Waits until a release serves or has failed, and shows its instances on the way. One thread. */
final class ReleaseWatch implements Following.Reader {
    private final Output output;
    private final long version;
    private final LongSupplier nanos;
    private final long quietLimitNanos;
    private final LiveEvents events;
    private long lastNanos;
    private @Nullable Outcome outcome;

    /** How a release ended. */
    sealed interface Outcome {
        /** It serves. */
        record Live() implements Outcome {}

        /**
         * It did not come up.
         *
         * @param lastLog what its process wrote last; null where that was not told
         * @param pid of the process, -1 where it was not told
         */
        record Failed(String reason, @Nullable List<String> lastLog, long pid) implements Outcome {}

        /** Nobody waits for it any more, because something else came over it. */
        record Replaced(String reason) implements Outcome {}

        /** Nothing happened for too long. */
        record Silent() implements Outcome {}
    }

    /**
     * A watch.
     *
     * @param path of the app
     * @param version of the release
     * @param after id of the last event before the release
     * @param quietLimit how long nothing may happen
     */
    ReleaseWatch(Output output, String path, long version, long after, Duration quietLimit, LongSupplier nanos) {
        this.output = output;
        this.version = version;
        this.nanos = nanos;
        this.quietLimitNanos = quietLimit.toNanos();
        this.events = new LiveEvents(path + "/events/stream", after, this::see);
        this.lastNanos = nanos.getAsLong();
    }

    Outcome await(ApiClient api) throws IOException {
        new Following(api, output).follow(this);
        Outcome known = outcome;
        return known == null ? new Outcome.Silent() : known;
    }

    @Override
    public String path() {
        return events.path();
    }

    @Override
    public boolean take(SseStream.Message message) {
        return events.take(message);
    }

    @Override
    public boolean waitsOn() {
        return nanos.getAsLong() - lastNanos < quietLimitNanos;
    }

    private boolean see(Event event) {
        lastNanos = nanos.getAsLong();
        long of = version(event);
        switch (event.kind()) {
            case Event.APP_DELETED -> outcome = new Outcome.Replaced("The app was deleted meanwhile.");
            case Event.RELEASE_ROLLING -> {
                if (of > version) {
                    outcome = new Outcome.Replaced("Release " + of + " came over it.");
                }
            }
            case Event.RELEASE_LIVE -> {
                if (of < 0 || of >= version) {
                    outcome = new Outcome.Live();
                }
            }
            case Event.RELEASE_FAILED -> {
                if (of < 0 || of == version) {
                    outcome = failed(event);
                }
            }
            default -> show(event, of);
        }
        return outcome == null;
    }

    private void show(Event event, long of) {
        boolean ours = of < 0 || of == version;
        if (event.kind().startsWith("process.") && ours) {
            Style style = Style.ofState(event.kind().substring("process.".length()));
            output.say("  " + output.style(style, Text.printable(event.message())));
        }
    }

    /** A release that gave way to a newer one did not fail by itself: nothing is to be undone. */
    private static Outcome failed(Event event) {
        return event.data().getOrDefault("reason", "").equals("superseded")
                ? new Outcome.Replaced(sentence(event))
                : new Outcome.Failed(sentence(event), lines(event), number(event, "pid"));
    }

    private static String sentence(Event event) {
        return event.message().endsWith(".") ? event.message() : event.message() + ".";
    }

    private static @Nullable List<String> lines(Event event) {
        String log = event.data().get("log");
        return log == null ? null : log.isBlank() ? List.of() : log.lines().toList();
    }

    private static long version(Event event) {
        return number(event, "version");
    }

    private static long number(Event event, String key) {
        String named = event.data().getOrDefault(key, "");
        return named.matches("\\d{1,18}") ? Long.parseLong(named) : -1;
    }
}
