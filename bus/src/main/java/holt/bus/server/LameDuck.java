package holt.bus.server;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** How a server leaves gently. Used once, by the thread that waits for it. */
final class LameDuck {
    private static final long LOOK_AGAIN_MILLIS = 10;

    private final BusLimits limits;
    private final Hub hub;
    private final Loop loop;

    LameDuck(BusLimits limits, Hub hub, Loop loop) {
        this.limits = limits;
        this.hub = hub;
        this.loop = loop;
    }

    void run() throws InterruptedException {
        loop.later(loop::closeToNewcomers);
        long now = System.nanoTime();
        long grace = now + limits.lameDuckGrace().toNanos();
        while (System.nanoTime() < grace && left() > 0) {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
        int clients = left();
        long pause = clients == 0 ? 0 : limits.lameDuckDuration().toMillis() / clients;
        while (left() > 0) {
            loop.later(this::cutOne);
            TimeUnit.MILLISECONDS.sleep(Math.max(1, pause));
        }
    }

    private int left() {
        hub.lock.lock();
        try {
            return (int) loop.sockets().stream()
                    .filter(client -> !client.isLeaving())
                    .count();
        } finally {
            hub.lock.unlock();
        }
    }

    private void cutOne() {
        List<SocketClient> open =
                loop.sockets().stream().filter(client -> !client.isLeaving()).toList();
        if (!open.isEmpty()) {
            open.getFirst().cut("Server Shutdown", null);
        }
    }
}
