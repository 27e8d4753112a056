package holt.agent;

import holt.model.Json;
import holt.model.ProblemException;
import holt.model.RootFileSystem;
import holt.model.StackReference;
import holt.store.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Layers of root file systems on this host, unpacked once each from the blob store and shared, unchanged, by all that
 * have them: images and instances. A layer is under its name whole or not at all; those that no instance needs are
 * deleted after a while. Any thread.
 */
final class RootLayers {
    private static final int KEPT = 20;
    private static final Duration UNUSED = Duration.ofMinutes(10);
    /** Short, since the options of a mount name each layer; the whole digest is kept inside and compared. */
    private static final int NAME_DIGITS = 18;

    private static final String DIGEST = "digest";
    private static final String FILES = "files";
    /** In an instance's folder: the layers it needs. */
    static final String USED = "layers";

    private final Path home;
    private final Path folder;
    private final Blobs blobs;
    private final InstantSource clock;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    RootLayers(Path home, Blobs blobs, InstantSource clock) throws IOException {
        this.home = home;
        this.folder = home.resolve("layers");
        this.blobs = blobs;
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

    /** What instances of a release see, unpacked now where it is not yet; empty for the host's own system. */
    Optional<UnpackedRoot> unpack(String stack) throws IOException {
        Optional<StackReference> reference = StackReference.parse(stack);
        if (reference.isEmpty()) {
            return Optional.empty();
        }
        RootFileSystem root = describe(reference.get());
        List<String> names = new ArrayList<>();
        for (RootFileSystem.Layer layer : root.layers().reversed()) {
            String name = unpack(layer.digest(), root.image() != null) + "/" + FILES;
            if (!names.contains(name)) { // a layer that comes again changes nothing above itself; the kernel refuses it
                names.add(name);
            }
        }
        return Optional.of(new UnpackedRoot(root, folder, List.copyOf(names)));
    }

    private RootFileSystem describe(StackReference reference) throws IOException {
        try {
            return Json.read(blobs.bytes(reference.digest()), RootFileSystem.class);
        } catch (NoSuchFileException missing) {
            throw new IOException("the stack " + reference.name() + " is missing in the blob store", missing);
        }
    }

    private String unpack(String digest, boolean open) throws IOException {
        String name = digest.substring(0, NAME_DIGITS) + (open ? "o" : "");
        ReentrantLock lock = locks.computeIfAbsent(name, _ -> new ReentrantLock());
        lock.lock();
        try {
            Path place = folder.resolve(name);
            if (!Files.exists(place)) {
                write(digest, place, open);
            } else if (!Files.readString(place.resolve(DIGEST)).equals(digest)) {
                throw new IOException("two layers have digests that begin alike: " + digest);
            }
            Files.setLastModifiedTime(place, FileTime.from(clock.instant()));
            return name;
        } finally {
            lock.unlock();
        }
    }

    private void write(String digest, Path place, boolean open) throws IOException {
        Path fresh = folder.resolve("new-" + UUID.randomUUID());
        try (InputStream packed = blobs.open(digest)) {
            Path files = Files.createDirectories(fresh.resolve(FILES));
            LayerFolder.makeRoot(files, open);
            new LayerFolder(files, open).write(packed);
            Files.writeString(fresh.resolve(DIGEST), digest);
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException missing) {
            throw new IOException("a layer of its root file system is missing in the blob store: " + digest, missing);
        } catch (ProblemException refused) {
            throw new IOException(refused.problem().text(), refused);
        } finally {
            Folders.delete(fresh);
        }
    }

    /** Notes what an instance needs, for as long as its folder is there. */
    static void use(UnpackedRoot root, InstanceFolder instance) throws IOException {
        instance.replace(USED, String.join("\n", root.layers()).getBytes(StandardCharsets.UTF_8));
    }

    /** Deletes layers that no instance needs, that were not used lately and are not among the newest. */
    void trim(Instant now) throws IOException {
        List<Path> candidates = Folders.list(folder).stream()
                .filter(each -> each.getFileName().toString().matches("[0-9a-f]{" + NAME_DIGITS + "}o?"))
                .sorted(Comparator.comparing(RootLayers::lastUse).reversed())
                .skip(KEPT)
                .filter(each -> lastUse(each).isBefore(now.minus(UNUSED)))
                .toList();
        Set<String> used = candidates.isEmpty() ? Set.of() : used();
        for (Path each : candidates) {
            if (!used.contains(each.getFileName() + "/" + FILES)) {
                remove(each, now);
            }
        }
    }

    private Set<String> used() throws IOException {
        Set<String> used = new HashSet<>();
        for (Path instance : Folders.list(home.resolve("instances"))) {
            Path list = instance.resolve(USED);
            if (Files.exists(list)) {
                used.addAll(Files.readAllLines(list));
            }
        }
        return used;
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
