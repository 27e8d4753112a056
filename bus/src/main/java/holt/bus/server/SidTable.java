package holt.bus.server;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's subscriptions by the client's own names for them: an open-addressed table without entries of its own, since
 * a client may have a million. Guarded by the hub's lock.
 */
final class SidTable {
    private static final Interest[] EMPTY = {};

    private Interest[] places = EMPTY;
    private int count;

    int size() {
        return count;
    }

    @Nullable
    Interest find(byte[] in, int from, int to) {
        int mask = places.length - 1;
        if (mask < 0) {
            return null;
        }
        for (int at = Subjects.hash(in, from, to) & mask; ; at = (at + 1) & mask) {
            Interest each = places[at];
            if (each == null || Arrays.equals(each.sid, 0, each.sid.length, in, from, to)) {
                return each;
            }
        }
    }

    void add(Interest subscription) {
        if ((count + 1) * 4 > places.length * 3) {
            Interest[] before = places;
            places = new Interest[Math.max(2, before.length * 2)];
            for (Interest each : before) {
                if (each != null) {
                    seat(each);
                }
            }
        }
        seat(subscription);
        count++;
    }

    private void seat(Interest subscription) {
        int mask = places.length - 1;
        int at = home(subscription, mask);
        while (places[at] != null) {
            at = (at + 1) & mask;
        }
        places[at] = subscription;
    }

    private static int home(Interest subscription, int mask) {
        return Subjects.hash(subscription.sid, 0, subscription.sid.length) & mask;
    }

    void remove(Interest subscription) {
        int mask = places.length - 1;
        if (mask < 0) {
            return;
        }
        int at = home(subscription, mask);
        while (places[at] != null && places[at] != subscription) {
            at = (at + 1) & mask;
        }
        if (places[at] == subscription) {
            clear(at, mask);
            count--;
            if (count == 0) {
                places = EMPTY;
            }
        }
    }

    @SuppressWarnings("NullAway") // free places are null
    private void clear(int place, int mask) {
        int free = place;
        places[free] = null;
        for (int at = (free + 1) & mask; places[at] != null; at = (at + 1) & mask) {
            int home = home(places[at], mask);
            if (((at - home) & mask) >= ((at - free) & mask)) {
                places[free] = places[at];
                places[at] = null;
                free = at;
            }
        }
    }

    void forEach(Consumer<Interest> action) {
        for (Interest each : places) {
            if (each != null) {
                action.accept(each);
            }
        }
    }

    void clear() {
        places = EMPTY;
        count = 0;
    }
}
