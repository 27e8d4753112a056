package holt.store;

import holt.store.FolderBlobs.WriteFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Contents on their way into {@link FolderBlobs}, in a folder of their own under their digests. Waiting for the disk is
 * what keeping a content costs; here many wait at the same time, and each folder is waited for once. One locked file
 * beside the folder stands for all of them, so that an abandoned batch can be told from one under way.
 *
 * <p>Used by one thread, which has some others help it.
 */
final class FolderBatch implements Blobs.Batch {
    private static final System.Logger LOG = System.getLogger(FolderBatch.class.getName());
    private static final String PARTS = ".parts";
    /** How many wait for the disk at a time; with more, the disk is not quicker. */
    private static final int AT_ONCE = 32;

    private final Path folder;
    private final Path marker;
    private final Path parts;
    private final FileLock lock;
    private final Set<String> digests = new LinkedHashSet<>();

    private FolderBatch(Path folder, Path marker, FileLock lock) {
        this.folder = folder;
        this.marker = marker;
        this.parts = parts(marker);
        this.lock = lock;
    }

    static FolderBatch open(Path folder, Path temporary) {
        try {
            Path marker = Files.createTempFile(temporary, "batch", ".tmp", FolderBlobs.FILE_MODE);
            FileChannel channel = FileChannel.open(marker, StandardOpenOption.WRITE);
            try {
                FolderBatch batch = new FolderBatch(folder, marker, channel.lock());
                Files.createDirectory(batch.parts, FolderBlobs.FOLDER_MODE);
                return batch;
            } catch (IOException fault) {
                channel.close();
                Files.deleteIfExists(marker);
                throw fault;
            }
        } catch (IOException fault) {
            throw StorageFault.problem("keep contents", folder, fault);
        }
    }

    @Override
    public void add(String digest, InputStream content, long maxBytes) throws IOException {
        FolderBlobs.check(digest);
        Path file = parts.resolve(digest);
        try (FileChannel target = FolderBlobs.attempt(() -> create(file))) {
            FolderBlobs.copy(digest, content, target, maxBytes);
        } catch (WriteFailure failure) {
            throw StorageFault.problem("keep the content " + digest, folder, failure.fault);
        }
        digests.add(digest);
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
                FolderBlobs.FILE_MODE);
    }

    /** No name appears before its content is on the disk, and all names are there before this returns. */
    @Override
    public void keep() {
        try {
            forEach(digests, digest -> force(parts.resolve(digest)));
            forEach(digests, this::publish);
            forEach(touched(), FolderBlobs::forceNames);
            digests.clear();
        } catch (IOException fault) {
            throw StorageFault.problem("keep contents", folder, fault);
        }
    }

    private void publish(String digest) throws IOException {
        Path inner = inner(digest);
        Files.createDirectories(inner, FolderBlobs.FOLDER_MODE);
        Files.move(parts.resolve(digest), inner.resolve(digest), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path outer(String digest) {
        return folder.resolve(digest.substring(0, 2));
    }

    private Path inner(String digest) {
        return outer(digest).resolve(digest.substring(2, 4));
    }

    /** All folders with new names, also those that others have made just now and may not have forced yet. */
    private Set<Path> touched() {
        Set<Path> touched = new LinkedHashSet<>();
        for (String digest : digests) {
            touched.add(inner(digest));
            touched.add(outer(digest));
            touched.add(folder);
        }
        return touched;
    }

    private static void force(Path file) throws IOException {
        try (FileChannel content = FileChannel.open(file, StandardOpenOption.WRITE)) {
            content.force(true);
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        void run(T item) throws IOException;
    }

    /** Does a step for all, some at a time, and is over when all are; the first fault ends it. */
    private static <T> void forEach(Collection<T> items, Step<T> step) throws IOException {
        Queue<T> left = new ConcurrentLinkedQueue<>(items);
        List<Future<?>> runs = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int count = Math.min(AT_ONCE, items.size()); count > 0; count--) {
                runs.add(threads.submit(() -> {
                    drain(left, step);
                    return null;
                }));
            }
        }
        for (Future<?> run : runs) {
            if (run.state() == Future.State.FAILED) {
                throw new IOException(run.exceptionNow());
            }
        }
    }

    private static <T> void drain(Queue<T> left, Step<T> step) throws IOException {
        try {
            for (T item = left.poll(); item != null; item = left.poll()) {
                step.run(item);
            }
        } finally {
            left.clear(); // empty anyhow, unless a step failed: then nobody needs to go on
        }
    }

    @Override
    public void close() {
        try (Channel _ = lock.acquiredBy()) {
            removeParts(marker);
            Files.deleteIfExists(marker);
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=leftover-stays file={0} reason=\"{1}\"", marker, fault);
        }
    }

    /** Removes the contents of the batch that this file stands for, if it stands for one. */
    static void removeParts(Path marker) throws IOException {
        Path parts = parts(marker);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(parts)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException | NotDirectoryException noBatch) {
            return;
        }
        Files.deleteIfExists(parts);
    }

    private static Path parts(Path marker) {
        return marker.resolveSibling(marker.getFileName() + PARTS);
    }
}
