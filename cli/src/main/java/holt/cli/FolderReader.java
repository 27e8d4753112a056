package holt.cli;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Tree;
import holt.model.TreeCheck;
import holt.model.TreeEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a folder for a push: all that is not ignored, links as links, folders only where nothing else shows that they
 * are there. Walks on the caller's thread, computes digests on all cores. Used once.
 */
final class FolderReader {
    private final Path root;
    private final List<TreeEntry> entries = new ArrayList<>();
    private final List<Found> files = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    /** A file whose digest is not known yet. */
    private record Found(String path, Path file, boolean executable) {}

    FolderReader(Path root) {
        this.root = root;
    }

    PackageFiles read() throws IOException {
        walk(root, "", IgnoreRules.none());
        Map<String, PackageFiles.Content> contents = new ConcurrentHashMap<>();
        try {
            entries.addAll(
                    files.parallelStream().map(file -> hash(file, contents)).toList());
        } catch (UncheckedIOException broken) {
            throw readable(broken.getCause());
        }
        return new PackageFiles(new Tree(entries), contents, skipped, () -> {});
    }

    /** Takes what is in a folder; false where there is nothing to take. */
    private boolean walk(Path folder, String relative, IgnoreRules above) throws IOException {
        IgnoreRules rules = above.in(
                relative, text(folder.resolve(IgnoreRules.OWN_FILE)), text(folder.resolve(IgnoreRules.GIT_FILE)));
        boolean some = false;
        for (Path each : children(folder)) {
            String path = (relative.isEmpty() ? "" : relative + "/") + each.getFileName();
            PosixFileAttributes attributes =
                    Files.readAttributes(each, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!rules.ignores(path, attributes.isDirectory())) {
                take(each, path, attributes, rules);
                some = true;
            }
        }
        return some;
    }

    private void take(Path each, String path, PosixFileAttributes attributes, IgnoreRules rules) throws IOException {
        if (files.size() + entries.size() >= Tree.MAX_ENTRIES) {
            throw Problem.of(ErrorCode.PACKAGE_TOO_LARGE, root + " has more than " + Tree.MAX_ENTRIES + " entries.")
                    .expected("at most " + Tree.MAX_ENTRIES + " files", null)
                    .remedy("Is it the right folder? Leave things out with lines in " + IgnoreRules.OWN_FILE + ".")
                    .exception();
        }
        checked(() -> TreeCheck.path(path));
        if (attributes.isSymbolicLink()) {
            String target = Files.readSymbolicLink(each).toString();
            checked(() -> TreeCheck.target(path, target));
            entries.add(TreeEntry.link(path, target));
        } else if (attributes.isDirectory()) {
            if (!walk(each, path, rules)) {
                entries.add(TreeEntry.folder(path));
            }
        } else if (attributes.isRegularFile()) {
            files.add(new Found(path, each, attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE)));
        } else {
            skipped.add(path);
        }
    }

    private static TreeEntry hash(Found file, Map<String, PackageFiles.Content> contents) {
        try {
            Hashed hashed = Hashed.of(() -> Files.newInputStream(file.file()));
            contents.put(hashed.digest(), new PackageFiles.FileContent(file.file(), hashed.size()));
            return TreeEntry.file(file.path(), file.executable(), hashed.digest(), hashed.size());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        } catch (AccessDeniedException denied) {
            throw readable(denied);
        }
    }

    private static @Nullable String text(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                : null;
    }

    /** The rules for names, with what to do about what breaks them. */
    private static void checked(Runnable check) {
        try {
            check.run();
        } catch (ProblemException refused) {
            throw refused.problem()
                    .remedy("Leave it out with a line in " + IgnoreRules.OWN_FILE + ", or change it.")
                    .exception();
        }
    }

    private static RuntimeException readable(@Nullable IOException fault) {
        String detail = fault instanceof AccessDeniedException denied
                ? "There is no permission to read " + denied.getFile() + "."
                : "A file cannot be read: " + (fault == null ? "" : fault.getMessage()) + ".";
        return Problem.of(ErrorCode.PACKAGE_INVALID, detail)
                .remedy("Make it readable, or leave it out with a line in " + IgnoreRules.OWN_FILE + ".")
                .exception();
    }
}
