package holt.controller;

import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.StageProgress;
import holt.store.BuildRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The brain of one build: what its log holds, and how it ends. The first end counts; a stager that says nothing for too
 * long ends it too. No clock, no threads; its owner sees to it that there is one caller at a time. Time is nanoseconds of
 * a clock that never goes back.
 */
final class BuildProgress {
    static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);
    static final int MAX_LINES = 5_000;

    private final String id;
    private final List<String> lines = new ArrayList<>();
    private StageProgress.@Nullable Result result;
    private long silentAtNanos;

    BuildProgress(String id, long nowNanos) {
        this.id = id;
        this.silentAtNanos = nowNanos + LONGEST_SILENCE.toNanos();
    }

    String id() {
        return id;
    }

    /** The stager says something; lines beyond those that are kept are signs of life all the same. */
    void said(String line, long nowNanos) {
        silentAtNanos = nowNanos + LONGEST_SILENCE.toNanos();
        if (lines.size() < MAX_LINES) {
            lines.add(line);
        } else if (lines.size() == MAX_LINES) {
            lines.add("(the log is longer; the rest is not kept)");
        }
    }

    /** It has ended; false when it had ended before. */
    boolean end(StageProgress.Result ended) {
        if (result != null) {
            return false;
        }
        result = ended;
        return true;
    }

    /** Time has passed; true when the build is ended by that. */
    boolean woken(long nowNanos) {
        return silentAtNanos - nowNanos <= 0
                && end(failed(
                        ErrorCode.UNAVAILABLE, "The stager said nothing for " + LONGEST_SILENCE.toMinutes() + " min."));
    }

    /** When it has to be woken, as long as nothing is said. */
    long wakeAtNanos() {
        return silentAtNanos;
    }

    boolean ended() {
        return result != null;
    }

    /** The log from this line on. */
    List<String> linesFrom(int first) {
        return List.copyOf(lines.subList(Math.min(first, lines.size()), lines.size()));
    }

    Api.Build build() {
        StageProgress.Result end = result;
        List<String> log = List.copyOf(lines);
        if (end == null) {
            return new Api.Build(id, BuildRow.STAGING, null, null, null, null, null, log);
        }
        String state = end.failure() == null ? BuildRow.SUCCEEDED : BuildRow.FAILED;
        return new Api.Build(
                id, state, end.droplet(), end.buildpack(), end.command(), end.failure(), end.detail(), log);
    }

    static StageProgress.Result failed(ErrorCode code, String detail) {
        return new StageProgress.Result(null, null, null, code.code(), detail);
    }
}
