package holt.agent;

import holt.model.Droplet;
import holt.model.Json;
import holt.model.TreeEntry;
import holt.store.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Unpacked droplets, by digest, shared by all instances and never changed: a droplet is under its name whole or not at
 * all. Those nobody used for long are deleted. Any thread.
 */
final class Droplets {
    static final int GROUP = 200_000;
    private static final int KEPT = 10;
    private static final Duration UNUSED = Duration.ofMinutes(10);
    private static final String META = "droplet.json";

    private final Path folder;
    private final Blobs blobs;
    private final boolean shared;
    private final InstantSource clock;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** An unpacked droplet: its files, and the variables its buildpack adds. */
    record Unpacked(Path files, Map<String, String> environment) {}

    private record Meta(Map<String, String> environment) {}

    /** @param shared whether files are given to the instances' group, which takes root */
    Droplets(Path folder, Blobs blobs, boolean shared, InstantSource clock) throws IOException {
        this.folder = folder;
        this.blobs = blobs;
        this.shared = shared;
        this.clock = clock;
        Folders.createPrivate(folder);
        dropAfterReboot();
    }

    /** What was renamed but not yet on the disk when the power went may be empty: unpack it again. */
    private void dropAfterReboot() throws IOException {
        Path marker = folder.resolve("boot");
        String boot =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        boolean same = Files.exists(marker) && Files.readString(marker).equals(boot);
        for (Path each : Folders.list(folder)) {
            if (!same || each.getFileName().toString().startsWith("new-")) {
                Folders.delete(each);
            }
        }
        Files.writeString(marker, boot);
    }

    /** The droplet's files, unpacked now if they are not yet. */
    Unpacked unpack(String digest) throws IOException {
        ReentrantLock lock = locks.computeIfAbsent(digest, _ -> new ReentrantLock());
        lock.lock();
        try {
            Path place = folder.resolve(digest);
            if (!Files.exists(place)) {
                write(digest, place);
            }
            Files.setLastModifiedTime(place, FileTime.from(clock.instant()));
            Meta meta = Json.read(Files.readAllBytes(place.resolve(META)), Meta.class);
            return new Unpacked(place.resolve("files"), meta.environment());
        } finally {
            lock.unlock();
        }
    }

    private void write(String digest, Path place) throws IOException {
        Path fresh = folder.resolve("new-" + UUID.randomUUID());
        try {
            Droplet droplet = Json.read(blobs.bytes(digest), Droplet.class);
            Path files = Files.createDirectories(fresh.resolve("files"));
            open(files, true);
            for (TreeEntry entry : droplet.tree().entries()) {
                write(entry, files);
            }
            Files.write(fresh.resolve(META), Json.bytes(new Meta(droplet.environment())));
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException fault) {
            throw new IOException("The folder " + folder + " is on a file system that cannot rename", fault);
        } catch (NoSuchFileException missing) {
            throw new IOException("content of the droplet is missing in the blob store: " + missing.getFile(), missing);
        } finally {
            Folders.delete(fresh);
        }
    }

    private void write(TreeEntry entry, Path files) throws IOException {
        Path target = files.resolve(entry.path());
        makeParents(target.getParent(), files);
        switch (entry.kind()) {
            case FOLDER -> makeParents(target, files);
            case LINK -> Files.createSymbolicLink(target, Path.of(entry.target() == null ? "." : entry.target()));
            case FILE -> {
                try (InputStream content = blobs.open(entry.digest() == null ? "" : entry.digest())) {
                    Files.copy(content, target);
                }
                open(target, entry.executable());
            }
        }
    }

    private void makeParents(@org.jspecify.annotations.Nullable Path target, Path top) throws IOException {
        if (target == null || target.equals(top) || Files.isDirectory(target)) {
            return;
        }
        makeParents(target.getParent(), top);
        Files.createDirectory(target);
        open(target, true);
    }

    /** Lets the instances' group read and change it: a change goes to the instance's private layer. */
    private void open(Path file, boolean executable) throws IOException {
        String rights = executable ? "rwxrwxr-x" : "rw-rw-r--";
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
        if (shared) {
            Files.setAttribute(file, "unix:gid", GROUP);
        }
    }

    /** Deletes droplets that are not in use, were not used lately and are not among the newest. */
    void trim(Set<String> inUse, Instant now) throws IOException {
        List<Path> candidates = Folders.list(folder).stream()
                .filter(each -> holt.model.Digest.isValid(each.getFileName().toString()))
                .sorted(Comparator.comparing(Droplets::lastUse).reversed())
                .skip(KEPT)
                .filter(each -> !inUse.contains(each.getFileName().toString()))
                .filter(each -> lastUse(each).isBefore(now.minus(UNUSED)))
                .toList();
        for (Path each : candidates) {
            remove(each, now);
        }
    }

    private void remove(Path each, Instant now) throws IOException {
        ReentrantLock lock = locks.computeIfAbsent(each.getFileName().toString(), _ -> new ReentrantLock());
        Path away = folder.resolve("new-" + UUID.randomUUID());
        lock.lock();
        try {
            if (!lastUse(each).isBefore(now.minus(UNUSED))) {
                return; // it has been taken into use since it was chosen
            }
            Files.move(each, away, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            lock.unlock();
        }
        Folders.delete(away);
    }

    private static Instant lastUse(Path each) {
        return Instant.ofEpochMilli(each.toFile().lastModified());
    }
}
