package holt.agent;

import holt.model.LogLine;
import holt.model.ProcessSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Runs what an app wants done inside an instance before it is asked to end. Where that cannot be run, fails or takes too
 * long, the app's log says so and the stop goes on. Any thread.
 */
final class BeforeStop {
    /** Where more instances stop, they wait for each other within their grace. */
    private static final int AT_ONCE = 64;

    private final Semaphore turns = new Semaphore(AT_ONCE);
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
        if (!turns.tryAcquire(Math.max(0, left(status).toMillis()), TimeUnit.MILLISECONDS)) {
            say(status.spec(), "before-stop was not run: no time is left");
            return;
        }
        try {
            runNow(status);
        } finally {
            turns.release();
        }
    }

    private Duration left(InstanceStatus status) {
        Instant end = status.killAt();
        return end == null ? Duration.ZERO : Duration.between(clock.instant(), end);
    }

    private void runNow(InstanceStatus status) throws InterruptedException {
        ProcessSpec spec = status.spec();
        Duration limit = left(status);
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
