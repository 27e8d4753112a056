package holt.agent;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Overlays of root file systems, and the marks that their layers are made of. Stateless; any thread. */
final class Mounts {
    private static final long NO_SETUID_NO_DEVICES = 2 | 4;
    private static final int CHARACTER_DEVICE = 0x2000;
    private static final long PAGE = 4096;

    private static final MethodHandle MOUNT =
            Native.handle("mount", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle MKNOD = Native.handle("mknod", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
    private static final MethodHandle LSETXATTR =
            Native.handle("lsetxattr", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);

    private Mounts() {}

    /**
     * Mounts layers over one another. They are named by the descriptor of the folder they are in, since the kernel takes
     * no more than a page of options.
     *
     * @param folder the one all layers are in
     * @param layers names, the highest first
     * @param own folder with {@code upper} and {@code work}
     */
    static void overlay(Path target, Path folder, List<String> layers, Path own) throws IOException {
        int below = Native.open(folder.toString(), Native.O_PATH | Native.O_DIRECTORY);
        try {
            int above = Native.open(own.toString(), Native.O_PATH | Native.O_DIRECTORY);
            try {
                List<String> lower = new ArrayList<>();
                layers.forEach(layer -> lower.add("/proc/self/fd/" + below + "/" + layer));
                String options = "lowerdir=" + String.join(":", lower) + ",upperdir=/proc/self/fd/" + above
                        + "/upper,workdir=/proc/self/fd/" + above + "/work";
                if (options.length() >= PAGE) {
                    throw new IOException("its root file system has too many layers for a mount: " + layers.size());
                }
                mount("overlay", target.toString(), options);
            } finally {
                Native.close(above);
            }
        } finally {
            Native.close(below);
        }
    }

    private static void mount(String type, String target, String options) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            MemorySegment name = arena.allocateFrom(type);
            Native.checked("mount " + target, state, (int) MOUNT.invokeExact(
                    state, name, arena.allocateFrom(target), name, NO_SETUID_NO_DEVICES, arena.allocateFrom(options)));
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    /** Marks a name as gone from lower layers. */
    static void whiteout(Path name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            Native.checked("mknod " + name, state, (int)
                    MKNOD.invokeExact(state, arena.allocateFrom(name.toString()), CHARACTER_DEVICE, 0L));
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    /** Marks a folder as hiding those of its name in lower layers. */
    static void makeOpaque(Path folder) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            MemorySegment yes = arena.allocateFrom("y");
            Native.checked("setxattr " + folder, state, (int) LSETXATTR.invokeExact(
                    state,
                    arena.allocateFrom(folder.toString()),
                    arena.allocateFrom("trusted.overlay.opaque"),
                    yes,
                    1L,
                    0));
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }
}
