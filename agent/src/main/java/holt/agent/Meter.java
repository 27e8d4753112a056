package holt.agent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where the kernel counts what one running instance uses, found out once, because it is read every few seconds for every
 * instance. Immutable; any thread.
 *
 * @param container names its control groups
 * @param link the host's end of its network link
 * @param layer path of its writable layer where that has a limit; empty for none
 * @param notes what its process 1 tells, on this host's disk and open to its programs
 */
record Meter(InstanceKey container, String link, String layer, Path notes) {
    private static final long MOST_NOTES_BYTES = 64 << 10;
    private static final long FIRST_WORD_BYTES = "started\n".length();

    Usage read(Cgroups cgroups) throws IOException {
        boundNotes();
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

    /** A few words are meant to be there, and a program that writes more must not fill the disk with it. */
    private void boundNotes() throws IOException {
        if (notes.toFile().length() > MOST_NOTES_BYTES) {
            try (FileChannel file = FileChannel.open(notes, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                file.truncate(FIRST_WORD_BYTES);
            }
        }
    }
}
