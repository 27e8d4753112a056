package holt.stager;

import holt.model.Tree;
import holt.model.TreeEntry;
import holt.store.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The files of a tree with their contents in the blob store. */
final class TreeFiles implements SourceFiles {
    private static final int MAX_TEXT_BYTES = 1 << 20;

    private final Blobs blobs;
    private final Map<String, TreeEntry> files;
    private final NavigableSet<String> paths;

    TreeFiles(Tree tree, Blobs blobs) {
        this.blobs = blobs;
        this.files = tree.entries().stream()
                .filter(entry -> entry.kind() == TreeEntry.Kind.FILE)
                .collect(Collectors.toMap(TreeEntry::path, entry -> entry));
        this.paths = tree.entries().stream().map(TreeEntry::path).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public boolean hasFile(String path) {
        return files.containsKey(path);
    }

    @Override
    public boolean hasFolder(String path) {
        String below = paths.higher(path + "/");
        return below != null && below.startsWith(path + "/");
    }

    @Override
    public List<String> topFiles() {
        return top(path -> path.indexOf('/') < 0 && files.containsKey(path));
    }

    @Override
    public List<String> topFolders() {
        return paths.stream()
                .filter(path -> path.indexOf('/') > 0)
                .map(path -> path.substring(0, path.indexOf('/')))
                .distinct()
                .toList();
    }

    private List<String> top(Predicate<String> filter) {
        return paths.stream().filter(filter).toList();
    }

    @Override
    public String text(String path) throws IOException {
        try (InputStream content = open(path)) {
            return new String(content.readNBytes(MAX_TEXT_BYTES), StandardCharsets.UTF_8);
        }
    }

    @Override
    public Optional<String> mainClass(String jar) throws IOException {
        try (InputStream content = open(jar)) {
            return Manifests.mainClassOfJar(content);
        }
    }

    private InputStream open(String path) throws IOException {
        TreeEntry entry = files.get(path);
        if (entry == null || entry.digest() == null) {
            throw new java.nio.file.NoSuchFileException(path);
        }
        return blobs.open(entry.digest());
    }
}
