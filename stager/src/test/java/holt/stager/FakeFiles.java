package holt.stager;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A package that exists in memory only. Jars have the text of their main class as content. */
final class FakeFiles implements SourceFiles {
    private final Map<String, String> contents = new TreeMap<>();

    /** Paths and contents in turn. */
    static FakeFiles of(String... pathsAndContents) {
        FakeFiles files = new FakeFiles();
        for (int at = 0; at < pathsAndContents.length; at += 2) {
            files.contents.put(pathsAndContents[at], pathsAndContents[at + 1]);
        }
        return files;
    }

    @Override
    public boolean hasFile(String path) {
        return contents.containsKey(path);
    }

    @Override
    public boolean hasFolder(String path) {
        return contents.keySet().stream().anyMatch(each -> each.startsWith(path + "/"));
    }

    @Override
    public List<String> topFiles() {
        return contents.keySet().stream().filter(path -> path.indexOf('/') < 0).toList();
    }

    @Override
    public List<String> topFolders() {
        return contents.keySet().stream()
                .filter(path -> path.indexOf('/') > 0)
                .map(path -> path.substring(0, path.indexOf('/')))
                .distinct()
                .toList();
    }

    @Override
    public String text(String path) {
        return contents.get(path);
    }

    @Override
    public Optional<String> mainClass(String jar) {
        return Optional.of(contents.get(jar)).filter(name -> !name.isEmpty());
    }
}
