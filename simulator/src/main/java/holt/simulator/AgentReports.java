package holt.simulator;

import holt.agent.AgentSupervisor;
import holt.agent.InstanceStatus;
import holt.agent.Place;
import holt.model.HostReport;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.Resources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says, numbered as the real one numbers it: each report of a process has a number of its own, a report of
 * the host one for all in it. One for each start of an agent. Owned by the simulation's thread.
 */
final class AgentReports {
    private static final int CORES = 8;
    private static final long MEMORY_IN_USE = 32L << 20;

    private final String host;
    private final String epoch;
    private long sequence;
    /** The word of the last call it heard; null before the first. */
    @Nullable
    String answers;

    AgentReports(String host, String epoch) {
        this.host = host;
        this.epoch = epoch;
    }

    ProcessReport process(InstanceStatus status) {
        return process(status, ++sequence);
    }

    private ProcessReport process(InstanceStatus status, long number) {
        ProcessSpec spec = status.spec();
        Place place = status.place();
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
                status.isExited() ? 0 : MEMORY_IN_USE,
                number,
                status.exit(),
                null,
                status.unready());
    }

    HostReport host(AgentSupervisor brain, Instant startedAt, SimulatedHost self) {
        long memoryBytes = self.memoryBytes;
        long number = ++sequence;
        Collection<InstanceStatus> instances = brain.instances();
        List<ProcessReport> processes = new ArrayList<>(instances.size());
        for (InstanceStatus status : instances) {
            processes.add(process(status, number));
        }
        return new HostReport(
                host,
                epoch,
                number,
                "simulated",
                "simulated",
                List.of(),
                CORES,
                memoryBytes,
                brain.reserved().memoryBytes(),
                startedAt,
                processes,
                Resources.ofMemory(memoryBytes),
                brain.reserved(),
                self.zone,
                self.tags,
                answers);
    }
}
