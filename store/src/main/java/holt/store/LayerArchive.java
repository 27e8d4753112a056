package holt.store;

import com.github.luben.zstd.ZstdInputStream;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads a layer of a root file system: a tar archive, plain or packed by gzip or zstd, as the OCI image specification
 * describes it. It comes from anywhere, so that every entry is checked before it is shown: paths that stay inside, kinds
 * that a file system for programs needs, and no more of anything than is allowed. One thread.
 */
public final class LayerArchive implements AutoCloseable {
    /** The most that one layer may unpack to. */
    public static final long MAX_BYTES = 8L << 30;

    private static final int MAX_ENTRIES = 500_000;
    private static final int MAX_PATH = 4_096;
    private static final int MAX_NAME = 255;
    private static final int MAX_WINDOW_LOG = 27;
    private static final int RIGHTS = 01777;
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final String RESERVED = ".wh..wh.";

    private final TarArchiveInputStream tar;
    private int entries;

    /** What an entry is. */
    public enum Kind {
        FOLDER,
        FILE,
        /** A symbolic link, which may point anywhere: nothing follows it here. */
        LINK,
        /** Another name of a file of the same layer. */
        HARD_LINK,
        /** A name of lower layers that is gone. */
        WHITEOUT,
        /** A folder of which nothing in lower layers is left. */
        OPAQUE
    }

    /**
     * One entry.
     *
     * @param path below the root, without a slash at either end; empty for the root itself
     * @param target of a link as it is written, of a hard link as a path like {@code path}; else empty
     * @param mode rights and the sticky bit; never setuid, setgid
     */
    public record Entry(
            Kind kind, String path, String target, int mode, int uid, int gid, long size, long modifiedMillis) {}

    private LayerArchive(TarArchiveInputStream tar) {
        this.tar = tar;
    }

    /**
     * Begins to read.
     *
     * @param packed closed with this
     * @param maxBytes the most it may unpack to
     */
    public static LayerArchive open(InputStream packed, long maxBytes) throws IOException {
        return reading(() -> new LayerArchive(new TarArchiveInputStream(
                new Bounded(unpacked(new BufferedInputStream(packed, 1 << 16)), maxBytes),
                StandardCharsets.UTF_8.name())));
    }

    /** By the first bytes: what an archive is called is not always what it is. */
    private static InputStream unpacked(BufferedInputStream packed) throws IOException {
        packed.mark(4);
        byte[] magic = packed.readNBytes(4);
        packed.reset();
        if (magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
            return new GZIPInputStream(packed, 1 << 16);
        }
        boolean zstd = magic.length == 4
                && magic[0] == 0x28
                && magic[1] == (byte) 0xb5
                && magic[2] == 0x2f
                && magic[3] == (byte) 0xfd;
        return zstd ? new ZstdInputStream(packed).setLongMax(MAX_WINDOW_LOG) : packed;
    }

    /** Reads to the end, and so checks it all. Returns the bytes of all files. */
    public static long check(InputStream packed, long maxBytes) throws IOException {
        long bytes = 0;
        try (LayerArchive archive = open(packed, maxBytes)) {
            for (Optional<Entry> entry = archive.next(); entry.isPresent(); entry = archive.next()) {
                bytes += entry.get().size();
            }
        }
        return bytes;
    }

    /**
     * The next entry; empty at the end. Device nodes below {@code dev} are passed over: instances get their own.
     *
     * @throws ProblemException {@code image-invalid}
     */
    public Optional<Entry> next() throws IOException {
        return reading(() -> {
            for (TarArchiveEntry found = tar.getNextEntry(); found != null; found = tar.getNextEntry()) {
                if (++entries > MAX_ENTRIES) {
                    throw invalid("It has more than " + MAX_ENTRIES + " entries.")
                            .exception();
                }
                Optional<Entry> entry = entry(found);
                if (entry.isPresent()) {
                    return entry;
                }
            }
            return Optional.empty();
        });
    }

    /** The content of the file that {@link #next} returned last; not to be closed. */
    public InputStream content() {
        return new FilterInputStream(tar) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return reading(() -> tar.read(target, offset, length));
            }

