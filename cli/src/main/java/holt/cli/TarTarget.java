package holt.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Unpacks an archive that a hostile program may have made into one folder: no entry leads out of it by its name, nothing
 * is written through a link, links that lead out are left out, and no file gets a special permission. One thread.
 */
final class TarTarget {
    private static final int MAX_DEPTH = 200;
    private static final int PERMISSIONS = 0777;

    private final Path root;
    private final LongConsumer progress;
    private final byte[] buffer = new byte[32 << 10];
    private final Map<List<String>, String> links = new LinkedHashMap<>();
    private final LinkedHashMap<Path, TarEntry> folders = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();
    private long files;

    /** @param root a folder that is there, or can be made */
    TarTarget(Path root, LongConsumer progress) {
        this.root = root;
        this.progress = progress;
    }

    /** Number of files that were written. */
    long files() {
        return files;
    }

    /** Names of what was left out, because it leads out or is no file. */
    List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    /** Unpacks all that is left of an archive. */
    void unpack(TarEntry first, TarReader archive) throws IOException {
        for (TarEntry entry = first; entry != null; entry = archive.next()) {
            add(entry, archive);
        }
        makeLinks();
        for (Map.Entry<Path, TarEntry> folder :
                List.copyOf(folders.sequencedEntrySet().reversed())) {
            finish(folder.getKey(), folder.getValue());
        }
    }

    private void add(TarEntry entry, TarReader archive) throws IOException {
        List<String> parts = parts(entry.name());
        switch (entry.kind()) {
            case FOLDER -> folders.put(folder(parts), entry);
            case FILE -> write(place(parts), entry, archive);
            case HARD_LINK -> copy(parts(entry.target()), place(parts), entry);
            case LINK -> {
                if (staysInside(parts, entry.target())) {
                    links.put(parts, entry.target());
                } else {
                    leftOut.add(entry.name() + " -> " + entry.target());
                }
            }
            case OTHER -> leftOut.add(entry.name());
        }
    }

    /** The parts of a name; an archive with one that leads out is not unpacked any further. */
    static List<String> parts(String name) throws IOException {
        List<String> parts = Arrays.stream(name.split("/"))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .toList();
        if (name.startsWith("/") || parts.contains("..") || name.indexOf('\0') >= 0 || parts.size() > MAX_DEPTH) {
            throw new IOException("the archive has an entry that leads out of the target: '" + Text.printable(name, 80)
                    + "'. Nothing of it or after it was written");
        }
        return parts;
    }

    /** Only upwards at its beginning and not above the root: whatever else is a link then cannot lead it out. */
    static boolean staysInside(List<String> link, String target) {
        List<String> parts = Arrays.stream(target.split("/"))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .toList();
        int ups = 0;
        while (ups < parts.size() && parts.get(ups).equals("..")) {
            ups++;
        }
        boolean plain = !target.startsWith("/") && !target.isEmpty() && target.indexOf('\0') < 0;
        return plain && ups < link.size() && !parts.subList(ups, parts.size()).contains("..");
    }

    /** A folder below the root, made where it is not there; none of the way to it is a link. */
    private Path folder(List<String> parts) throws IOException {
        Path folder = root;
        if (!Files.exists(root)) {
            Files.createDirectory(root);
        }
        for (String part : parts) {
            folder = folder.resolve(part);
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(folder);
            } else if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new NotDirectoryException(folder.toString());
            }
        }
        return folder;
    }

    /** Where a file is to be, with nothing there any more. */
    private Path place(List<String> parts) throws IOException {
        if (parts.isEmpty()) {
            throw new IOException("the archive has a file without a name");
        }
        Path file = folder(parts.subList(0, parts.size() - 1)).resolve(parts.getLast());
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("a file is to be written where a folder is: " + file);
        }
        Files.deleteIfExists(file);
        return file;
    }

    private void write(Path file, TarEntry entry, TarReader archive) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int count = archive.read(buffer); count >= 0; count = archive.read(buffer)) {
                out.write(buffer, 0, count);
                progress.accept(count);
            }
        }
        finish(file, entry);
        files++;
    }

    /** What has two names in the archive becomes two files: a link could change what is outside. */
    private void copy(List<String> source, Path file, TarEntry entry) throws IOException {
        Path first = folder(source.subList(0, Math.max(0, source.size() - 1))).resolve(source.getLast());
        if (!Files.isRegularFile(first, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("the archive repeats a file that is not there: " + first);
        }
        Files.copy(first, file, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.REPLACE_EXISTING);
        finish(file, entry);
        files++;
    }

    /** Last, so that nothing was written through them. */
    private void makeLinks() throws IOException {
        for (Map.Entry<List<String>, String> link : links.entrySet()) {
            Files.createSymbolicLink(place(link.getKey()), Path.of(link.getValue()));
        }
    }

    static void finish(Path file, TarEntry entry) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(entry.modifiedSeconds() * 1000));
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, permissions(entry.mode() & PERMISSIONS));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }
}
