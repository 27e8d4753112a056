package holt.agent;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The few calls of the Linux C library that Java does not offer. Each either succeeds or throws an {@link IOException}
 * that names the call and the error number. Stateless; any thread.
 */
final class Native {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_DIRECTORY = 0x10000;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;
    static final int CLONE_NEWNET = 0x40000000;
    static final int SIGKILL = 9;
    static final int SIGTERM = 15;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int ENOTDIR = 20;
    static final int ENODATA = 61;

    private static final int FALLOC_KEEP_SIZE_AND_PUNCH_HOLE = 3;
    private static final int MNT_DETACH = 2;
    private static final long STATFS_SIZE = 120;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLLIN = 1;
    private static final int EPOLL_CLOEXEC = O_CLOEXEC;
    private static final int EFD_CLOEXEC = O_CLOEXEC;
    private static final long SYS_PIDFD_OPEN = 434;
    private static final long SYS_OPENAT2 = 437;
    private static final long RESOLVE_NO_XDEV_NO_MAGICLINKS_BENEATH = 0x01 | 0x02 | 0x08;
    private static final long OPEN_HOW_SIZE = 24;

    private static final Linker LINKER = Linker.nativeLinker();
    static final StructLayout STATE = Linker.Option.captureStateLayout();
    static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = handle("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle UNSHARE = handle("unshare", JAVA_INT, JAVA_INT);
    private static final MethodHandle SETNS = handle("setns", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle EVENTFD = handle("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CREATE = handle("epoll_create1", JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CTL = handle("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle EPOLL_WAIT =
            handle("epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);

    /** What no start needs: binding a function takes some milliseconds. */
    private static final class Later {
        static final MethodHandle KILL = handle("kill", JAVA_INT, JAVA_INT, JAVA_INT);
        static final MethodHandle EVENTFD_WRITE = handle("eventfd_write", JAVA_INT, JAVA_INT, JAVA_LONG);
        static final MethodHandle FALLOCATE = handle("fallocate", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
        static final MethodHandle LGETXATTR = handle("lgetxattr", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        static final MethodHandle SYSCALL_PIDFD_OPEN = handle("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT);
        static final MethodHandle SYSCALL_OPENAT2 =
                handle("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
        static final MethodHandle UMOUNT = handle("umount2", JAVA_INT, ADDRESS, JAVA_INT);
        static final MethodHandle STATFS = handle("statfs", JAVA_INT, ADDRESS, ADDRESS);
        static final MethodHandle CLOSE = handle("close", JAVA_INT, JAVA_INT);

        private Later() {}
    }

    private Native() {}

    /** A call that failed. */
    static final class CallFailed extends IOException {
        private static final long serialVersionUID = 1L;

        private final int errorNumber;

        CallFailed(String call, int errorNumber) {
            super(call + " failed, errno " + errorNumber);
            this.errorNumber = errorNumber;
        }

        int errorNumber() {
            return errorNumber;
        }
    }

    /** The effective user of this process; 0 is root. */
    static int effectiveUser() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException fault) {
            throw impossible(fault);
        }
    }

    static int open(String path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return checked("open " + path, state, (int)
                    OPEN.invokeExact(state, arena.allocateFrom(path), flags | O_CLOEXEC, 0));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    /**
     * Opens a file below a folder, however its links are laid and swapped meanwhile: a path that would leave the folder,
     * cross into another mount or use a magic link fails.
     */
    static int openBeneath(int folder, String path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment how = arena.allocate(OPEN_HOW_SIZE, 8);
            how.set(JAVA_LONG, 0, flags | O_CLOEXEC);
            how.set(JAVA_LONG, 16, RESOLVE_NO_XDEV_NO_MAGICLINKS_BENEATH);
            return checked("openat2", state, (int) (long) Later.SYSCALL_OPENAT2.invokeExact(
                    state, SYS_OPENAT2, folder, arena.allocateFrom(path), how, OPEN_HOW_SIZE));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    static void close(int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked("close", state, (int) Later.CLOSE.invokeExact(state, descriptor));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    static void kill(int pid, int signal) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked("kill " + pid, state, (int) Later.KILL.invokeExact(state, pid, signal));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    /** Gives the calling thread, which must be a platform thread, its own instance of a namespace. */
    static void unshare(int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked("unshare", state, (int) UNSHARE.invokeExact(state, flags));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    /** Moves the calling thread, which must be a platform thread, into a namespace. */
    static void enterNamespace(int descriptor, int kind) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked("setns", state, (int) SETNS.invokeExact(state, descriptor, kind));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    static int openProcess(int pid) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return checked("pidfd_open " + pid, state, (int)
                    (long) Later.SYSCALL_PIDFD_OPEN.invokeExact(state, SYS_PIDFD_OPEN, pid, 0));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    static int newEvent() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return checked("eventfd", state, (int) EVENTFD.invokeExact(state, 0, EFD_CLOEXEC));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    static void signalEvent(int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked("eventfd_write", state, (int) Later.EVENTFD_WRITE.invokeExact(state, descriptor, 1L));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    static int newPoll() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return checked("epoll_create1", state, (int) EPOLL_CREATE.invokeExact(state, EPOLL_CLOEXEC));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    /** Lets a poll tell of a descriptor that becomes readable. */
    static void addToPoll(int poll, int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment event = arena.allocate(16, 8);
            event.set(JAVA_INT, 0, EPOLLIN);
            event.set(JAVA_INT, eventDataOffset(), descriptor);
            checked("epoll_ctl", state, (int) EPOLL_CTL.invokeExact(state, poll, EPOLL_CTL_ADD, descriptor, event));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    /** Waits for one descriptor of a poll to become readable, for ever; -1 when a signal came between. */
    static int waitForPoll(int poll) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment event = arena.allocate(16, 8);
            int count = (int) EPOLL_WAIT.invokeExact(state, poll, event, 1, -1);
            if (count < 0 && (int) ERRNO.get(state, 0L) == EINTR) {
                return -1;
            }
            checked("epoll_wait", state, count);
            return event.get(JAVA_INT, eventDataOffset());
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    /** Gives the disk blocks of a file's beginning back; its size and the rest stay. */
    static void punchHole(int descriptor, long length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked("fallocate", state, (int)
                    Later.FALLOCATE.invokeExact(state, descriptor, FALLOC_KEEP_SIZE_AND_PUNCH_HOLE, 0L, length));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    /** Whether an overlay's upper folder hides the folder of the same name below it. */
    static boolean isOpaque(String folder) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment value = arena.allocate(8);
            long length = (long) Later.LGETXATTR.invokeExact(
                    state, arena.allocateFrom(folder), arena.allocateFrom("trusted.overlay.opaque"), value, 8L);
            return length == 1 && value.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0) == 'y';
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    /** Takes a mount out of sight; it ends with its last user. */
    static void detach(String place) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked("umount " + place, state, (int)
                    Later.UMOUNT.invokeExact(state, arena.allocateFrom(place), MNT_DETACH));
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    /** Bytes in use of the file system, or of the quota, that a folder is in. */
    static long usedBytes(String folder) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment found = arena.allocate(STATFS_SIZE, 8);
            checked("statfs " + folder, state, (int)
                    Later.STATFS.invokeExact(state, arena.allocateFrom(folder), found));
            return (found.get(JAVA_LONG, 16) - found.get(JAVA_LONG, 24)) * found.get(JAVA_LONG, 8);
        } catch (Throwable fault) {
            throw rethrown(fault);
        }
    }

    /** struct epoll_event is packed on x86-64 only. */
    private static long eventDataOffset() {
        return System.getProperty("os.arch", "").equals("amd64") ? 4 : 8;
    }

    /** Room for the error number, which each of our handles takes as its first argument. */
    static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    static int checked(String call, MemorySegment state, int result) throws CallFailed {
        if (result < 0) {
            throw new CallFailed(call, (int) ERRNO.get(state, 0L));
        }
        return result;
    }

    static MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    static MethodHandle handle(String name, int firstVariadic, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    static IOException rethrown(Throwable fault) {
        if (fault instanceof IOException expected) {
            return expected;
        }
        throw impossible(fault);
    }

    private static IllegalStateException impossible(Throwable fault) {
        return new IllegalStateException("A call of the C library could not be made", fault);
    }
}
