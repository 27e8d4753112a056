package holt.kernel;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Decisions that wait for their turn, at most one a process: the most urgent kind first, within a kind the one that waits
 * longest. Every {@link #FAIR_SHARE}th turn is that of the one that waits longest of all, so that none waits for ever. All
 * calls cost the same however many wait. Owned by one thread.
 */
final class Turns {
    static final int FAIR_SHARE = 10;

    /** How urgent an action is, the most urgent first. */
    enum Urgency {
        /** The first instance of an app of which none serves or is on its way. */
        NOBODY_SERVES,
        /** An instance that crashed, was refused, or whose host is lost. */
        REPAIR,
        /** An instance that was not there before. */
        GROWTH,
        /** An instance that would do better elsewhere. */
        REBALANCE
    }

    /** One decision that waits: {@code order} counts all, {@code orderInKind} those of its urgency. */
    record Turn(long pid, Decision.Paced decision, Urgency urgency, Instant since, long order, long orderInKind) {}

    private final List<LinkedHashMap<Long, Turn>> kinds = new ArrayList<>();
    private final long[] orderInKind = new long[Urgency.values().length];
    private final Map<Long, Turn> byPid = new HashMap<>();
    private final Queue<Turn> untold = new ArrayDeque<>();
    private long order;
    private long taken;

    Turns() {
        for (int i = 0; i < orderInKind.length; i++) {
            kinds.add(new LinkedHashMap<>());
        }
    }

    boolean isEmpty() {
        return byPid.isEmpty();
    }

    int size() {
        return byPid.size();
    }

    /** Puts a decision in its place; one that waits for the same process already keeps its own. */
    void add(long pid, Decision.Paced decision, Urgency urgency, Instant now) {
        int kind = urgency.ordinal();
        if (!byPid.containsKey(pid)) {
            Turn turn = new Turn(pid, decision, urgency, now, ++order, ++orderInKind[kind]);
            byPid.put(pid, turn);
            kinds.get(kind).put(pid, turn);
            untold.add(turn);
        }
    }

    void remove(long pid) {
        Turn turn = byPid.remove(pid);
        if (turn != null) {
            kinds.get(turn.urgency().ordinal()).remove(pid);
        }
    }

    /** Takes the one whose turn it is; null where none waits. */
    @Nullable
    Turn take() {
        Turn turn = (taken + 1) % FAIR_SHARE == 0 ? oldest() : mostUrgent();
        if (turn != null) {
            taken++;
            remove(turn.pid());
        }
        return turn;
    }

    private @Nullable Turn mostUrgent() {
        for (LinkedHashMap<Long, Turn> kind : kinds) {
            if (!kind.isEmpty()) {
                return kind.firstEntry().getValue();
            }
        }
        return null;
    }

    private @Nullable Turn oldest() {
        Turn oldest = null;
        for (LinkedHashMap<Long, Turn> kind : kinds) {
            Turn first = kind.isEmpty() ? null : kind.firstEntry().getValue();
            if (first != null && (oldest == null || first.order() < oldest.order())) {
                oldest = first;
            }
        }
        return oldest;
    }

    /** About how many come before it: all that are more urgent, and those of its kind that have waited longer. */
    long before(Turn turn) {
        long before = 0;
        for (int kind = 0; kind < turn.urgency().ordinal(); kind++) {
            before += kinds.get(kind).size();
        }
        LinkedHashMap<Long, Turn> own = kinds.get(turn.urgency().ordinal());
        return before + turn.orderInKind() - own.firstEntry().getValue().orderInKind();
    }

    /** The next one that has waited since before a moment and was not told of; null for none. Each is told of once. */
    @Nullable
    Turn takeUntold(Instant waitsSince) {
        while (untold.peek() instanceof Turn turn && !turn.since().isAfter(waitsSince)) {
            untold.remove();
            if (byPid.get(turn.pid()) == turn) {
                return turn;
            }
        }
        return null;
    }

    /** Since when the first that was not told of waits; null for none. */
    @Nullable
    Instant untoldSince() {
        while (untold.peek() instanceof Turn turn) {
            if (byPid.get(turn.pid()) == turn) {
                return turn.since();
            }
            untold.remove();
        }
        return null;
    }
}
