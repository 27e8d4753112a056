package holt.kernel;

import holt.model.HostReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One host as the health manager sees it: which start of its agent speaks for it, when it was heard, what is intended
 * there. Owned by the health manager.
 *
 * <p>Where two agents call themselves alike, the one that started later speaks for the host, and the other is not heard
 * any more. A start in the future counts as one of the moment it is first heard, so a wrong clock cannot outlast a
 * restart; where the present agent was silent for a lease, the start of another does not matter.
 */
final class WatchedHost {
    /** The newest of them: what an agent that lies can make us keep is bounded. */
    private static final int MAX_PAST_EPOCHS = 100;
    /** So often another agent may begin to speak for the host: each time its processes may have to be started again. */
    private static final Duration EPOCH_INTERVAL = Duration.ofSeconds(12);

    private static final int EPOCH_BURST = 5;

    final String name;
    /** The processes intended here, in no order. */
    final List<Watched> processes = new ArrayList<>();

    Instant heardAt;
    boolean lost;

    private final Map<String, Instant> pastEpochs = new LinkedHashMap<>();
    private final TokenBucket epochs = new TokenBucket(EPOCH_INTERVAL, EPOCH_BURST);
    private @Nullable String epoch;
    private Instant startedAt = Instant.MIN;
    private long sequence;

    WatchedHost(String name, Instant now) {
        this.name = name;
        this.heardAt = now;
    }

    /** Takes a full report in, if it says something newer than what is known. */
    boolean accept(HostReport next, Instant now) {
        if (next.epoch().equals(epoch)) {
            if (next.sequence() <= sequence) {
                return false;
            }
        } else if (!follows(next, now)) {
            return false;
        }
        sequence = next.sequence();
        heardAt = now;
        return true;
    }

    private boolean follows(HostReport next, Instant now) {
        Instant past = pastEpochs.get(next.epoch());
        Instant start = past != null ? past : next.startedAt().isAfter(now) ? now : next.startedAt();
        boolean newer = start.isAfter(startedAt) || (past == null && (lost || start.equals(startedAt)));
        if (!newer || !epochs.take(now)) {
            return false;
        }
        if (epoch != null) {
            remember(epoch);
        }
        epoch = next.epoch();
        startedAt = start;
        return true;
    }

    private void remember(String before) {
        pastEpochs.put(before, startedAt);
        if (pastEpochs.size() > MAX_PAST_EPOCHS) {
            pastEpochs.remove(pastEpochs.keySet().iterator().next());
        }
    }

    /** Whether a change of one process was told by the present agent, after its last full report. */
    boolean isCurrent(@Nullable String told, long number) {
        return epoch != null && epoch.equals(told) && number > sequence;
    }

    void add(Watched process) {
        process.position = processes.size();
        processes.add(process);
    }

    void remove(Watched process) {
        Watched last = processes.removeLast();
        if (last != process) {
            processes.set(process.position, last);
            last.position = process.position;
        }
    }
}
