package holt.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What an agent that was killed may have left half done. Used once, at the start; one thread. */
final class Strays {
    private static final long PATIENCE_SECONDS = 10;

    private final Path home;

    Strays(Path home) {
        this.home = home;
    }

    /** The containers of those instances. */
    Set<InstanceKey> containersOf(Set<InstanceKey> instances) throws IOException {
        Set<InstanceKey> containers = new HashSet<>();
        for (InstanceKey each : instances) {
            containers.add(InstanceFolder.in(home, each).container());
        }
        return containers;
    }

    /** Moves what was to be moved when containers that had waited were given to those instances. */
    void finishMoves(Set<InstanceKey> instances) throws IOException {
        for (InstanceKey each : instances) {
            InstanceFolder folder = InstanceFolder.in(home, each);
            InstanceKey container = folder.container();
            if (!container.equals(each)) {
                InstanceFolder.prepared(home, container).moveTo(folder);
            }
        }
    }

    /** Waits for runtimes that are making a container of this home, so that they add nothing to what is looked at. */
    void awaitStarts() throws IOException {
        for (Path process : Folders.list(Path.of("/proc"))) {
            String pid = String.valueOf(process.getFileName());
            if (pid.chars().allMatch(Character::isDigit) && isStart(process)) {
                await(Long.parseLong(pid));
            }
        }
    }

    private boolean isStart(Path process) {
        try {
            String line = new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8);
            return line.contains("\0--detach\0--bundle\0" + home + "/");
        } catch (IOException gone) {
            return false;
        }
    }

    private static void await(long pid) {
        ProcessHandle.of(pid)
                .map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(null))
                .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
