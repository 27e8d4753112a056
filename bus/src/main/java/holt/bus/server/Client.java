package holt.bus.server;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One who is connected, by socket or from within. Guarded by the hub's lock. */
abstract class Client {
    /** Stands where a client is needed and none is. */
    static final Client NOBODY = new Client(0) {
        @Override
        boolean deliver(Interest subscription, Publication message) {
            return false;
        }
    };

    final long cid;
    final SidTable subscriptions = new SidTable();
    String name = "";
    String language = "";
    String version = "";
    String user = "";
    boolean echo = true;
    boolean noResponders;

    @Nullable
    Rights rights;

    boolean gone;
    long startedAtMillis;
    long activeAtMillis;
    long messagesIn;
    long messagesOut;
    long bytesIn;
    long bytesOut;

    /** Whom its last message was for: the next one is for the same most often. */
    private @Nullable Match last;

    Client(long cid) {
        this.cid = cid;
    }

    /** Hands a message over; false where it cannot take it. Never blocks. */
    abstract boolean deliver(Interest subscription, Publication message);

    @Nullable
    Match last(SubjectTree tree, byte[] in, int from, int to) {
        Match match = last;
        return match != null
                        && tree.isCurrent(match)
                        && Arrays.equals(match.subject, 0, match.subject.length, in, from, to)
                ? match
                : null;
    }

    void remember(@Nullable Match match) {
        last = match;
    }

    /** Bytes that wait to be read. */
    long pendingBytes() {
        return 0;
    }
}
