package holt.controller;

import holt.model.Api;
import holt.model.StageProgress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The shell around a build that is being staged: lets any thread tell it something, or wait for what comes. */
final class LiveBuild {
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock. */
    private final BuildProgress progress;

    LiveBuild(String id) {
        this(id, System::nanoTime);
    }

    LiveBuild(String id, LongSupplier nanos) {
        this.nanos = nanos;
        this.progress = new BuildProgress(id, nanos.getAsLong());
    }

    String id() {
        return progress.id();
    }

    void line(String line) {
        locked(() -> {
            progress.said(line, nanos.getAsLong());
            changed.signalAll();
            return true;
        });
    }

    /** Ends the build; false when it had ended before. */
    boolean end(StageProgress.Result ended) {
        return locked(() -> {
            changed.signalAll();
            return progress.end(ended);
        });
    }

    boolean ended() {
        return locked(progress::ended);
    }

    Api.Build build() {
        return locked(progress::build);
    }

    /** Returns when the build has ended, be it by silence. */
    void awaitEnd() throws InterruptedException {
        lock.lock();
        try {
            while (!progress.ended()) {
                changed.awaitNanos(progress.wakeAtNanos() - nanos.getAsLong());
                if (progress.woken(nanos.getAsLong())) {
                    changed.signalAll();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The lines from this one on; waits for one as long as there is none and the build has not ended. */
    List<String> linesFrom(int first, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (progress.linesFrom(first).isEmpty() && !progress.ended() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return progress.linesFrom(first);
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
