package holt.agent;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Gives containers that are there already another host name. One platform thread does it, because it has to be in the
 * container's namespace for the moment. Methods are for any thread.
 */
final class HostNames implements AutoCloseable {
    private static final int CLONE_NEWUTS = 0x04000000;
    private static final MethodHandle SET = Native.handle("sethostname", JAVA_INT, ADDRESS, JAVA_LONG);

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("holt-agent-names").factory());

    /** @param pid a process in the container */
    void rename(int pid, String name) throws IOException {
        try {
            thread.submit(() -> {
                        renameFromHere(pid, name);
                        return true;
                    })
                    .get();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while naming a container", stop);
        } catch (ExecutionException fault) {
            throw new IOException("The container could not be named '" + name + "'", fault.getCause());
        }
    }

    private static void renameFromHere(int pid, String name) throws IOException {
        int own = Native.open("/proc/thread-self/ns/uts", Native.O_RDONLY);
        try {
            int wanted = Native.open("/proc/" + pid + "/ns/uts", Native.O_RDONLY);
            try {
                Native.enterNamespace(wanted, CLONE_NEWUTS);
                set(name);
            } finally {
                Native.enterNamespace(own, CLONE_NEWUTS);
                Native.close(wanted);
            }
        } finally {
            Native.close(own);
        }
    }

    private static void set(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            MemorySegment text = arena.allocateFrom(name);
            long length = name.getBytes(StandardCharsets.UTF_8).length;
            Native.checked("sethostname", state, (int) SET.invokeExact(state, text, length));
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
