package holt.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The terminal at standard input, giving each key at once and without showing it, until it is closed or the process
 * ends. Ctrl-C keeps its meaning. Where that cannot be had it stays as it was, and keys come with Enter.
 */
final class RawTerminal implements AutoCloseable {
    private static final int BUFFER_BYTES = 128;
    private static final int NOW = 0;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    /** Where {@code struct termios} has its local flags, and which of them are lines and echo. */
    private record Layout(int flags, int canonical, int echo) {
        static final Layout LINUX = new Layout(12, 2, 8);
        static final Layout MAC = new Layout(24, 0x100, 8);
    }

    private final @Nullable Runnable restore;
    private final @Nullable Thread hook;

    private RawTerminal(@Nullable Runnable restore) {
        this.restore = restore;
        this.hook = restore == null ? null : new Thread(restore, "holt-terminal");
        if (hook != null) {
            Runtime.getRuntime().addShutdownHook(hook);
        }
    }

    static RawTerminal none() {
        return new RawTerminal(null);
    }

    static RawTerminal enter() {
        return enter(false);
    }

    /** The same with all keys for whom they are passed on to, Ctrl-C among them, and nothing done to what is shown. */
    static RawTerminal enterFully() {
        return enter(true);
    }

    private static RawTerminal enter(boolean fully) {
        if (!RawTerminal.class.getModule().isNativeAccessEnabled()) {
            return none();
        }
        Layout layout = System.getProperty("os.name", "").startsWith("Mac") ? Layout.MAC : Layout.LINUX;
        try {
            MemorySegment before = Arena.global().allocate(BUFFER_BYTES);
            if ((int) function("tcgetattr", ValueLayout.JAVA_INT, ValueLayout.ADDRESS)
                            .invokeExact(0, before)
                    != 0) {
                return none();
            }
            MemorySegment raw = Arena.global().allocate(BUFFER_BYTES).copyFrom(before);
            if (fully) {
                makeRaw(raw);
            } else {
                int flags = before.get(INT, layout.flags());
                raw.set(INT, layout.flags(), flags & ~(layout.canonical() | layout.echo()));
            }
            set(raw);
            return new RawTerminal(() -> set(before));
        } catch (Throwable unknown) {
            return none();
        }
    }

    private static void makeRaw(MemorySegment attributes) throws Throwable {
        Linker linker = Linker.nativeLinker();
        linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("cfmakeraw"), FunctionDescriptor.ofVoid(ValueLayout.ADDRESS))
                .invokeExact(attributes);
    }

    private static void set(MemorySegment attributes) {
        try {
            int unused = (int) function("tcsetattr", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS)
                    .invokeExact(0, NOW, attributes);
        } catch (Throwable gone) {
            throw new IllegalStateException("The terminal cannot be set", gone);
        }
    }

    private static MethodHandle function(String name, java.lang.foreign.MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup symbols = linker.defaultLookup();
        return linker.downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    @Override
    public void close() {
        if (restore != null && hook != null) {
            restore.run();
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
