package holt.kernel;

import holt.model.Limits;
import holt.model.Process;
import holt.model.Resources;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One process at one moment.
 *
 * @param process its row
 * @param need what it takes of its host
 * @param memoryBytes what it uses, as its agent last said; 0 while unknown
 * @param cpuPercent of one core, between its agent's last two reports; 0 while unknown
 * @param startedAt when its program was started, as its agent says; null while unknown
 * @param draining whether it only finishes requests under way before it is stopped
 * @param note why it waits, how it ended; null for nothing to say
 * @param chosen why it was given its host, packed; see {@link #choice}
 * @param refusedBy hosts that would not start it since it was last ready
 * @param limits what it may use
 * @param load what else it uses
 */
public record ProcessStatus(
        Process process,
        Resources need,
        long memoryBytes,
        double cpuPercent,
        @Nullable Instant startedAt,
        boolean draining,
        @Nullable String note,
        long chosen,
        Map<String, Need.Refusal> refusedBy,
        Limits limits,
        Load load) {

    public ProcessStatus {
        refusedBy = Map.copyOf(refusedBy);
    }

    /** Memory that it may use. */
    public long memoryLimitBytes() {
        return need.memoryBytes();
    }

    /** Why it was given its host; empty where this brain did not place it. */
    public Optional<Choice> choice() {
        return chosen == 0 ? Optional.empty() : Optional.of(Choice.unpacked(chosen));
    }
}
