package holt.agent;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts a program as a child of this one in a session of its own by {@code posix_spawn}: unlike Java's own
 * way no helper program is run in between. Needs a C library that can close all other descriptors in the child;
 * {@link #isPossible} tells. Stateless; any thread.
 */
final class Spawn {
    private static final int OPAQUE_BYTES = 1024;
    private static final short FLAGS = 0x04 | 0x08 | 0x80; // default signal actions, signal mask, session
    private static final int OUTPUT = 0x1 | 0x40 | 0x400; // write only, create, append
    private static final int SIGNAL_SET_BYTES = 128;
    private static final int FIRST_OTHER = 3;
    private static final String CLOSE_FROM = "posix_spawn_file_actions_addclosefrom_np";
    private static final boolean POSSIBLE =
            Linker.nativeLinker().defaultLookup().find(CLOSE_FROM).isPresent();

    /** Bound only where they are there. */
    private static final class Calls {
        static final MethodHandle SPAWN = handle("posix_spawnp", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        static final MethodHandle ACTIONS = handle("posix_spawn_file_actions_init", ADDRESS);
        static final MethodHandle ACTIONS_DESTROY = handle("posix_spawn_file_actions_destroy", ADDRESS);
        static final MethodHandle OPEN =
                handle("posix_spawn_file_actions_addopen", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
        static final MethodHandle DUPLICATE = handle("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
        static final MethodHandle CLOSE_OTHERS = handle(CLOSE_FROM, ADDRESS, JAVA_INT);
        static final MethodHandle ATTRIBUTES = handle("posix_spawnattr_init", ADDRESS);
        static final MethodHandle SET_FLAGS = handle("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
        static final MethodHandle SET_MASK = handle("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);
        static final MethodHandle SET_DEFAULT = handle("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS);
        static final MethodHandle WAIT = handle("waitpid", JAVA_INT, ADDRESS, JAVA_INT);

        private Calls() {}

        private static MethodHandle handle(String name, MemoryLayout... arguments) {
            return Native.handle(name, JAVA_INT, arguments);
        }
    }

    /** What every C library has. */
    private static final class PipeCalls {
        static final MethodHandle PIPE = Native.handle("pipe2", JAVA_INT, ADDRESS, JAVA_INT);
        static final MethodHandle WRITE = Native.handle("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

        private PipeCalls() {}
    }

    private Spawn() {}

    /** The two ends of a pipe, none of which a child inherits unless it is handed on. */
    record Pipe(int reading, int writing) {}

    static boolean isPossible() {
        return POSSIBLE;
    }

    /**
     * Starts a program; the caller waits for its end.
     *
     * @param command its path, or its name to be searched for, and its arguments
     * @param input descriptor of its standard input; negative for none
     * @return its pid
     */
    static int start(List<String> command, Map<String, String> environment, int input, Path output, Path errors)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            MemorySegment actions = actions(arena, state, input, output, errors);
            MemorySegment pid = arena.allocate(JAVA_INT);
            List<String> variables = new ArrayList<>();
            environment.forEach((name, value) -> variables.add(name + "=" + value));
            MemorySegment program = arena.allocateFrom(command.getFirst());
            check("posix_spawnp " + command.getFirst(), (int) Calls.SPAWN.invokeExact(
                    state,
                    pid,
                    program,
                    actions,
                    attributes(arena, state),
                    strings(arena, command),
                    strings(arena, variables)));
            check("posix_spawn_file_actions_destroy", (int) Calls.ACTIONS_DESTROY.invokeExact(state, actions));
            return pid.get(JAVA_INT, 0);
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    private static MemorySegment actions(Arena arena, MemorySegment state, int input, Path output, Path errors)
            throws Throwable {
        MemorySegment actions = arena.allocate(OPAQUE_BYTES, Long.BYTES);
        check("posix_spawn_file_actions_init", (int) Calls.ACTIONS.invokeExact(state, actions));
        if (input < 0) {
            open(arena, state, actions, 0, "/dev/null", Native.O_RDONLY);
        } else {
            check("adddup2", (int) Calls.DUPLICATE.invokeExact(state, actions, input, 0));
        }
        open(arena, state, actions, 1, output.toString(), OUTPUT);
        open(arena, state, actions, 2, errors.toString(), OUTPUT);
        check(CLOSE_FROM, (int) Calls.CLOSE_OTHERS.invokeExact(state, actions, FIRST_OTHER));
        return actions;
    }

    private static void open(Arena arena, MemorySegment state, MemorySegment actions, int as, String file, int flags)
            throws Throwable {
        MemorySegment path = arena.allocateFrom(file);
        check("addopen", (int) Calls.OPEN.invokeExact(state, actions, as, path, flags, 0600));
    }

    /** What the Java runtime has set for its own signals is not for its children. */
    private static MemorySegment attributes(Arena arena, MemorySegment state) throws Throwable {
        MemorySegment attributes = arena.allocate(OPAQUE_BYTES, Long.BYTES);
        check("posix_spawnattr_init", (int) Calls.ATTRIBUTES.invokeExact(state, attributes));
        check("setflags", (int) Calls.SET_FLAGS.invokeExact(state, attributes, FLAGS));
        MemorySegment none = arena.allocate(SIGNAL_SET_BYTES, Long.BYTES);
        check("setsigmask", (int) Calls.SET_MASK.invokeExact(state, attributes, none));
        MemorySegment all = arena.allocate(SIGNAL_SET_BYTES, Long.BYTES);
        all.fill((byte) 0xFF);
        check("setsigdefault", (int) Calls.SET_DEFAULT.invokeExact(state, attributes, all));
        return attributes;
    }

    private static MemorySegment strings(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int each = 0; each < texts.size(); each++) {
            array.setAtIndex(ADDRESS, each, arena.allocateFrom(texts.get(each)));
        }
        return array;
    }

    /** Does the same in Java's own way, for any C library, and waits for the end; its exit status. */
    static int runInJava(List<String> command, Map<String, String> environment, int input, Path output, Path errors)
            throws IOException {
        File source = new File(input < 0 ? "/dev/null" : "/proc/self/fd/" + input);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(source)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return builder.start().waitFor();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while running " + command.getFirst(), stop);
        }
    }

    /** Collects a child that has ended; its exit status as a shell gives it. */
    static int collect(int pid) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            MemorySegment status = arena.allocate(JAVA_INT);
            Native.checked("waitpid " + pid, state, (int) Calls.WAIT.invokeExact(state, pid, status, 0));
            int word = status.get(JAVA_INT, 0);
            return (word & 0x7F) == 0 ? (word >>> 8) & 0xFF : 128 + (word & 0x7F);
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    static Pipe pipe() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            Native.checked("pipe2", state, (int) PipeCalls.PIPE.invokeExact(state, ends, Native.O_CLOEXEC));
            return new Pipe(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    /** Writes all; waits where the reader is slow. */
    static void write(int descriptor, byte[] content) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            MemorySegment bytes = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, content);
            for (long done = 0; done < content.length; ) {
                MemorySegment rest = bytes.asSlice(done);
                done += Native.checked("write", state, (int)
                        (long) PipeCalls.WRITE.invokeExact(state, descriptor, rest, rest.byteSize()));
            }
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    /** These calls return the error number itself. */
    private static void check(String call, int error) throws Native.CallFailed {
        if (error != 0) {
            throw new Native.CallFailed(call, error);
        }
    }
}
