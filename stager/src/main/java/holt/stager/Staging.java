package holt.stager;

import holt.model.Droplet;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.StageProgress;
import holt.model.StageRequest;
import holt.model.Tree;
import holt.model.TreeEntry;
import holt.store.Blobs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/** One build: from a package in the blob store to a droplet in the blob store. Runs nothing of the package. */
final class Staging {
    private static final String RESERVED = ".holt";
    private static final int MAX_NAMES = 3;

    private final Blobs blobs;
    private final Consumer<String> log;

    /** @param log takes the lines of the staging log */
    Staging(Blobs blobs, Consumer<String> log) {
        this.blobs = blobs;
        this.log = log;
    }

    /**
     * Does it.
     *
     * @throws ProblemException {@code content-missing}, {@code package-empty}, {@code package-invalid},
     *     {@code detection-failed}, {@code storage-full}
     */
    StageProgress.Result run(StageRequest request) throws IOException {
        Tree tree = tree(request.tree());
        check(tree);
        log.accept("==> Package: " + count(tree.fileCount(), "file") + ", " + size(tree.totalBytes()));
        Plan plan = Detection.plan(new TreeFiles(tree, blobs), request.command());
        log.accept("==> Found: " + plan.reason());
        plan.warnings().forEach(warning -> log.accept("    WARNING: " + warning));
        log.accept("==> Start command: " + plan.webCommand());
        Tree files = plan.staticSite() ? withStaticSite(tree) : tree;
        Droplet droplet =
                new Droplet(files, plan.buildpack(), plan.webCommand(), plan.processTypes(), plan.environment());
        String digest = blobs.putBytes(droplet.bytes());
        log.accept("==> Droplet " + digest.substring(0, 12) + " is ready");
        return new StageProgress.Result(digest, plan.buildpack(), plan.webCommand(), null, null);
    }

    private Tree tree(String digest) throws IOException {
        try {
            return Json.read(blobs.bytes(digest), Tree.class);
        } catch (NoSuchFileException missing) {
            throw new ProblemException(
                    Problem.of(ErrorCode.CONTENT_MISSING, "The package " + digest + " was not uploaded.")
                            .remedy("Push again."),
                    missing);
        } catch (JacksonException fault) {
            for (Throwable each = fault; each != null; each = each.getCause()) {
                if (each instanceof ProblemException told) {
                    throw told;
                }
            }
            throw new ProblemException(
                    Problem.of(ErrorCode.PACKAGE_INVALID, "The package is not a list of files.")
                            .expected("a tree of files as JSON", fault.getOriginalMessage()),
                    fault);
        }
    }

    private void check(Tree tree) throws IOException {
        if (tree.fileCount() == 0) {
            throw Problem.of(ErrorCode.PACKAGE_EMPTY, "The package holds no file.")
                    .remedy("Push the folder that holds your application.")
                    .exception();
        }
        List<String> missing = new ArrayList<>();
        for (TreeEntry entry : tree.entries()) {
            checkName(entry.path());
            if (entry.kind() == TreeEntry.Kind.FILE && !isThere(entry)) {
                missing.add(entry.path());
            }
        }
        if (!missing.isEmpty()) {
            String named = String.join(", ", missing.subList(0, Math.min(missing.size(), MAX_NAMES)));
            String more = missing.size() > MAX_NAMES ? " and of " + (missing.size() - MAX_NAMES) + " more" : "";
            throw Problem.of(
                            ErrorCode.CONTENT_MISSING,
                            "The content of these files was not uploaded: " + named + more + ".")
                    .remedy("Upload it, and build again.")
                    .exception();
        }
    }

    private static void checkName(String path) {
        if (path.equals(RESERVED) || path.startsWith(RESERVED + "/")) {
            throw Problem.of(ErrorCode.PACKAGE_INVALID, "The package has an entry '" + path + "'.")
                    .expected("nothing called '" + RESERVED + "', which is the platform's own folder", path)
                    .remedy("Name it otherwise, or leave it out with a line in .holtignore.")
                    .exception();
        }
    }

    private boolean isThere(TreeEntry entry) throws IOException {
        String digest = entry.digest();
        if (digest == null || !blobs.has(digest)) {
            return false;
        }
        long size = blobs.size(digest);
        if (size != entry.size()) {
            throw Problem.of(ErrorCode.PACKAGE_INVALID, "The package says a wrong size of '" + entry.path() + "'.")
                    .expected(size + " bytes, as its content has", entry.size() + " bytes")
                    .exception();
        }
        return true;
    }

    private Tree withStaticSite(Tree tree) {
        byte[] jar = StaticSiteJar.bytes();
        List<TreeEntry> entries = new ArrayList<>(tree.entries());
        entries.add(TreeEntry.file(StaticSiteJar.PATH, false, blobs.putBytes(jar), jar.length));
        return new Tree(entries);
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String size(long bytes) {
        if (bytes < 1024) {
            return count(bytes, "byte");
        }
        return bytes < 1024 * 1024 ? bytes / 1024 + " KiB" : bytes / (1024 * 1024) + " MiB";
    }
}
