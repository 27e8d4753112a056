package holt.bus.remote;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * What is said while the bus is away, in order, to be sent when it is back. Bounded: beyond that the newest are lost,
 * counted, and told of in the log. Its owner guards it.
 */
final class Outbox {
    static final int MAX_BYTES = 8 << 20;
    static final int MAX_MESSAGES = 65_536;

    private static final Logger LOGGER = System.getLogger(Outbox.class.getName());

    private final Queue<Outgoing> waiting = new ArrayDeque<>();
    private long bytes;
    private long lost;

    void add(Outgoing message) {
        if (bytes + message.bytes() > MAX_BYTES || waiting.size() >= MAX_MESSAGES) {
            lose("the bus is away and the buffer is full");
            return;
        }
        bytes += message.bytes();
        waiting.add(message);
    }

    /** Counts a message that could not be sent. */
    void lose(String reason) {
        lost++;
        if (Long.bitCount(lost) == 1) {
            LOGGER.log(Level.WARNING, "bus message lost reason=\"{0}\" lost={1}", reason, lost);
        }
    }

    /** All that still matters, oldest first; it waits here no more. */
    List<Outgoing> take(long nowNanos) {
        List<Outgoing> taken = new ArrayList<>(waiting);
        taken.removeIf(message -> message.isLate(nowNanos));
        waiting.clear();
        bytes = 0;
        return taken;
    }

    int waiting() {
        return waiting.size();
    }

    long lost() {
        return lost;
    }
}
