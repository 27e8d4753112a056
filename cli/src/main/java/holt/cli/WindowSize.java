package holt.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Asks the operating system how large the terminal is; the launcher's {@code COLUMNS} is cheaper and goes first. */
final class WindowSize {
    private static final long TIOCGWINSZ_LINUX = 0x5413;
    private static final long TIOCGWINSZ_MAC = 0x40087468;
    private static final int STRUCT_BYTES = 8;
    private static final int ROWS_OFFSET = 0;
    private static final int COLUMNS_OFFSET = 2;

    private WindowSize() {}

    /** The width of the terminal at standard output, or 0 where that cannot be known. */
    static int columns() {
        return at(COLUMNS_OFFSET);
    }

    /** The height of the terminal at standard output, or 0 where that cannot be known. */
    static int rows() {
        return at(ROWS_OFFSET);
    }

    private static int at(int offset) {
        if (!WindowSize.class.getModule().isNativeAccessEnabled()) {
            return 0;
        }
        boolean mac = System.getProperty("os.name", "").startsWith("Mac");
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup symbols = linker.defaultLookup();
            MethodHandle ioctl = linker.downcallHandle(
                    symbols.findOrThrow("ioctl"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                    Linker.Option.firstVariadicArg(2));
            MemorySegment size = arena.allocate(STRUCT_BYTES);
            int result = (int) ioctl.invokeExact(1, mac ? TIOCGWINSZ_MAC : TIOCGWINSZ_LINUX, size);
            return result == 0 ? Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, offset)) : 0;
        } catch (Throwable unknown) {
            return 0;
        }
    }
}
