package holt.cli;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.Tree;
import holt.model.TreeEntry;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is pushed: the tree, and for each content where to read it.
 *
 * @param tree names, modes and digests
 * @param contents by digest
 * @param skipped what is there but cannot be pushed (sockets, devices), for people
 * @param source what is held open for the contents
 */
record PackageFiles(Tree tree, Map<String, Content> contents, List<String> skipped, Closeable source)
        implements AutoCloseable {

    /** A file on disk. */
    record FileContent(Path path, long size) implements Content {
        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(path);
        }
    }

    /** The content of one file. */
    interface Content {
        long size();

        InputStream open() throws IOException;
    }

    /**
     * Reads what stands at a path: a folder as it is, a zip as the files in it, anything executable by Java as one file.
     *
     * @throws holt.model.ProblemException for what is not there, is empty, or has something in it that cannot be pushed
     */
    static PackageFiles read(Path path) throws IOException {
        String name = fileName(path).toLowerCase(Locale.ROOT);
        PackageFiles files;
        if (Files.isDirectory(path)) {
            files = new FolderReader(path).read();
        } else if (Files.isRegularFile(path) && name.endsWith(".zip")) {
            files = ZipReader.read(path);
        } else if (Files.isRegularFile(path) && (name.endsWith(".jar") || name.endsWith(".war"))) {
            files = readOne(path);
        } else {
            throw refusal(path);
        }
        if (files.tree().fileCount() == 0) {
            throw Problem.of(ErrorCode.PACKAGE_EMPTY, "There is no file to push in " + path + ".")
                    .expected("at least one file that is not ignored", "none")
                    .remedy("Name another folder with --path, or look into .holtignore and .gitignore.")
                    .exception();
        }
        return files;
    }

    /** Any program that is one file: the tree has that file alone. */
    private static PackageFiles readOne(Path path) throws IOException {
        Hashed hashed = Hashed.of(() -> Files.newInputStream(path));
        TreeEntry entry = TreeEntry.file(fileName(path), false, hashed.digest(), hashed.size());
        Content content = new FileContent(path, hashed.size());
        return new PackageFiles(new Tree(List.of(entry)), Map.of(hashed.digest(), content), List.of(), () -> {});
    }

    /** Name of the file or folder; of the root there is none. */
    static String fileName(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? "" : name.toString();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    private static RuntimeException refusal(Path path) {
        String detail =
                Files.exists(path) ? path + " cannot be pushed." : "There is no folder or file at " + path + ".";
        return Problem.of(ErrorCode.PACKAGE_INVALID, detail)
                .expected("a folder, or a file that ends with .zip, .jar or .war", null)
                .exception();
    }
}