            @Override
            public void close() {
                // the archive goes on
            }
        };
    }

    private static Optional<Entry> entry(TarArchiveEntry found) {
        String path = path(found.getName());
        if (found.isCharacterDevice() || found.isBlockDevice() || found.isFIFO()) {
            if (path.startsWith("dev/")) {
                return Optional.empty();
            }
            throw invalid("'" + shown(path) + "' is a device or a pipe.").exception();
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.startsWith(WHITEOUT)) {
            return whiteout(found, path, name);
        }
        if (found.isLink()) {
            return Optional.of(of(found, Kind.HARD_LINK, path, path(found.getLinkName())));
        }
        if (found.isSymbolicLink()) {
            String target = found.getLinkName();
            if (target.isEmpty() || target.length() >= MAX_PATH || target.indexOf('\0') >= 0) {
                throw invalid("The link '" + shown(path) + "' leads nowhere.").exception();
            }
            return Optional.of(of(found, Kind.LINK, path, target));
        }
        if (found.isDirectory()) {
            return Optional.of(of(found, Kind.FOLDER, path, ""));
        }
        boolean plain = found.getLinkFlag() == TarConstants.LF_NORMAL || found.getLinkFlag() == TarConstants.LF_OLDNORM;
        if (!plain || path.isEmpty() || found.isSparse()) {
            throw invalid("'" + shown(path) + "' is of a kind that is not known here.")
                    .exception();
        }
        return Optional.of(of(found, Kind.FILE, path, ""));
    }

    private static Optional<Entry> whiteout(TarArchiveEntry found, String path, String name) {
        String folder = path.substring(0, Math.max(0, path.length() - name.length() - 1));
        if (name.equals(OPAQUE)) {
            return Optional.of(of(found, Kind.OPAQUE, folder, ""));
        }
        if (name.startsWith(RESERVED)) {
            return Optional.empty();
        }
        String gone = name.substring(WHITEOUT.length());
        if (gone.isEmpty() || gone.equals(".") || gone.equals("..")) {
            throw invalid("'" + shown(path) + "' removes no name.").exception();
        }
        return Optional.of(of(found, Kind.WHITEOUT, folder.isEmpty() ? gone : folder + "/" + gone, ""));
    }

    private static Entry of(TarArchiveEntry found, Kind kind, String path, String target) {
        long size = kind == Kind.FILE ? found.getSize() : 0;
        return new Entry(
                kind,
                path,
                target,
                found.getMode() & RIGHTS,
                identity(found.getLongUserId()),
                identity(found.getLongGroupId()),
                size,
                found.getLastModifiedTime().toMillis());
    }

    /** What does not fit belongs to nobody. */
    private static int identity(long id) {
        return id < 0 || id > Integer.MAX_VALUE ? 65_534 : (int) id;
    }

    /** The path below the root; one that would leave it is refused. */
    private static String path(String given) {
        if (given.length() >= MAX_PATH || given.indexOf('\0') >= 0) {
            throw invalid("A path in it is too long, or has a zero byte.").exception();
        }
        List<String> names = new ArrayList<>();
        for (String name : given.split("/", -1)) {
            if (name.equals("..") || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
                throw invalid("The path '" + shown(given) + "' cannot be used.")
                        .expected("a path that stays inside, of names of up to " + MAX_NAME + " bytes", null)
                        .exception();
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return String.join("/", names);
    }

    private static String shown(String text) {
        String part = text.length() > 80 ? text.substring(0, 80) + "..." : text;
        return part.replaceAll("\\p{Cntrl}", "?");
    }

    private static Problem invalid(String detail) {
        return Problem.of(ErrorCode.IMAGE_INVALID, "A layer of the root file system cannot be used. " + detail)
                .remedy("Build the image anew, with files, folders and links only.");
    }

    @FunctionalInterface
    private interface Reading<T> {
        T run() throws IOException;
    }

    /** What the reader of archives throws at broken ones is told as what it means. */
    private static <T> T reading(Reading<T> reading) throws IOException {
        try {
            return reading.run();
        } catch (java.util.zip.ZipException
                | java.io.EOFException
                | com.github.luben.zstd.ZstdIOException
                | org.apache.commons.compress.archivers.ArchiveException fault) {
            throw new ProblemException(invalid("It is broken: " + fault.getMessage() + "."), fault);
        } catch (IOException fault) {
            if (fault.getCause() instanceof IllegalArgumentException) {
                throw new ProblemException(invalid("It is broken: " + fault.getMessage() + "."), fault);
            }
            throw fault;
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException fault) {
            throw new ProblemException(invalid("It is broken: " + fault + "."), fault);
        }
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    /** So that a small archive cannot fill the disk. */
    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in, long most) {
            super(in);
            left = most;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            count(Math.max(0, count));
            return count;
        }

        @Override
        public long skip(long wanted) throws IOException {
            long count = super.skip(wanted);
            count(count);
            return count;
        }

        private void count(long bytes) {
            left -= bytes;
            if (left < 0) {
                throw invalid("It unpacks to more than is taken.").exception();
            }
        }
    }
}
