package holt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells whether this host was restarted since an agent of the same home was here: then no process of it lives, and what was
 * written down of pids means nothing.
 */
final class HostBoot {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path marker;
    private final String present;
    private final boolean isAnother;

    HostBoot(Path home) throws IOException {
        marker = home.resolve("boot");
        present = Files.readString(BOOT_ID).strip();
        isAnother = Files.exists(marker) && !Files.readString(marker).strip().equals(present);
    }

    boolean isAnother() {
        return isAnother;
    }

    /** All that was left by agents of another boot is taken over: from now on this boot counts. */
    void keep() throws IOException {
        Files.writeString(marker, present);
    }
}
