package holt.agent;

import holt.model.LogLine;
import holt.model.ProcessSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Runs what an app wants done inside an instance before it is asked to end. Where that cannot be run, fails or takes too
 * long, the app's log says so and the stop goes on. Any thread.
 */
final class BeforeStop {
    private final InsideCommand inside;
    private final InstantSource clock;
    private final BiConsumer<String, LogLine.Batch> log;

    /** @param log takes lines for an app's log */
    BeforeStop(InsideCommand inside, InstantSource clock, BiConsumer<String, LogLine.Batch> log) {
        this.inside = inside;
        this.clock = clock;
        this.log = log;
    }

    /** Returns when it has ended, or when the instance's time is over. */
    void run(InstanceStatus status) throws InterruptedException {
        ProcessSpec spec = status.spec();
        Instant end = status.killAt();
        Duration limit = end == null ? Duration.ZERO : Duration.between(clock.instant(), end);
        if (limit.toMillis() <= 0) {
            say(spec, "before-stop was not run: no time is left");
            return;
        }
        try {
            int code = inside.run(spec, spec.lifecycle().beforeStop(), limit, line -> write(spec, "out", line));
            if (code != 0) {
                say(spec, "before-stop ended with " + code);
            }
        } catch (InsideCommand.TimedOut late) {
            say(spec, "before-stop was ended: it took longer than the grace of the stop");
        } catch (IOException fault) {
            say(spec, "before-stop could not be run: " + Checker.line(String.valueOf(fault.getMessage())));
        }
    }

    private void say(ProcessSpec spec, String text) {
        write(spec, "holt", text);
    }

    private void write(ProcessSpec spec, String stream, String text) {
        String bounded = text.length() <= LogLine.MAX_CHARS ? text : text.substring(0, LogLine.MAX_CHARS);
        LogLine line = new LogLine(clock.instant(), spec.app(), spec.index(), spec.pid(), stream, bounded);
        log.accept(spec.app(), new LogLine.Batch(List.of(line)));
    }
}
