package holt.agent;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * File systems of a given size, each in a file that takes only the space of what is in it and gives back what is
 * deleted, for hosts whose own file system cannot limit a folder. One of each size that was asked for last is kept ready,
 * since making one takes tens of milliseconds. Any thread; guarded by its lock.
 *
 * <p>A disk is mounted until its container has it, and then taken out of sight: from then on it lives as long as its last
 * user, and nothing has to be cleaned up after an instance or an agent that died.
 */
final class SizedDisks implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SizedDisks.class.getName());
    private static final int SIZES_KEPT = 4;
    private static final List<String> TOOLS = List.of("mkfs.ext4", "mount");

    private final Path folder;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock making = new ReentrantLock();
    private final Map<Long, Disk> ready = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<InstanceKey, Disk> attached = new HashMap<>();
    private long next;
    private boolean closed;

    /** An empty disk, mounted. */
    private record Disk(Path image, Path mount) {}

    private SizedDisks(Path folder) {
        this.folder = folder;
    }

    /** Those below a folder of the agent's; empty where this host cannot have them. */
    static Optional<SizedDisks> find(Path folder) throws IOException {
        SizedDisks disks = new SizedDisks(folder);
        disks.removeLeftovers();
        boolean tools = TOOLS.stream().allMatch(each -> Tool.find(each).isPresent());
        boolean kernel = Files.exists(Path.of("/dev/loop-control"))
                && Files.readAllLines(Path.of("/proc/filesystems")).contains("\text4");
        if (!tools || !kernel) {
            return Optional.empty();
        }
        Folders.createPrivate(folder);
        return Optional.of(disks);
    }

    /** What an agent that died had mounted, for this one to see. */
    private void removeLeftovers() throws IOException {
        String below = " " + folder + "/";
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            if (line.contains(below)) {
                Native.detach(line.split(" ")[4]);
            }
        }
        Folders.delete(folder);
    }

    /** Gives an instance a disk, and returns where it is mounted until {@link #detach}. */
    Path attach(InstanceFolder instance, long bytes) throws IOException {
        Disk disk = take(bytes);
        Disk own = new Disk(image(instance), disk.mount());
        try {
            Files.move(disk.image(), own.image());
        } catch (IOException fault) {
            delete(disk);
            throw fault;
        }
        lock.lock();
        try {
            attached.put(instance.key(), own);
        } finally {
            lock.unlock();
        }
        Thread.startVirtualThread(() -> refill(bytes));
        return own.mount();
    }

    /** The instance's container has it, or will not be. */
    void detach(InstanceFolder instance) throws IOException {
        lock.lock();
        Disk disk;
        try {
            disk = attached.remove(instance.key());
        } finally {
            lock.unlock();
        }
        if (disk != null) {
            unmount(disk);
        }
    }

    static Path image(InstanceFolder instance) {
        return instance.path().resolve("disk.img");
    }

    /** Mounts the disk of an instance that has ended, to be read; to be given to {@link #closeEnded}. */
    Path openEnded(InstanceFolder instance) throws IOException {
        Path mount = Folders.createPrivate(folder.resolve("ended-" + number()));
        mount(image(instance), mount, "loop,ro,nosuid,nodev");
        return mount;
    }

    static void closeEnded(Path mount) throws IOException {
        Native.detach(mount.toString());
        Files.delete(mount);
    }

    private Disk take(long bytes) throws IOException {
        lock.lock();
        try {
            Disk disk = ready.remove(bytes);
            if (disk != null) {
                return disk;
            }
        } finally {
            lock.unlock();
        }
        return make(bytes);
    }

    private void refill(long bytes) {
        making.lock();
        try {
            if (!wants(bytes)) {
                return;
            }
            Disk disk = make(bytes);
            Optional<Disk> tooMuch = keep(bytes, disk);
            if (tooMuch.isPresent()) {
                delete(tooMuch.get());
            }
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=disk-not-prepared", fault);
        } finally {
            making.unlock();
        }
    }

    private boolean wants(long bytes) {
        lock.lock();
        try {
            return !closed && !ready.containsKey(bytes);
        } finally {
            lock.unlock();
        }
    }

    /** What is to be deleted instead: this one, or the one of a size that nobody has asked for in a while. */
    private Optional<Disk> keep(long bytes, Disk disk) {
        lock.lock();
        try {
            if (closed) {
                return Optional.of(disk);
            }
            Optional<Disk> oldest = Optional.empty();
            if (ready.size() >= SIZES_KEPT) {
                Iterator<Disk> all = ready.values().iterator();
                oldest = Optional.of(all.next());
                all.remove();
            }
            ready.put(bytes, disk);
            return oldest;
        } finally {
            lock.unlock();
        }
    }

    private long number() {
        lock.lock();
        try {
            return next++;
        } finally {
            lock.unlock();
        }
    }

    private Disk make(long bytes) throws IOException {
        long number = number();
        Disk disk =
                new Disk(folder.resolve(number + ".img"), Folders.createPrivate(folder.resolve(Long.toString(number))));
        Files.createFile(
                disk.image(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (RandomAccessFile file = new RandomAccessFile(disk.image().toFile(), "rw")) {
            file.setLength(bytes);
        }
        // Nothing on it outlives its instance, so it needs no journal; what was never written reads as zeros already.
        Tool.check(
                List.of(
                        "mkfs.ext4",
                        "-q",
                        "-F",
                        "-m",
                        "0",
                        "-O",
                        "^has_journal,^resize_inode",
                        "-E",
                        "lazy_itable_init=1,nodiscard",
                        disk.image().toString()),
                "");
        mount(disk.image(), disk.mount(), "loop,discard,noatime,nosuid,nodev,noinit_itable");
        return disk;
    }

    private static void mount(Path image, Path place, String options) throws IOException {
        Tool.check(List.of("mount", "-t", "ext4", "-o", options, image.toString(), place.toString()), "");
    }

    private static void unmount(Disk disk) throws IOException {
        Native.detach(disk.mount().toString());
        Files.delete(disk.mount());
    }

    private static void delete(Disk disk) throws IOException {
        unmount(disk);
        Files.delete(disk.image());
    }

    /** Removes what is kept ready; disks of instances stay. */
    @Override
    public void close() throws IOException {
        making.lock();
        try {
            lock.lock();
            List<Disk> rest;
            try {
                closed = true;
                rest = List.copyOf(ready.values());
                ready.clear();
            } finally {
                lock.unlock();
            }
            for (Disk disk : rest) {
                delete(disk);
            }
        } finally {
            making.unlock();
        }
    }
}
