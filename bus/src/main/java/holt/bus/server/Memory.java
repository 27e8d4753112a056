package holt.bus.server;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what all clients together hold within a part of the heap, which the process's other parts need too: where it is
 * more, the client that holds most is cut, and so on. Guarded by the hub's lock.
 */
final class Memory {
    private static final long LEAST = 48L << 20;
    private static final int PART_OF_HEAP = 3;

    private final Loop loop;
    private final long most = Math.max(LEAST, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);

    Memory(Loop loop) {
        this.loop = loop;
    }

    private long held() {
        return loop.chunks().bytes() + loop.scratch().kept();
    }

    boolean isShort() {
        return held() > most;
    }

    void check() {
        while (isShort()) {
            SocketClient largest = largest();
            if (largest == null) {
                return;
            }
            largest.cutAsSlow("Slow Consumer (Memory)");
            largest.closed(largest.reason());
        }
    }

    private @Nullable SocketClient largest() {
        return loop.sockets().stream()
                .max(Comparator.comparingLong(SocketClient::holds))
                .orElse(null);
    }
}
