package holt.agent;

import holt.model.Exit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** What earlier agents of the same home left on this host. Read once, at the start; one thread. */
final class LeftBehind {
    private static final StopCause RESTART = new StopCause(Exit.Reason.UNKNOWN, "its host was restarted");

    private final List<InstanceStatus> instances = new ArrayList<>();
    private final HostBoot boot;

    /** Folders without a readable status are of no use to anyone and are deleted. */
    LeftBehind(Path home) throws IOException {
        boot = new HostBoot(home);
        for (Path path : Folders.list(home.resolve("instances"))) {
            Optional<InstanceKey> key = InstanceKey.parse(String.valueOf(path.getFileName()));
            Optional<InstanceStatus> status = key.isEmpty()
                    ? Optional.empty()
                    : InstanceFolder.in(home, key.get()).restored();
            if (status.isPresent()) {
                instances.add(afterRestart(status.get(), InstanceFolder.in(home, key.get())));
            } else {
                Folders.delete(path);
            }
        }
    }

    /** What ran when the host was restarted ended with it; how others had ended before is kept. */
    private InstanceStatus afterRestart(InstanceStatus status, InstanceFolder folder) throws IOException {
        boolean cut = boot.isAnother() && !status.isExited() && status.cause() == null && folder.exitStatus() < 0;
        return cut ? status.because(RESTART) : status;
    }

    List<InstanceStatus> instances() {
        return instances;
    }

    /** Takes the instances over: tells the brain of each, and watches those that live. */
    void adopt(InstanceRunner runner, Backend backend, Consumer<AgentEvent> brain) throws IOException {
        for (InstanceStatus status : instances) {
            OptionalInt keeper = status.isExited() || boot.isAnother()
                    ? OptionalInt.empty()
                    : backend.keeper(runner.folder(status.key()));
            brain.accept(new AgentEvent.Found(status, keeper.isPresent()));
            if (!status.isExited()) {
                runner.follow(status.spec());
            }
            if (keeper.isPresent()) {
                runner.watch(status.key(), keeper.getAsInt());
            }
        }
        boot.keep();
    }
}
