package holt.agent;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.store.LayerArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * Writes the files of one layer into a folder, as the kernel's overlay wants them. Whatever the layer says, nothing is
 * written outside of the folder: no link is followed, not even one that the layer itself has made. One thread.
 */
final class LayerFolder {
    private static final int OWNERS_RIGHTS = 0700;
    /** An owner who is root needs no right to write. */
    private static final int GROUP_READS_AND_WRITES = 0060;

    private final Path folder;
    private final boolean open;

    /**
     * @param open whether the instances' group may do what each file's owner may: instances have a user of their own, and
     *     programs of images expect to be theirs
     */
    LayerFolder(Path folder, boolean open) {
        this.folder = folder;
        this.open = open;
    }

    /** Gives a folder that was made here the rights that a root has where nothing else is said. */
    static void makeRoot(Path folder, boolean open) throws IOException {
        LayerFolder rights = new LayerFolder(folder, open);
        rights.own(folder, 0, 0);
        rights.setMode(folder, open ? 0775 : 0755);
    }

    void write(InputStream packed) throws IOException {
        try (LayerArchive archive = LayerArchive.open(packed, LayerArchive.MAX_BYTES)) {
            for (Optional<LayerArchive.Entry> entry = archive.next(); entry.isPresent(); entry = archive.next()) {
                write(entry.get(), archive);
            }
        }
    }

    private void write(LayerArchive.Entry entry, LayerArchive archive) throws IOException {
        Path target = place(entry.path());
        switch (entry.kind()) {
            case FOLDER -> makeFolder(target, entry);
            case FILE -> {
                clear(target);
                try (InputStream content = archive.content()) {
                    Files.copy(content, target);
                }
                finish(target, entry);
                Files.setLastModifiedTime(target, FileTime.fromMillis(entry.modifiedMillis()));
            }
            case LINK -> {
                clear(target);
                Files.createSymbolicLink(target, Path.of(entry.target()));
                own(target, entry);
            }
            case HARD_LINK -> link(target, place(entry.target()), entry);
            case WHITEOUT -> {
                if (!exists(target)) {
                    Mounts.whiteout(target);
                } else if (isFolder(target)) {
                    Mounts.makeOpaque(target);
                }
            }
            case OPAQUE -> {
                makeMissing(target);
                Mounts.makeOpaque(target);
            }
        }
    }

    /** Where a path lies, with all folders above it, none of which is a link. */
    private Path place(String path) throws IOException {
        if (path.isEmpty()) {
            return folder;
        }
        Path target = folder.resolve(path);
        Path parent = target.getParent();
        if (parent != null) {
            makeMissing(parent);
        }
        return target;
    }

    private void makeMissing(Path wanted) throws IOException {
        Path present = folder;
        for (Path name : folder.relativize(wanted)) {
            present = present.resolve(name);
            if (isWhiteout(present)) {
                Files.delete(present);
                makeOwn(present);
                Mounts.makeOpaque(present);
            } else if (!exists(present) && !name.toString().isEmpty()) {
                makeOwn(present);
            } else if (!isFolder(present)) {
                throw refused("'" + folder.relativize(wanted) + "' goes through a link or a file.");
            }
        }
    }

    private void makeOwn(Path made) throws IOException {
        Files.createDirectory(made);
        own(made, 0, 0);
        setMode(made, 0755);
    }

    private void makeFolder(Path target, LayerArchive.Entry entry) throws IOException {
        if (exists(target) && !isFolder(target)) {
            boolean gone = isWhiteout(target);
            Files.delete(target);
            Files.createDirectory(target);
            if (gone) {
                Mounts.makeOpaque(target);
            }
        } else if (!exists(target)) {
            Files.createDirectory(target);
        }
        finish(target, entry);
    }

    /** The later of two entries of one name counts. */
    private static void clear(Path target) throws IOException {
        if (isFolder(target)) {
            Folders.delete(target);
        } else {
            Files.deleteIfExists(target);
        }
    }

    private void link(Path target, Path other, LayerArchive.Entry entry) throws IOException {
        if (!Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(other)) {
            throw refused("'" + entry.path() + "' is another name of '" + entry.target() + "', which it has not.");
        }
        if (target.equals(other)) {
            return;
        }
        clear(target);
        try {
            Files.createLink(target, other);
        } catch (NoSuchFileException | FileAlreadyExistsException fault) {
            throw new ProblemException(problem("'" + entry.path() + "' cannot be made."), fault);
        }
    }

    private void finish(Path target, LayerArchive.Entry entry) throws IOException {
        own(target, entry);
        setMode(target, entry.mode());
    }

    private void own(Path target, LayerArchive.Entry entry) throws IOException {
        own(target, entry.uid(), entry.gid());
    }

    private void own(Path target, int uid, int gid) throws IOException {
        Folders.own(target, uid, open ? Droplets.GROUP : gid);
    }

    private void setMode(Path target, int mode) throws IOException {
        int given = open ? mode | (mode & OWNERS_RIGHTS) >> 3 | GROUP_READS_AND_WRITES : mode;
        Files.setAttribute(target, "unix:mode", given, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    static boolean isWhiteout(Path path) throws IOException {
        if (!exists(path)) {
            return false;
        }
        return ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0xF000) == 0x2000;
    }

    private static ProblemException refused(String detail) {
        return problem(detail).exception();
    }

    private static Problem problem(String detail) {
        return Problem.of(ErrorCode.IMAGE_INVALID, "A layer of the root file system cannot be used. " + detail);
    }
}
