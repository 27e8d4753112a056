package holt.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The file in which an agent keeps the names of starts that must not happen again, one a line, over its own restarts. A
 * controller that could write nothing for a while may ask for a start whose end it has not taken in. One thread at a time.
 */
final class PastKeys {
    private final Path file;
    private final int kept;
    private int lines;

    /** @param kept how many of the newest are kept; the file has at most twice as many lines */
    PastKeys(Path home, int kept) {
        this.file = home.resolve("past");
        this.kept = kept;
    }

    /** The newest, the oldest of them first. A line that was cut off in the middle of a write is passed over. */
    synchronized List<InstanceKey> load() throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        List<InstanceKey> keys = Files.readAllLines(file, StandardCharsets.US_ASCII).stream()
                .map(InstanceKey::parse)
                .flatMap(Optional::stream)
                .toList();
        List<InstanceKey> newest = keys.subList(Math.max(0, keys.size() - kept), keys.size());
        rewrite(newest);
        return newest;
    }

    /** Adds one. */
    synchronized void add(InstanceKey key) throws IOException {
        create();
        Files.writeString(file, key + "\n", StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
        lines++;
        if (lines >= 2 * kept) {
            load();
        }
    }

    private void create() throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    private void rewrite(List<InstanceKey> keys) throws IOException {
        Path fresh = file.resolveSibling("past.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                fresh, keys.stream().map(key -> key + "\n").collect(Collectors.joining()), StandardCharsets.US_ASCII);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        lines = keys.size();
    }
}
