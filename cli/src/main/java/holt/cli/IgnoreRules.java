package holt.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What of a folder is not pushed: {@code .holtignore} and {@code .gitignore} in the folder itself and in those below it,
 * by git's rules: the last line that speaks of a path decides, deeper files go before higher ones. Where a
 * {@code .holtignore} speaks, no {@code .gitignore} is asked. What is below an ignored folder is ignored with it: who
 * walks does not go there. {@code .git}, {@code .DS_Store} and all that begins with {@code .holt} is always ignored.
 * Immutable and pure.
 */
final class IgnoreRules {
    static final String OWN_FILE = ".holtignore";
    static final String GIT_FILE = ".gitignore";

    private final List<Level> own;
    private final List<Level> git;

    /** The lines of one file; the prefix ends with a slash or is empty. */
    private record Level(String prefix, List<IgnorePattern> patterns) {}

    private IgnoreRules(List<Level> own, List<Level> git) {
        this.own = own;
        this.git = git;
    }

    /** Only what is always ignored. */
    static IgnoreRules none() {
        return new IgnoreRules(List.of(), List.of());
    }

    /**
     * These rules and those of the files in a folder.
     *
     * @param folder relative to the root, empty for the root itself
     * @param ownFile text of its {@code .holtignore}; null where there is none
     * @param gitFile text of its {@code .gitignore}; null where there is none
     */
    IgnoreRules in(String folder, @Nullable String ownFile, @Nullable String gitFile) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        return new IgnoreRules(with(own, prefix, ownFile), with(git, prefix, gitFile));
    }

    /** Whether a path is left out, its parents being in. */
    boolean ignores(String path, boolean folder) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.equals(".git") || name.equals(".DS_Store") || name.startsWith(".holt")) {
            return true;
        }
        Boolean decided = decide(own, path, folder);
        if (decided == null) {
            decided = decide(git, path, folder);
        }
        return decided != null && decided;
    }

    private static List<Level> with(List<Level> levels, String prefix, @Nullable String file) {
        if (file == null) {
            return levels;
        }
        String text = file.startsWith("\uFEFF") ? file.substring(1) : file;
        List<IgnorePattern> patterns = text.isEmpty()
                ? List.of()
                : java.util.Arrays.stream(text.split("\n"))
                        .map(IgnorePattern::parse)
                        .filter(Objects::nonNull)
                        .map(Objects::requireNonNull)
                        .toList();
        List<Level> more = new ArrayList<>(levels);
        more.add(new Level(prefix, patterns));
        return List.copyOf(more);
    }

    private static @Nullable Boolean decide(List<Level> levels, String path, boolean folder) {
        for (Level level : levels.reversed()) {
            String below = path.substring(level.prefix().length());
            for (IgnorePattern pattern : level.patterns().reversed()) {
                if (pattern.matches(below, folder)) {
                    return !pattern.negative();
                }
            }
        }
        return null;
    }
}
