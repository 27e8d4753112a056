package holt.agent;

import holt.model.RootFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A root file system whose layers are on this host, shared by all instances that see it. Immutable; any thread.
 *
 * @param folder the one all layers are in
 * @param layers names of their folders, the highest first
 */
record UnpackedRoot(RootFileSystem description, Path folder, List<String> layers) {
    private static final int MAX_LINKS = 40;

    /** Where on this host a file lies that instances see at a path, links followed inside of the root. */
    Optional<Path> find(String path) throws IOException {
        Deque<String> left = new ArrayDeque<>(List.of(path.split("/")));
        Path seen = Path.of("");
        int links = 0;
        while (!left.isEmpty()) {
            String name = left.removeFirst();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                Path parent = seen.getParent();
                seen = parent == null ? Path.of("") : parent;
                continue;
            }
            Optional<Path> place = place(seen.resolve(name));
            if (place.isEmpty()) {
                return Optional.empty();
            }
            if (!Files.isSymbolicLink(place.get())) {
                seen = seen.resolve(name);
                continue;
            }
            if (++links > MAX_LINKS) {
                return Optional.empty();
            }
            String target = Files.readSymbolicLink(place.get()).toString();
            List.of(target.split("/")).reversed().forEach(left::addFirst);
            seen = target.startsWith("/") ? Path.of("") : seen;
        }
        return place(seen);
    }

    /** A path that has no link before its end, in the highest layer that has it. */
    private Optional<Path> place(Path path) throws IOException {
        for (String layer : layers) {
            Path place = folder.resolve(layer).resolve(path.toString());
            if (LayerFolder.isWhiteout(place)) {
                return Optional.empty();
            }
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }
}
