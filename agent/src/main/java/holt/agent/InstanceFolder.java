package holt.agent;

import holt.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * The folder of one instance and the files in it. Only the agent's user can look inside; what is in {@code upper} and in
 * {@code notes} was written by the instance and is not to be trusted. Immutable; any thread.
 */
record InstanceFolder(InstanceKey key, Path path) {
    static final List<String> STREAMS = List.of("out", "err");
    private static final int MAX_SMALL_FILE = 4096;

    static InstanceFolder in(Path home, InstanceKey key) {
        return new InstanceFolder(key, home.resolve("instances").resolve(key.toString()));
    }

    /** Folder of a container that is made before it is known for which instance. */
    static InstanceFolder prepared(Path home, InstanceKey container) {
        return new InstanceFolder(container, prepared(home).resolve(container.toString()));
    }

    /** Where containers that wait have their folders. */
    static Path prepared(Path home) {
        return home.resolve("prepared");
    }

    /** Makes the folder with empty files for the output; does nothing where it is there. */
    void create() throws IOException {
        Folders.createPrivate(output());
        for (String stream : STREAMS) {
            if (!Files.exists(output(stream))) {
                Files.createFile(
                        output(stream),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        }
    }

    /** Folder of the output. */
    Path output() {
        return path.resolve("log");
    }

    /** Output of the program to one of the {@link #STREAMS}, appended by it. */
    Path output(String stream) {
        return output().resolve(stream);
    }

    /** Where a plain process tells that it began. */
    Path notes() {
        return path.resolve("notes");
    }

    /** What a container sees at {@code /run/holt}: its own few settings, and where its process 1 writes. */
    Path run() {
        return path.resolve("run");
    }

    /** What the runtime complains of. */
    Path runtimeLog() {
        return path.resolve("runtime.log");
    }

    /** Process id, on the host, of the instance's process 1. */
    Path initPid() {
        return path.resolve("init.pid");
    }

    /** The private writable layer. */
    Path upper() {
        return path.resolve("upper");
    }

    /** A small file's text; empty where it is not there. Never more than a few KiB, never through a link. */
    String text(String name) throws IOException {
        Path file = path.resolve(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try (var stream = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return new String(stream.readNBytes(MAX_SMALL_FILE), StandardCharsets.UTF_8);
        }
    }

    void saveStatus(InstanceStatus status) throws IOException {
        replace("status.json", Json.bytes(status));
    }

    Optional<InstanceStatus> status() throws IOException {
        Path file = path.resolve("status.json");
        return Files.exists(file)
                ? Optional.of(Json.read(Files.readAllBytes(file), InstanceStatus.class))
                : Optional.empty();
    }

    /** What is known of the instance from its files; empty where an agent ended before it kept anything. */
    Optional<InstanceStatus> restored() throws IOException {
        Optional<Place> place = place();
        return status().map(status -> status.place() == null ? status.at(place.orElse(null)) : status);
    }

    /** Moves all that a container has on disk to its instance's folder, or what is left; open files and mounts follow. */
    void moveTo(InstanceFolder instance) throws IOException {
        for (Path each : Folders.list(output())) {
            move(each, instance.output());
        }
        Files.deleteIfExists(output());
        for (Path each : Folders.list(path)) {
            if (!each.endsWith("container")) {
                move(each, instance.path());
            }
        }
        Files.deleteIfExists(path.resolve("container"));
        Files.deleteIfExists(path);
    }

    private static void move(Path file, Path folder) throws IOException {
        Files.move(file, folder.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Keeps which container the instance is in, and since which start of the machine, by the kernel's word for it. */
    void saveContainer(InstanceKey container, String boot) throws IOException {
        replace("container", (container + " " + boot + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** The container it is in; one of its own name where nothing else was kept. */
    InstanceKey container() throws IOException {
        return InstanceKey.parse(text("container").split(" ", 2)[0]).orElse(key);
    }

    /** Whether its container was made in that run of the machine. */
    boolean isOf(String boot) throws IOException {
        return text("container").endsWith(" " + boot + "\n");
    }

    void savePlace(Place place) throws IOException {
        replace("place.json", Json.bytes(place));
    }

    Optional<Place> place() throws IOException {
        Path file = path.resolve("place.json");
        return Files.exists(file) ? Optional.of(Json.read(Files.readAllBytes(file), Place.class)) : Optional.empty();
    }

    /** The exit status the shim left; -1 where it left none. */
    int exitStatus() throws IOException {
        String text = text("exit");
        if (!text.endsWith("\n")) {
            return -1;
        }
        return Integer.parseInt(text.strip());
    }

    /** Writes a file that only the agent's user can read, whole or not at all. */
    void replace(String name, byte[] content) throws IOException {
        Path fresh = path.resolve(name + ".new");
        Files.deleteIfExists(fresh);
        try (var channel = Files.newByteChannel(
                fresh,
                java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(java.nio.ByteBuffer.wrap(content));
        }
        try {
            Files.move(fresh, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException fault) {
            throw new IOException("The folder " + path + " is on a file system that cannot rename", fault);
        }
    }
}
