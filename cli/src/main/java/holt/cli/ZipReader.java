package holt.cli;

import holt.model.ErrorCode;
import holt.model.MemorySize;
import holt.model.Problem;
import holt.model.Tree;
import holt.model.TreeCheck;
import holt.model.TreeEntry;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads a zip for a push without unpacking it: its files, links and empty folders. Refuses names and links that lead
 * out, names that are there twice, encrypted and special entries, and archives that unpack to far more than they are.
 */
final class ZipReader {
    private static final long BOMB_BYTES = 256L << 20;
    private static final int BOMB_RATIO = 100;
    private static final int MAX_LINK_BYTES = 4096;

    private final ZipFile zip;
    private final Path path;
    private final Map<String, ZipModes.Mode> modes;
    private final List<TreeEntry> entries = new ArrayList<>();
    private final Map<String, PackageFiles.Content> contents = new HashMap<>();

    private ZipReader(ZipFile zip, Path path, Map<String, ZipModes.Mode> modes) {
        this.zip = zip;
        this.path = path;
        this.modes = modes;
    }

    /** Reads the archive; it stays open until the package is closed. */
    static PackageFiles read(Path path) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(path.toFile());
        } catch (ZipException | EOFException broken) {
            throw Problem.of(ErrorCode.PACKAGE_INVALID, path + " cannot be read as a zip: " + broken.getMessage() + ".")
                    .exception();
        }
        try {
            ZipReader reader = new ZipReader(zip, path, ZipModes.read(path, zip.size()));
            return reader.readAll();
        } catch (ZipException | EOFException broken) {
            zip.close();
            throw Problem.of(ErrorCode.PACKAGE_INVALID, path + " is damaged: " + broken.getMessage() + ".")
                    .exception();
        } catch (IOException | RuntimeException failed) {
            zip.close();
            throw failed;
        }
    }

    /** One entry's content; archives are read through one open file. */
    private record ZippedContent(ZipFile zip, ZipEntry entry, long size) implements PackageFiles.Content {
        @Override
        public InputStream open() throws IOException {
            InputStream in = zip.getInputStream(entry);
            if (in == null) {
                throw new ZipException("the entry " + entry.getName() + " is gone");
            }
            return in;
        }
    }

    private PackageFiles readAll() throws IOException {
        if (zip.size() > Tree.MAX_ENTRIES) {
            throw Problem.of(ErrorCode.PACKAGE_TOO_LARGE, path + " has " + zip.size() + " entries.")
                    .expected("at most " + Tree.MAX_ENTRIES, null)
                    .exception();
        }
        List<? extends ZipEntry> all = zip.stream().toList();
        refuseBomb(all);
        Set<String> folders = new HashSet<>();
        Set<String> parents = new HashSet<>();
        for (ZipEntry entry : all) {
            String name = TreeCheck.path(entry.isDirectory() ? withoutSlash(entry.getName()) : entry.getName());
            if (!isAlwaysIgnored(name)) {
                addParents(name, parents);
                take(entry, name, folders);
            }
        }
        folders.stream()
                .filter(folder -> !parents.contains(folder))
                .forEach(folder -> entries.add(TreeEntry.folder(folder)));
        return new PackageFiles(new Tree(entries), contents, List.of(), zip);
    }

    private void take(ZipEntry entry, String name, Set<String> folders) throws IOException {
        ZipModes.Mode mode = modes.getOrDefault(entry.getName(), ZipModes.Mode.UNKNOWN);
        if (mode.encrypted()) {
            throw refusal(name, "is encrypted");
        }
        switch (mode.kind(entry.isDirectory())) {
            case FOLDER -> folders.add(name);
            case LINK -> entries.add(TreeEntry.link(name, TreeCheck.target(name, linkTarget(entry, name))));
            case FILE -> {
                Hashed hashed = hash(entry, name);
                contents.put(hashed.digest(), new ZippedContent(zip, entry, hashed.size()));
                entries.add(TreeEntry.file(name, mode.executable(), hashed.digest(), hashed.size()));
            }
            case OTHER -> throw refusal(name, "is neither a file, a folder nor a link");
        }
    }

    /** Reads no more than the directory says there is, so that sizes checked before hold. */
    private Hashed hash(ZipEntry entry, String name) throws IOException {
        ZippedContent content = new ZippedContent(zip, entry, entry.getSize());
        Hashed hashed = Hashed.of(() -> new Bounded(content.open(), entry.getSize()));
        if (hashed.size() != entry.getSize()) {
            throw refusal(name, "has another size than the archive's directory says");
        }
        return hashed;
    }

    private String linkTarget(ZipEntry entry, String name) throws IOException {
        if (entry.getSize() > MAX_LINK_BYTES) {
            throw refusal(name, "is a link with a target of " + entry.getSize() + " bytes");
        }
        try (InputStream in = new ZippedContent(zip, entry, entry.getSize()).open()) {
            return new String(in.readNBytes(MAX_LINK_BYTES), StandardCharsets.UTF_8);
        }
    }

    private void refuseBomb(List<? extends ZipEntry> all) throws IOException {
        long total = 0;
        for (ZipEntry entry : all) {
            total += Math.max(0, entry.getSize());
        }
        long packed = Files.size(path);
        if (total > BOMB_BYTES && total / BOMB_RATIO > packed) {
            throw Problem.of(
                            ErrorCode.PACKAGE_INVALID,
                            path + " unpacks to " + MemorySize.format(total) + ", which is more than " + BOMB_RATIO
                                    + " times its size: it looks like a zip bomb.")
                    .expected("files that were packed for sending", null)
                    .remedy("If this is what you want, unpack it and push the folder.")
                    .exception();
        }
    }

    private static void addParents(String name, Set<String> parents) {
        for (int slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
            parents.add(name.substring(0, slash));
        }
    }

    private static boolean isAlwaysIgnored(String name) {
        for (String part : name.split("/")) {
            if (part.equals("__MACOSX") || IgnoreRules.none().ignores(part, true)) {
                return true;
            }
        }
        return false;
    }

    private static String withoutSlash(String name) {
        return name.substring(0, name.length() - 1);
    }

    private static RuntimeException refusal(String name, String fault) {
        return Problem.of(
                        ErrorCode.PACKAGE_INVALID,
                        "The entry '" + Text.printable(name, 120) + "' of the package " + fault + ".")
                .exception();
    }

    /** Ends one byte after a limit, which is enough to see that there is more. */
    private static final class Bounded extends java.io.FilterInputStream {
        private long left;

        Bounded(InputStream in, long limit) {
            super(in);
            this.left = limit + 1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = left <= 0 ? -1 : in.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }
    }
}
