package holt.agent;

import holt.model.HostReport;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.Use;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Writes what the agent says of its host and its processes. Owned by one thread, except that any may tell usages. */
final class Reports {
    private static final int MAX_WORD = 255;

    private final String host;
    private final String zone;
    private final List<String> tags;
    private final String epoch = UUID.randomUUID().toString();
    private final Map<InstanceKey, Usage> usages = new ConcurrentHashMap<>();
    private long sequence;
    private @Nullable String answers;

    Reports(AgentSettings settings) {
        this.host = settings.host();
        this.zone = settings.zone();
        this.tags = settings.tags();
    }

    /** All reports from now on were made after this call; a word longer than any of ours is none. */
    void answer(byte[] word) {
        if (word.length <= MAX_WORD) {
            answers = new String(word, StandardCharsets.UTF_8);
        }
    }

    void use(InstanceKey key, Usage usage) {
        usages.put(key, usage);
    }

    void forget(InstanceKey key) {
        usages.remove(key);
    }

    ProcessReport process(InstanceStatus status) {
        return process(status, ++sequence);
    }

    private ProcessReport process(InstanceStatus status, long number) {
        ProcessSpec spec = status.spec();
        Place place = status.place();
        Usage usage = usages.getOrDefault(status.key(), Usage.NONE);
        return new ProcessReport(
                host,
                epoch,
                number,
                spec.pid(),
                spec.incarnation(),
                spec.instanceId(),
                spec.app(),
                spec.index(),
                spec.version(),
                status.state(),
                place == null ? null : place.address(),
                place == null ? 0 : place.port(),
                status.startedAt(),
                status.isExited() ? 0 : usage.memoryBytes(),
                usage.cpuNanos(),
                status.exit(),
                status.isExited() || usage.equals(Usage.NONE)
                        ? null
                        : new Use(usage.pids(), usage.diskBytes(), usage.receivedBytes(), usage.sentBytes()));
    }

    HostReport host(Backend backend, AgentSupervisor brain, Instant startedAt) {
        long number = ++sequence;
        return new HostReport(
                host,
                epoch,
                number,
                backend.name(),
                backend.runtime(),
                backend.warnings(),
                Runtime.getRuntime().availableProcessors(),
                brain.capacity().memoryBytes(),
                brain.reserved().memoryBytes(),
                startedAt,
                brain.instances().stream()
                        .map(status -> process(status, number))
                        .toList(),
                brain.capacity(),
                brain.reserved(),
                zone,
                tags,
                answers);
    }
}
