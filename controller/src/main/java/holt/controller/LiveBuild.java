package holt.controller;

import holt.model.Api;
import holt.model.StageProgress;
import holt.store.BuildRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A build that is being staged: its log so far, then its end. Safe for use by any thread. */
final class LiveBuild {
    private static final int MAX_LINES = 5_000;

    private final String id;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> lines = new ArrayList<>();
    private StageProgress.@Nullable Result result;
    private long steps;

    LiveBuild(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    void line(String line) {
        lock.lock();
        try {
            steps++;
            if (lines.size() < MAX_LINES) {
                lines.add(line);
            } else if (lines.size() == MAX_LINES) {
                lines.add("(the log is longer; the rest is not kept)");
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the build; false when it had ended before. */
    boolean end(StageProgress.Result ended) {
        lock.lock();
        try {
            boolean first = result == null;
            if (first) {
                result = ended;
                changed.signalAll();
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    boolean ended() {
        lock.lock();
        try {
            return result != null;
        } finally {
            lock.unlock();
        }
    }

    /** The number of signs of life so far. */
    long steps() {
        lock.lock();
        try {
            return steps;
        } finally {
            lock.unlock();
        }
    }

    /** The lines from this one on; waits for one as long as there is none and the build has not ended. */
    List<String> linesFrom(int first, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (lines.size() <= first && result == null && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return List.copyOf(lines.subList(Math.min(first, lines.size()), lines.size()));
        } finally {
            lock.unlock();
        }
    }

    Api.Build build() {
        lock.lock();
        try {
            StageProgress.Result end = result;
            List<String> log = List.copyOf(lines);
            if (end == null) {
                return new Api.Build(id, BuildRow.STAGING, null, null, null, null, null, log);
            }
            String state = end.failure() == null ? BuildRow.SUCCEEDED : BuildRow.FAILED;
            return new Api.Build(
                    id, state, end.droplet(), end.buildpack(), end.command(), end.failure(), end.detail(), log);
        } finally {
            lock.unlock();
        }
    }
}
