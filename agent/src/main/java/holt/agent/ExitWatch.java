package holt.agent;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells the end of processes by event, whether they are children of ours or were left by an earlier agent. One thread
 * waits for all; what is to be done at an end runs on a virtual thread of its own.
 */
final class ExitWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ExitWatch.class.getName());

    private final int poll;
    private final int wakeUp;
    private final Map<Integer, Runnable> watched = new ConcurrentHashMap<>();
    private final Thread waiter;

    ExitWatch() throws IOException {
        poll = Native.newPoll();
        wakeUp = Native.newEvent();
        Native.addToPoll(poll, wakeUp);
        waiter = Thread.ofPlatform().daemon().name("holt-agent-exits").start(this::waitForEnds);
    }

    /** Runs something once the process has ended; at once where there is no such process. */
    void watch(int pid, Runnable atEnd) throws IOException {
        int descriptor;
        try {
            descriptor = Native.openProcess(pid);
        } catch (Native.CallFailed failure) {
            if (failure.errorNumber() == Native.ESRCH) {
                Thread.startVirtualThread(atEnd);
                return;
            }
            throw failure;
        }
        watched.put(descriptor, atEnd);
        Native.addToPoll(poll, descriptor);
    }

    private void waitForEnds() {
        try {
            for (int ready = Native.waitForPoll(poll); ready != wakeUp; ready = Native.waitForPoll(poll)) {
                Runnable atEnd = ready < 0 ? null : watched.remove(ready);
                if (atEnd != null) {
                    Native.close(ready);
                    Thread.startVirtualThread(atEnd);
                }
            }
            for (int descriptor : watched.keySet()) {
                Native.close(descriptor);
            }
            Native.close(wakeUp);
            Native.close(poll);
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=exit-watch-failed", fault);
        }
    }

    /** Stops telling; what is being done goes on. */
    @Override
    public void close() throws IOException {
        Native.signalEvent(wakeUp);
        try {
            waiter.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
