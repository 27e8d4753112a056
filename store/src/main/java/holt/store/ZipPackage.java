package holt.store;

import holt.model.Digest;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Tree;
import holt.model.TreeCheck;
import holt.model.TreeEntry;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Turns an uploaded zip archive into blobs and a tree. An archive comes from outside and is not believed: it is read
 * twice, once to check all of it and once to keep what the blob store does not have yet, so that nothing of a refused
 * archive stays. Safe for use by many threads.
 *
 * <p>Refused are names and links that lead out, names that stand there twice, encrypted entries, devices and the like,
 * contents that are not as long as was said or damaged, and archives that unpack to more than {@link #MAX_TOTAL_BYTES}
 * or to suspiciously more than they hold.
 */
public final class ZipPackage {
    /** The most that all contents together may have, bytes. */
    public static final long MAX_TOTAL_BYTES = 1L << 30;

    private static final long MAX_RATIO = 200;
    private static final long RATIO_COUNTS_FROM_BYTES = 1 << 20;
    private static final int MAX_LINK_BYTES = 4096;
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int MODE_KIND = 0170000;
    private static final int MODE_LINK = 0120000;
    private static final int MODE_FOLDER = 0040000;
    private static final int MODE_FILE = 0100000;
    private static final int MODE_EXECUTABLE = 0111;

    private final Blobs blobs;
    private final Path temporary;

    /**
     * @param temporary folder of its own for archives while they are read; what lies there from before is removed
     * @throws ProblemException {@code storage-full} or {@code internal} when the folder cannot be made
     */
    public ZipPackage(Blobs blobs, Path temporary) {
        this.blobs = blobs;
        this.temporary = temporary;
        try {
            Files.createDirectories(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            removeLeftovers();
        } catch (IOException fault) {
            throw StorageFault.problem("prepare for uploads", temporary, fault);
        }
    }

    /**
     * Reads an archive; the stream is read to its end but not closed.
     *
     * @param maxBytes the most that the archive itself may have
     * @throws ProblemException {@code package-invalid}, {@code package-too-large}, {@code package-empty},
     *     {@code storage-full}
     * @throws IOException when the stream cannot be read
     */
    public Tree read(InputStream zip, long maxBytes) throws IOException {
        Path archive = temporaryFile();
        try {
            copy(zip, archive, maxBytes);
            return read(archive);
        } finally {
            Files.deleteIfExists(archive);
        }
    }

    private Tree read(Path archive) throws IOException {
        try {
            List<ZipDirectory.Entry> directory = ZipDirectory.read(archive, Tree.MAX_ENTRIES);
            try (ZipFile zip = new ZipFile(archive.toFile(), StandardCharsets.UTF_8)) {
                Tree tree = inspect(directory, zip, Files.size(archive));
                keep(tree, zip);
                return tree;
            }
        } catch (ZipException fault) {
            throw unreadable(String.valueOf(fault.getMessage()), fault);
        } catch (EOFException fault) {
            throw unreadable("an entry is cut off", fault);
        }
    }

    private static Tree inspect(List<ZipDirectory.Entry> directory, ZipFile zip, long archiveBytes) throws IOException {
        long total = 0;
        for (ZipDirectory.Entry entry : directory) {
            total += checkedSize(entry, find(zip, entry));
            if (total > MAX_TOTAL_BYTES) {
                throw tooLarge("unpacks to more than " + MAX_TOTAL_BYTES + " bytes");
            }
        }
        if (total > RATIO_COUNTS_FROM_BYTES && total / MAX_RATIO > archiveBytes) {
            throw tooLarge("unpacks to more than " + MAX_RATIO + " times its own size");
        }
        List<TreeEntry> entries = new ArrayList<>();
        for (ZipDirectory.Entry entry : directory) {
            entries.add(inspect(entry, zip));
        }
        Tree tree = new Tree(entries);
        if (tree.fileCount() == 0) {
            throw Problem.of(ErrorCode.PACKAGE_EMPTY, "The archive holds no file.")
                    .remedy("Push the folder or archive that holds your application.")
                    .exception();
        }
        return tree;
    }

    private static ZipEntry find(ZipFile zip, ZipDirectory.Entry entry) throws ZipException {
        ZipEntry found = zip.getEntry(entry.name());
        if (found == null) {
            throw new ZipException("its table of contents can be read in two ways");
        }
        return found;
    }

    private static long checkedSize(ZipDirectory.Entry entry, ZipEntry sizes) {
        TreeCheck.path(withoutSlash(entry.name()));
        if (entry.encrypted()) {
            throw refusal(entry, "is encrypted");
        }
        if (entry.method() != ZipEntry.STORED && entry.method() != ZipEntry.DEFLATED) {
            throw refusal(entry, "is packed by method " + entry.method() + ", which Holt does not know");
        }
        long size = sizes.getSize();
        if (size < 0 || sizes.getCompressedSize() < 0) {
            throw refusal(entry, "does not tell its size");
        }
        if (size > RATIO_COUNTS_FROM_BYTES && size / MAX_RATIO > sizes.getCompressedSize()) {
            throw tooLarge("has an entry '" + printable(entry.name()) + "' that unpacks to more than " + MAX_RATIO
                    + " times its packed size");
        }
        return size;
    }

    private static TreeEntry inspect(ZipDirectory.Entry entry, ZipFile zip) throws IOException {
        int kind = entry.mode() & MODE_KIND;
        if (entry.name().endsWith("/") || kind == MODE_FOLDER) {
            return TreeEntry.folder(withoutSlash(entry.name()));
        }
        if (kind == MODE_LINK) {
            return TreeEntry.link(entry.name(), linkTarget(entry, zip));
        }
        if (kind != MODE_FILE && kind != 0) {
            throw refusal(entry, "is neither a file nor a folder nor a link");
        }
        ZipEntry found = find(zip, entry);
        String digest = checkedDigest(entry, found, zip);
        return TreeEntry.file(entry.name(), (entry.mode() & MODE_EXECUTABLE) != 0, digest, found.getSize());
    }

    private static String linkTarget(ZipDirectory.Entry entry, ZipFile zip) throws IOException {
        try (InputStream content = zip.getInputStream(find(zip, entry))) {
            byte[] target = content.readNBytes(MAX_LINK_BYTES + 1);
            if (target.length > MAX_LINK_BYTES) {
                throw refusal(entry, "is a link to a name longer than " + MAX_LINK_BYTES + " bytes");
            }
            return new String(target, StandardCharsets.UTF_8);
        }
    }

    /** Reads one byte more than was said at most, so that no entry can unpack to more than was counted. */
    private static String checkedDigest(ZipDirectory.Entry entry, ZipEntry said, ZipFile zip) throws IOException {
        MessageDigest computation = Digest.sha256();
        CRC32 check = new CRC32();
        byte[] chunk = new byte[CHUNK_BYTES];
        long size = 0;
        try (InputStream content = zip.getInputStream(said)) {
            for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
                size += count;
                if (size > said.getSize()) {
                    break;
                }
                computation.update(chunk, 0, count);
                check.update(chunk, 0, count);
            }
        }
        if (size != said.getSize()) {
            throw refusal(entry, "does not have the " + said.getSize() + " bytes it says");
        }
        if (check.getValue() != said.getCrc()) {
            throw refusal(entry, "is damaged: its checksum does not fit");
        }
        return Digest.hex(computation);
    }

    private void keep(Tree tree, ZipFile zip) throws IOException {
        Set<String> seen = new HashSet<>();
        try (Blobs.Batch batch = blobs.batch()) {
            for (TreeEntry entry : tree.entries()) {
                String digest = entry.digest();
                if (digest != null && seen.add(digest) && !blobs.has(digest)) {
                    try (InputStream content = zip.getInputStream(zip.getEntry(entry.path()))) {
                        batch.add(digest, content, entry.size());
                    }
                }
            }
            batch.keep();
        }
    }

    private static String withoutSlash(String name) {
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }

    private Path temporaryFile() {
        try {
            return Files.createTempFile(
                    temporary,
                    "upload",
                    ".zip",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException fault) {
            throw StorageFault.problem("take the upload", temporary, fault);
        }
    }

    private void copy(InputStream zip, Path archive, long maxBytes) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        long total = 0;
        try (OutputStream out = Files.newOutputStream(archive)) {
            for (int count = zip.read(chunk); count >= 0; count = zip.read(chunk)) {
                total += count;
                if (total > maxBytes) {
                    throw tooLarge("has more than " + maxBytes + " bytes");
                }
                write(out, chunk, count);
            }
        }
    }

    private void write(OutputStream out, byte[] chunk, int count) {
        try {
            out.write(chunk, 0, count);
        } catch (IOException fault) {
            throw StorageFault.problem("take the upload", temporary, fault);
        }
    }

    private void removeLeftovers() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(temporary, "upload*.zip")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static ProblemException unreadable(String why, IOException fault) {
        return new ProblemException(
                Problem.of(ErrorCode.PACKAGE_INVALID, "The archive cannot be read: " + why + ".")
                        .expected("a zip, jar or war archive", null)
                        .remedy("Make the archive anew, or push the folder itself."),
                fault);
    }

    private static ProblemException refusal(ZipDirectory.Entry entry, String fault) {
        return Problem.of(
                        ErrorCode.PACKAGE_INVALID,
                        "The entry '" + printable(entry.name()) + "' of the archive " + fault + ".")
                .expected("plain files, folders and links inside the package", null)
                .exception();
    }

    private static ProblemException tooLarge(String fault) {
        return Problem.of(ErrorCode.PACKAGE_TOO_LARGE, "The archive " + fault + ".")
                .remedy("Leave out what the application does not need to run.")
                .exception();
    }

    private static String printable(String name) {
        String shown = name.length() > 120 ? name.substring(0, 120) + "..." : name;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
