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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Limits of what folders may hold, kept by the file system itself: ext4 and XFS with project quotas. All below a folder
 * belongs to its project, and the file system counts by project. Costs two calls a folder. Immutable; any thread.
 */
final class ProjectQuota {
    private static final long SYS_QUOTACTL_FD = 443;
    private static final int PROJECT_QUOTAS = 2;
    private static final int SET_LIMIT = (('X' << 8) + 4) << 8 | PROJECT_QUOTAS;
    private static final long READ_ATTRIBUTES = 0x801C581FL;
    private static final long SET_ATTRIBUTES = 0x401C5820L;
    private static final int INHERIT = 0x200;
    private static final int ATTRIBUTES_SIZE = 28;
    private static final int LIMIT_SIZE = 112;
    private static final int BLOCK = 512;
    private static final int VERSION = 1;
    private static final int PROJECT = 2;
    private static final short SOFT_AND_HARD_BLOCKS = 4 | 8;
    private static final int FIRST_PROJECT = 1 << 30;
    private static final int PROBE_BYTES = 1 << 20;

    private static final MethodHandle IOCTL = Native.handle("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle QUOTACTL =
            Native.handle("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);

    private final Path home;
    private final int platform;

    private ProjectQuota(Path home, int platform) {
        this.home = home;
        this.platform = platform;
    }

    /**
     * The quotas of the file system that a folder is in, found by trying whether a limit holds.
     *
     * @param platform keeps the projects of platforms on one file system apart
     */
    static Optional<ProjectQuota> find(Path home, String platform) throws IOException {
        ProjectQuota quota = new ProjectQuota(home, Math.floorMod(platform.hashCode(), 1 << 12) << 17);
        Path probe = home.resolve("quota-probe");
        Folders.delete(probe);
        Folders.createPrivate(probe);
        try {
            quota.limit(probe, 0, PROBE_BYTES / 2);
            return quota.holds(probe.resolve("file")) ? Optional.of(quota) : Optional.empty();
        } catch (Native.CallFailed notHere) {
            return Optional.empty();
        } finally {
            Folders.delete(probe);
        }
    }

    private boolean holds(Path file) {
        try {
            Files.write(file, new byte[PROBE_BYTES]);
            return false;
        } catch (IOException full) {
            return true;
        }
    }

    /** From now on the folder, which is empty, holds no more than so many bytes. */
    void limit(Path folder, int number, long bytes) throws IOException {
        int project = FIRST_PROJECT | platform | number;
        int descriptor = Native.open(folder.toString(), Native.O_RDONLY | Native.O_DIRECTORY);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            MemorySegment attributes = arena.allocate(ATTRIBUTES_SIZE, 8);
            Native.checked("reading the attributes of " + folder, state, (int)
                    IOCTL.invokeExact(state, descriptor, READ_ATTRIBUTES, attributes));
            attributes.set(JAVA_INT, 0, attributes.get(JAVA_INT, 0) | INHERIT);
            attributes.set(JAVA_INT, 12, project);
            Native.checked("putting " + folder + " into a project", state, (int)
                    IOCTL.invokeExact(state, descriptor, SET_ATTRIBUTES, attributes));
            MemorySegment limit = arena.allocate(LIMIT_SIZE, 8);
            limit.set(JAVA_BYTE, 0, (byte) VERSION);
            limit.set(JAVA_BYTE, 1, (byte) PROJECT);
            limit.set(JAVA_SHORT, 2, SOFT_AND_HARD_BLOCKS);
            limit.set(JAVA_INT, 4, project);
            limit.set(JAVA_LONG, 8, bytes / BLOCK);
            limit.set(JAVA_LONG, 16, bytes / BLOCK);
            Native.checked("limiting " + folder, state, (int)
                    (long) QUOTACTL.invokeExact(state, SYS_QUOTACTL_FD, descriptor, SET_LIMIT, project, limit));
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        } finally {
            Native.close(descriptor);
        }
    }
}
