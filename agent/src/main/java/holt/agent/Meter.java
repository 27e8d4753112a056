package holt.agent;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where the kernel counts what one running instance uses, found out once, because it is read every few seconds for every
 * instance. Immutable; any thread.
 *
 * @param container names its control groups
 * @param link the host's end of its network link
 * @param layer path of its writable layer where that has a limit; empty for none
 */
record Meter(InstanceKey container, String link, String layer) {

    Usage read(Cgroups cgroups) throws IOException {
        Usage own = cgroups.usage(container);
        Path counters = Path.of("/sys/class/net", link, "statistics");
        return new Usage(
                own.memoryBytes(),
                own.cpuNanos(),
                own.pids(),
                layer.isEmpty() ? 0 : Native.usedBytes(layer),
                Counters.read(counters.resolve("tx_bytes")),
                Counters.read(counters.resolve("rx_bytes")));
    }
}
