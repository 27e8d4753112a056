package holt.agent;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The calls of the Linux C library that pipes and terminals for programs inside instances take; see {@link Native} for the
 * form. Stateless; any thread, those that block on platform threads only.
 */
final class NativeTerminal {
    static final int EAGAIN = 11;
    static final int EIO = 5;
    static final int POLLIN = 1;
    static final int POLLOUT = 4;

    private static final int O_NOCTTY = 0x100;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final long TIOCSPTLCK = 0x40045431L;
    private static final long TIOCGPTN = 0x80045430L;
    private static final long TIOCSWINSZ = 0x5414L;

    private static final MethodHandle PIPE = Native.handle("pipe2", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle READ = Native.handle("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE = Native.handle("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle POLL = Native.handle("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle IOCTL = Native.handle("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle FCNTL = Native.handle("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);

    private NativeTerminal() {}

    /** Both ends of a pipe. */
    record Pipe(int reader, int writer) {}

    static Pipe pipe() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Native.STATE);
            MemorySegment ends = arena.allocate(8, 4);
            Native.checked("pipe2", state, (int) PIPE.invokeExact(state, ends, Native.O_CLOEXEC));
            return new Pipe(ends.get(JAVA_INT, 0), ends.get(JAVA_INT, 4));
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    /** Reads what is there; 0 at the end. */
    static int read(int descriptor, byte[] buffer) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Native.STATE);
            MemorySegment bytes = arena.allocate(buffer.length);
            int count = Native.checked(
                    "read", state, (int) (long) READ.invokeExact(state, descriptor, bytes, (long) buffer.length));
            MemorySegment.copy(bytes, JAVA_BYTE, 0, buffer, 0, count);
            return count;
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    /** Writes as much as goes in. */
    static int write(int descriptor, byte[] buffer, int offset, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Native.STATE);
            MemorySegment bytes = arena.allocate(Math.max(1, length));
            MemorySegment.copy(buffer, offset, bytes, JAVA_BYTE, 0, length);
            return Native.checked(
                    "write", state, (int) (long) WRITE.invokeExact(state, descriptor, bytes, (long) length));
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    /** Whether the descriptor is ready, or broken, within that time. */
    static boolean poll(int descriptor, int events, int millis) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Native.STATE);
            MemorySegment request = arena.allocate(8, 4);
            request.set(JAVA_INT, 0, descriptor);
            request.set(JAVA_SHORT, 4, (short) events);
            int ready = (int) POLL.invokeExact(state, request, 1L, millis);
            if (ready < 0 && (int) Native.ERRNO.get(state, 0L) == Native.EINTR) {
                return false;
            }
            return Native.checked("poll", state, ready) > 0;
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    /** Reads and writes of this descriptor fail with {@link #EAGAIN} instead of waiting. */
    static void neverWait(int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Native.STATE);
            int flags = Native.checked("fcntl", state, (int) FCNTL.invokeExact(state, descriptor, F_GETFL, 0));
            Native.checked(
                    "fcntl", state, (int) FCNTL.invokeExact(state, descriptor, F_SETFL, flags | Native.O_NONBLOCK));
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    /** A new terminal of this host: the side of whoever shows it. */
    static int newTerminal() throws IOException {
        int master = Native.open("/dev/ptmx", Native.O_RDWR | O_NOCTTY);
        try (Arena arena = Arena.ofConfined()) {
            ioctl(master, TIOCSPTLCK, arena.allocate(4, 4));
            return master;
        } catch (IOException fault) {
            Native.close(master);
            throw fault;
        }
    }

    /** The file of the other side of a terminal of this host. */
    static Path otherSide(int master) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(4, 4);
            ioctl(master, TIOCGPTN, number);
            return Path.of("/dev/pts", Integer.toString(number.get(JAVA_INT, 0)));
        }
    }

    static void resize(int master, int columns, int rows) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(8, 4);
            size.set(JAVA_SHORT, 0, (short) rows);
            size.set(JAVA_SHORT, 2, (short) columns);
            ioctl(master, TIOCSWINSZ, size);
        }
    }

    /** Tells the terminal that a process reads from, if it does, its size. */
    static void resizeInputOf(int pid, int columns, int rows) throws IOException {
        int input = Native.open("/proc/" + pid + "/fd/0", Native.O_RDONLY | Native.O_NONBLOCK | O_NOCTTY);
        try {
            resize(input, columns, rows);
        } finally {
            Native.close(input);
        }
    }

    private static void ioctl(int descriptor, long request, MemorySegment argument) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Native.STATE);
            Native.checked("ioctl", state, (int) IOCTL.invokeExact(state, descriptor, request, argument));
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }
}
