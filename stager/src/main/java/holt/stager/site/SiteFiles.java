package holt.stager.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files of one site, by the path of a URL. Nothing outside of its folder is ever found, and no name that begins with
 * a dot. Safe for use by many threads.
 */
final class SiteFiles {
    /** Reading more than this only to name a version would keep the first visitor waiting. */
    private static final long MAX_HASHED_BYTES = 16 << 20;

    private static final int TAG_BYTES = 10;
    private static final int CHUNK_BYTES = 8192;

    private final Path root;
    private final Map<Path, Version> versions = new ConcurrentHashMap<>();

    /** What lies at a path. */
    sealed interface Found {
        /** A file and the name of its version. */
        record File(Path path, long size, String tag) implements Found {}

        /** A folder with an index page, asked for without the slash at its end that relative links in it need. */
        record Folder() implements Found {}
    }

    private record Version(long size, FileTime changed, String tag) {}

    SiteFiles(Path root) throws IOException {
        this.root = root.toRealPath();
    }

    /** What lies at a decoded path; an index page where that is a folder. */
    Optional<Found> find(String path) throws IOException {
        Optional<Path> place = place(path);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        Path file = place.get();
        boolean slash = path.endsWith("/");
        if (Files.isDirectory(file)) {
            Optional<Found> index = file(file.resolve("index.html"));
            return slash || index.isEmpty() ? index : Optional.of(new Found.Folder());
        }
        return slash ? Optional.empty() : file(file);
    }

    private Optional<Path> place(String path) {
        Path place = root;
        for (String name : path.split("/", -1)) {
            if (name.startsWith(".") || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0) {
                return Optional.empty();
            }
            try {
                place = name.isEmpty() ? place : place.resolve(name);
            } catch (InvalidPathException nothingCanHaveThisName) {
                return Optional.empty();
            }
        }
        return Optional.of(place);
    }

    /** A link may lead to another file of the site, and nowhere else. */
    private Optional<Found> file(Path file) throws IOException {
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(root) || !Files.isRegularFile(real) || !Files.isReadable(real)) {
                return Optional.empty();
            }
            long size = Files.size(real);
            return Optional.of(new Found.File(real, size, tag(real, size)));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    /** Made from the content, so that it is the same in all instances of the site. */
    private String tag(Path file, long size) throws IOException {
        FileTime changed = Files.getLastModifiedTime(file);
        Version known = versions.get(file);
        if (known != null && known.size() == size && known.changed().equals(changed)) {
            return known.tag();
        }
        String tag = size > MAX_HASHED_BYTES
                ? "W/\"" + Long.toHexString(size) + "-" + Long.toHexString(changed.toMillis()) + "\""
                : "\"" + hash(file) + "\"";
        versions.put(file, new Version(size, changed, tag));
        return tag;
    }

    private static String hash(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            MessageDigest computation = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
                computation.update(chunk, 0, count);
            }
            return HexFormat.of().formatHex(computation.digest(), 0, TAG_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java runtime has SHA-256, this one says it has not", impossible);
        }
    }
}
