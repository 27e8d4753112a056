package holt.store;

import holt.model.Digest;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Set;

/**
 * Blobs in a folder, each a file that only the platform's user may read, fanned out by the first digits of its digest.
 * A blob appears under its name whole and checked, by an atomic rename, or not at all.
 *
 * <p>Safe for use by many threads, and by several programs: a file that is being written is locked, so that what a
 * killed program left behind can be told apart and removed by the next one that starts.
 */
public final class FolderBlobs implements Blobs {
    private static final System.Logger LOG = System.getLogger(FolderBlobs.class.getName());
    static final FileAttribute<Set<PosixFilePermission>> FOLDER_MODE = mode("rwx------");
    static final FileAttribute<Set<PosixFilePermission>> FILE_MODE = mode("rw-------");
    private static final int CHUNK_BYTES = 64 << 10;

    private final Path folder;
    private final Path temporary;

    /** @throws ProblemException {@code storage-full} or {@code internal} when the folder cannot be made */
    public FolderBlobs(Path folder) {
        this.folder = folder.toAbsolutePath();
        this.temporary = this.folder.resolve("tmp");
        try {
            Files.createDirectories(temporary, FOLDER_MODE);
            removeLeftovers();
        } catch (IOException fault) {
            throw StorageFault.problem("open the blob store", folder, fault);
        }
    }

    @Override
    public boolean has(String digest) {
        return Digest.isValid(digest) && Files.isRegularFile(path(digest));
    }

    @Override
    public void put(String digest, InputStream content, long maxBytes) throws IOException {
        check(digest);
        try {
            write(digest, content, maxBytes);
        } catch (WriteFailure failure) {
            throw StorageFault.problem("keep the content " + digest, folder, failure.fault);
        }
    }

    @Override
    public Batch batch() {
        return FolderBatch.open(folder, temporary);
    }

    @Override
    public String putBytes(byte[] content) {
        String digest = Digest.of(content);
        if (!has(digest)) {
            try {
                put(digest, new ByteArrayInputStream(content), content.length);
            } catch (IOException impossible) {
                throw new UncheckedIOException("Bytes in memory could not be read", impossible);
            }
        }
        return digest;
    }

    @Override
    public InputStream open(String digest) throws IOException {
        return Files.newInputStream(path(digest));
    }

    @Override
    public byte[] bytes(String digest) throws IOException {
        return Files.readAllBytes(path(digest));
    }

    @Override
    public long size(String digest) throws IOException {
        return Files.size(path(digest));
    }

    /**
     * Where the content lies, or would lie.
     *
     * @throws ProblemException {@code parameter-invalid} for a text that is no digest
     */
    public Path path(String digest) {
        check(digest);
        return folder.resolve(digest.substring(0, 2))
                .resolve(digest.substring(2, 4))
                .resolve(digest);
    }

    static void check(String digest) {
        if (!Digest.isValid(digest)) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "This is not the digest of a content.")
                    .expected("64 lower-case hexadecimal digits", digest.length() + " other characters")
                    .exception();
        }
    }

    private void write(String digest, InputStream content, long maxBytes) throws IOException {
        Path file = attempt(() -> Files.createTempFile(temporary, "blob", ".tmp", FILE_MODE));
        try {
            try (FileChannel channel = attempt(() -> FileChannel.open(file, StandardOpenOption.WRITE));
                    FileLock _ = attempt(channel::lock)) {
                copy(digest, content, channel, maxBytes);
                attempt(() -> force(channel));
            }
            attempt(() -> publish(file, digest));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Copies and checks a content; failures to write are {@link WriteFailure}s. */
    static void copy(String digest, InputStream content, FileChannel channel, long maxBytes) throws IOException {
        MessageDigest computation = Digest.sha256();
        byte[] chunk = new byte[CHUNK_BYTES];
        long total = 0;
        for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
            total += count;
            if (total > maxBytes) {
                throw tooLarge(maxBytes);
            }
            computation.update(chunk, 0, count);
            ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, count);
            while (buffer.hasRemaining()) {
                attempt(() -> channel.write(buffer));
            }
        }
        String found = Digest.hex(computation);
        if (!found.equals(digest)) {
            throw mismatch(digest, found);
        }
    }

    /** The names on the way are on the disk too before this returns: a rename alone may be lost with the power. */
    private Path publish(Path file, String digest) throws IOException {
        Path outer = folder.resolve(digest.substring(0, 2));
        Path inner = outer.resolve(digest.substring(2, 4));
        if (!Files.isDirectory(inner)) {
            Files.createDirectories(inner, FOLDER_MODE);
            forceNames(folder);
            forceNames(outer);
        }
        Path target = Files.move(file, inner.resolve(digest), StandardCopyOption.ATOMIC_MOVE);
        forceNames(inner);
        return target;
    }

    static void forceNames(Path directory) throws IOException {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private static FileChannel force(FileChannel channel) throws IOException {
        channel.force(true);
        return channel;
    }

    private void removeLeftovers() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(temporary, "*.tmp")) {
            for (Path file : files) {
                if (isAbandoned(file)) {
                    FolderBatch.removeParts(file);
                    Files.deleteIfExists(file);
                    LOG.log(System.Logger.Level.INFO, "event=leftover-removed file={0}", file);
                }
            }
        }
    }

    private static boolean isAbandoned(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException | NoSuchFileException inUseOrFinished) {
            return false;
        }
    }

    /** Marks a failure as ours, because a failure to read the caller's stream is the caller's. */
    static <T> T attempt(Writing<T> writing) throws WriteFailure {
        try {
            return writing.run();
        } catch (IOException fault) {
            throw new WriteFailure(fault);
        }
    }

    @FunctionalInterface
    interface Writing<T> {
        T run() throws IOException;
    }

    static final class WriteFailure extends IOException {
        private static final long serialVersionUID = 1L;

        final IOException fault;

        WriteFailure(IOException fault) {
            super(fault);
            this.fault = fault;
        }
    }

    private static ProblemException mismatch(String digest, String found) {
        return Problem.of(ErrorCode.CONTENT_MISMATCH, "The content sent as " + digest + " is not that content.")
                .expected("content with the SHA-256 " + digest, found)
                .remedy("Read the file again and send it under its own digest.")
                .exception();
    }

    private static ProblemException tooLarge(long maxBytes) {
        return Problem.of(ErrorCode.BODY_TOO_LARGE, "The content is larger than allowed.")
                .expected("at most " + maxBytes + " bytes", "more")
                .exception();
    }

    private static FileAttribute<Set<PosixFilePermission>> mode(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }
}
