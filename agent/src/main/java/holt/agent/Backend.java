package holt.agent;

import holt.model.ProcessSpec;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A way to run instances. Called from many threads, for one instance from one at a time except {@link #usage} and
 * {@link #listening}. None of the calls needs the agent that started the instance to be still there.
 */
sealed interface Backend permits ContainerBackend, PlainBackend {

    /** {@code container} or {@code plain}. */
    String name();

    /** What runs the instances, for people. */
    String runtime();

    /** What is lost here, for people. */
    List<String> warnings();

    /** What is needed to start one instance. */
    record Start(
            ProcessSpec spec,
            InstanceFolder folder,
            Droplets.Unpacked droplet,
            Map<String, String> user,
            @Nullable UnpackedRoot root) {
        /** One that sees the host's system. */
        Start(ProcessSpec spec, InstanceFolder folder, Droplets.Unpacked droplet, Map<String, String> user) {
            this(spec, folder, droplet, user, null);
        }
    }

    /** Where an instance is, and the pid of the process whose end is the instance's end. */
    record Started(Place place, int keeper) {}

    /** Starts an instance; its place is on disk before that. */
    Started start(Start start) throws IOException;

    /** The process whose end is the instance's end, whoever started it; empty where it has ended. */
    OptionalInt keeper(InstanceFolder folder) throws IOException;

    /** Whether its own program has begun. */
    boolean hasBegun(InstanceFolder folder) throws IOException;

    /** Sends SIGTERM to its program; false where there is none yet, or none any more. */
    boolean terminate(InstanceFolder folder) throws IOException;

    /** Sends SIGKILL to all its processes, a shim aside. */
    void kill(InstanceFolder folder) throws IOException;

    /** After its keeper has ended: makes sure that nothing of it is alive, and gives back what it held of the system. */
    EndFacts finish(InstanceFolder folder) throws IOException;

    Usage usage(InstanceFolder folder) throws IOException;

    /** The ports it listens on, for people; empty where that cannot be seen. */
    Optional<String> listening(InstanceFolder folder, Place place) throws IOException;

    /** Its files as it sees them; fails where it has none. */
    InstanceFiles files(InstanceFolder folder) throws IOException;

    /** Begins a program inside an instance that runs, beside its own. */
    Guest enter(Guest.Wish wish) throws IOException;

    /** Ends what is left of a guest of an earlier agent, known by its mark. */
    void endGuest(InstanceFolder folder, String mark) throws IOException;

    /** Connects to a port as the instance itself would; fails where nobody listens. */
    SocketChannel connect(InstanceFolder folder, int port) throws IOException;

    /** Ends and removes what is in this host's kernel of instances that nobody knows. */
    void removeStrays(Set<InstanceKey> known) throws IOException;

    /** Stops helping with starts; instances go on. */
    void close() throws IOException;

    /** Removes all that is left in this host's kernel; no instance is left. */
    void remove() throws IOException;
}
