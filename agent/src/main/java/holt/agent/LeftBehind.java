package holt.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** What earlier agents of the same home left on this host. Read once, at the start; one thread. */
final class LeftBehind {
    private final List<InstanceStatus> instances = new ArrayList<>();

    /** Folders without a readable status are of no use to anyone and are deleted. */
    LeftBehind(Path home) throws IOException {
        for (Path path : Folders.list(home.resolve("instances"))) {
            Optional<InstanceKey> key = InstanceKey.parse(String.valueOf(path.getFileName()));
            Optional<InstanceStatus> status = key.isEmpty()
                    ? Optional.empty()
                    : InstanceFolder.in(home, key.get()).restored();
            if (status.isPresent()) {
                instances.add(status.get());
            } else {
                Folders.delete(path);
            }
        }
    }

    List<InstanceStatus> instances() {
        return instances;
    }

    /** Takes the instances over: tells the brain of each, and watches those that live. */
    void adopt(InstanceRunner runner, Backend backend, Consumer<AgentEvent> brain) throws IOException {
        for (InstanceStatus status : instances) {
            OptionalInt keeper = status.isExited() ? OptionalInt.empty() : backend.keeper(runner.folder(status.key()));
            brain.accept(new AgentEvent.Found(status, keeper.isPresent()));
            if (!status.isExited()) {
                runner.follow(status.spec());
            }
            if (keeper.isPresent()) {
                runner.watch(status.key(), keeper.getAsInt());
            }
        }
    }
}
