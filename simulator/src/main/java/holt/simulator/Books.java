package holt.simulator;

import holt.kernel.ClusterView;
import holt.kernel.HostStatus;
import holt.model.Process;
import holt.model.ProcessState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Whether the brain offers of each host just what is not promised there; for a cluster that has come to rest. Pure. */
final class Books {
    private Books() {}

    /** Where the accounts do not balance yet; empty where they do. */
    static Optional<String> open(World world, ClusterView view) {
        Map<String, Long> promised = new HashMap<>();
        for (Process row : world.store.processes().values()) {
            String name = row.host();
            if (name != null && row.state() != ProcessState.EXITED) {
                promised.merge(name, world.store.memoryBytes(row), Long::sum);
            }
        }
        for (SimulatedHost host : world.hosts) {
            HostStatus status = view.hosts().get(host.name);
            long free = host.memoryBytes - promised.getOrDefault(host.name, 0L);
            if (status == null || status.lost()) {
                return Optional.of(host.name + " is there, and called lost");
            }
            if (status.freeBytes() != free) {
                return Optional.of(host.name + " offers " + status.freeBytes() + " bytes, free are " + free);
            }
        }
        return Optional.empty();
    }
}
