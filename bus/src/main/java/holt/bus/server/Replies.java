package holt.bus.server;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Subjects a client may answer on because it was asked, for a while and so often. Guarded by the hub's lock. */
final class Replies {
    /** More open requests than this make the oldest one impossible to answer. */
    private static final int MOST = 100_000;

    private static final class Leave {
        private final long untilNanos;
        private int left;

        private Leave(long untilNanos, int left) {
            this.untilNanos = untilNanos;
            this.left = left;
        }
    }

    private final BusUser.Responses rule;
    private final Map<ByteBuffer, Leave> leaves = new LinkedHashMap<>();

    Replies(BusUser.Responses rule) {
        this.rule = rule;
    }

    void allow(byte[] reply, long nowNanos) {
        long until = rule.expiresMillis() > 0 ? nowNanos + rule.expiresMillis() * 1_000_000 : Long.MAX_VALUE;
        leaves.remove(ByteBuffer.wrap(reply));
        leaves.put(ByteBuffer.wrap(reply), new Leave(until, rule.max() > 0 ? rule.max() : Integer.MAX_VALUE));
        Iterator<Leave> oldest = leaves.values().iterator();
        while (oldest.hasNext()) {
            Leave leave = oldest.next();
            if (leave.untilNanos > nowNanos && leaves.size() <= MOST) {
                return;
            }
            oldest.remove();
        }
    }

    /** Uses up one answer, where there is one. */
    boolean take(byte[] in, int from, int to, long nowNanos) {
        Leave leave = leaves.get(ByteBuffer.wrap(in, from, to - from));
        if (leave == null || leave.untilNanos <= nowNanos) {
            return false;
        }
        leave.left--;
        if (leave.left <= 0) {
            leaves.remove(ByteBuffer.wrap(in, from, to - from));
        }
        return true;
    }
}
