package holt.bus.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One side of a stream: what it is given comes out at the other side in the same order, each message once, whatever the bus
 * loses, doubles or reorders; or the stream ends with a reason. Go-back-N with credit: messages are numbered, the receiver
 * takes only the next one, tells how far it has come and how far the sender may go, and the sender repeats what does not
 * arrive. So each side holds at most {@link #WINDOW} messages each way, and a slow reader slows the writer.
 *
 * <p>Pure: packets and time in, packets out. Times are nanoseconds of any steady clock. One owner at a time.
 */
final class StreamPeer {
    /** Messages on their way or waiting for their reader. */
    static final int WINDOW = 16;

    static final long REPEAT_NANOS = 600_000_000L;
    static final long LONGEST_REPEAT_NANOS = 2_400_000_000L;
    static final long ALIVE_NANOS = 2_000_000_000L;
    static final long ACKNOWLEDGE_NANOS = 100_000_000L;

    /** A peer that says nothing for so long is gone. */
    static final long LOST_NANOS = 10_000_000_000L;

    private static final int CREDIT_STEP = WINDOW / 4;
    private static final byte[] NOTHING = {};

    private final List<byte[]> outgoing = new ArrayList<>();

    private final Deque<byte[]> unacknowledged = new ArrayDeque<>();
    private long acknowledged;
    private long limit = WINDOW;
    private long repeatAt;
    private long repeatNanos = REPEAT_NANOS;

    private final Deque<byte[]> inbox = new ArrayDeque<>();
    private long received;
    private long taken;
    private long toldLimit = WINDOW;
    private boolean toldIsOld;

    private long heardAt;
    private long saidAt;
    private long toldOldSince;
    private @Nullable String end;

    StreamPeer(long now) {
        heardAt = now;
        saidAt = now;
    }

    /** Whether another message can be sent now. */
    boolean canSend() {
        return end == null && unacknowledged.size() < WINDOW && next() < limit;
    }

    private long next() {
        return acknowledged + unacknowledged.size();
    }

    /** Sends a message; only where {@link #canSend}. */
    void send(byte[] message, long now) {
        if (!canSend()) {
            throw new IllegalStateException("Expected room in the window, found none");
        }
        if (unacknowledged.isEmpty()) {
            repeatAt = now + repeatNanos;
        }
        say(Packet.Kind.DATA, next(), message, now);
        unacknowledged.add(message);
    }

    /** Takes what came on the bus. */
    void receive(byte[] bytes, long now) {
        if (end != null) {
            return;
        }
        Packet packet;
        try {
            packet = Packet.read(bytes);
        } catch (IllegalArgumentException strange) {
            end = String.valueOf(strange.getMessage());
            return;
        }
        heardAt = now;
        if (packet.received() > next()) {
            end = "the other side acknowledged what was never sent";
            return;
        }
        acknowledge(packet, now);
        switch (packet.kind()) {
            case DATA -> take(packet, now);
            case NUMBERS -> {}
            case END -> end = new String(packet.content(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private void acknowledge(Packet packet, long now) {
        limit = Math.max(limit, packet.limit());
        if (packet.received() > acknowledged) {
            while (acknowledged < packet.received()) {
                unacknowledged.remove();
                acknowledged++;
            }
            repeatNanos = REPEAT_NANOS;
            repeatAt = now + repeatNanos;
        }
    }

    private void take(Packet packet, long now) {
        if (packet.sequence() == received && inbox.size() < WINDOW) {
            inbox.add(packet.content());
            received++;
            oweNumbers(now);
        } else if (packet.sequence() >= taken + WINDOW) {
            end = "the other side sent more than it may";
        } else {
            tell(now); // one came twice, or one before it did not come
        }
    }

    private void oweNumbers(long now) {
        if (!toldIsOld) {
            toldIsOld = true;
            toldOldSince = now;
        }
    }

    /** The next message; empty where there is none yet. What is taken makes room for another one. */
    Optional<byte[]> take(long now) {
        byte[] message = inbox.poll();
        if (message != null) {
            taken++;
            if (taken + WINDOW - toldLimit >= CREDIT_STEP) {
                tell(now);
            }
        }
        return Optional.ofNullable(message);
    }

    /** Does what is due: repeats, tells that this side lives, gives up. To be called at {@link #dueAt} or before. */
    void tick(long now) {
        if (end != null) {
            return;
        }
        if (now - heardAt >= LOST_NANOS) {
            end = "the other side was not heard for " + LOST_NANOS / 1_000_000_000L + " s";
            return;
        }
        if (!unacknowledged.isEmpty() && now - repeatAt >= 0) {
            long sequence = acknowledged;
            for (byte[] message : unacknowledged) {
                say(Packet.Kind.DATA, sequence++, message, now);
            }
            repeatNanos = Math.min(repeatNanos * 2, LONGEST_REPEAT_NANOS);
            repeatAt = now + repeatNanos;
        }
        if (now - saidAt >= ALIVE_NANOS || (toldIsOld && now - toldOldSince >= ACKNOWLEDGE_NANOS)) {
            tell(now);
        }
    }

    /** When {@link #tick} has something to do at the latest. */
    long dueAt() {
        long due = Math.min(saidAt + ALIVE_NANOS, heardAt + LOST_NANOS);
        if (!unacknowledged.isEmpty()) {
            due = Math.min(due, repeatAt);
        }
        return toldIsOld ? Math.min(due, toldOldSince + ACKNOWLEDGE_NANOS) : due;
    }

    /** Ends the stream for both sides. */
    void end(String reason, long now) {
        if (end == null) {
            say(Packet.Kind.END, 0, Packet.reason(reason), now);
            end = reason;
        }
    }

    /** Why the stream has ended; null while it has not. What came before can still be taken. */
    @Nullable
    String ended() {
        return end;
    }

    /** Whether all that was sent has arrived. */
    boolean isDrained() {
        return unacknowledged.isEmpty();
    }

    /** The packets to publish now, oldest first; each is given once. */
    List<byte[]> outgoing() {
        List<byte[]> now = List.copyOf(outgoing);
        outgoing.clear();
        return now;
    }

    private void tell(long now) {
        say(Packet.Kind.NUMBERS, 0, NOTHING, now);
    }

    private void say(Packet.Kind kind, long sequence, byte[] content, long now) {
        toldLimit = taken + WINDOW;
        toldIsOld = false;
        saidAt = now;
        outgoing.add(new Packet(kind, sequence, received, toldLimit, content).bytes());
    }
}
