package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;

class IgnoreRulesTest {
    private static final List<String> FILES = List.of(
            "a",
            "ab",
            "abc",
            "b.log",
            "a b",
            "é",
            "[x]",
            "!a",
            "#a",
            "a/a2",
            "d/a",
            "d/b.log",
            "d/e/a",
            "d/e/b.log",
            "d/e/f/a",
            "d/e/f/ab",
            "e/a",
            "e/d/a",
            "x-1",
            "x-2",
            "x_z",
            "A",
            "*a",
            "d/*",
            "\\b",
            "a]");

    private static Path repository;

    @Test
    void ownFileGoesBeforeGitsEvenFromFurtherUp() {
        IgnoreRules rules = IgnoreRules.none().in("", "!dist\n", "dist\n").in("sub", null, "dist\n");
        assertThat(rules.ignores("dist", true)).isFalse();
        assertThat(rules.ignores("sub/dist", true)).isFalse();
    }

    @Test
    void deeperFilesGoBeforeHigherOnes() {
        IgnoreRules rules = IgnoreRules.none().in("", null, "*.log\n").in("sub", null, "!keep.log\n");
        assertThat(rules.ignores("sub/keep.log", false)).isFalse();
        assertThat(rules.ignores("sub/other.log", false)).isTrue();
    }

    @Test
    void alwaysLeavesOutWhatIsNobodysProgram() {
        IgnoreRules rules = IgnoreRules.none().in("", "!.git\n!.holtignore\n!.DS_Store\n", null);
        for (String path : List.of(".git", ".holtignore", ".holt", ".holt-build", ".DS_Store", "sub/.DS_Store")) {
            assertThat(rules.ignores(path, false)).as(path).isTrue();
        }
        assertThat(rules.ignores(".gitignore", false)).isFalse();
    }

    @Test
    void patternsOfWindowsFilesWork() {
        IgnoreRules rules = IgnoreRules.none().in("", "\uFEFF*.log\r\ntmp/\r\n", null);
        assertThat(rules.ignores("a.log", false)).isTrue();
        assertThat(rules.ignores("tmp", true)).isTrue();
        assertThat(rules.ignores("tmp", false)).isFalse();
    }

    @Test
    void hostilePatternsDoNotTakeLong() {
        IgnoreRules rules = IgnoreRules.none().in("", "*a".repeat(100) + "b\n" + "**/*a".repeat(50) + "/b", null);
        long start = System.nanoTime();
        assertThat(rules.ignores("a".repeat(200), false)).isFalse();
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
    }

    @BeforeContainer
    static void makeRepository() throws Exception {
        repository = Files.createTempDirectory("holt-ignore");
        for (String file : FILES) {
            Path path = repository.resolve(file.equals("a/a2") ? "g/a2" : file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "x");
        }
        run(List.of("git", "init", "-q"), "");
    }

    @AfterContainer
    static void removeRepository() throws IOException {
        try (Stream<Path> all = Files.walk(repository)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Git itself is asked about every file, whatever the patterns in the folder and in the folder below it. */
    @Property(tries = 300)
    void decidesAsGitDoes(@ForAll("patterns") List<String> above, @ForAll("patterns") List<String> below)
            throws Exception {
        Files.writeString(repository.resolve(".gitignore"), String.join("\n", above) + "\n");
        Files.writeString(repository.resolve("d/.gitignore"), String.join("\n", below) + "\n");
        assertThat(kept()).as("%s, in d: %s", above, below).isEqualTo(keptByGit());
    }

    @Provide
    Arbitrary<List<String>> patterns() {
        Arbitrary<String> pieces = Arbitraries.of(
                "a",
                "b",
                "d",
                "e",
                "f",
                "ab",
                "x",
                "*",
                "**",
                "?",
                "/",
                "/",
                ".log",
                "[a-c]",
                "[!a]",
                "[^d-e]",
                "[]x]",
                "[",
                "]",
                "\\",
                "!",
                "#",
                " ",
                "-",
                "_",
                "[[:alpha:]]",
                "[[:digit:]]",
                "[[:nope:]]",
                "é",
                "**/",
                "/**",
                "/**/",
                "[x-",
                "[\\]]");
        Arbitrary<String> pattern = pieces.list().ofMinSize(1).ofMaxSize(5).map(parts -> String.join("", parts));
        Arbitrary<String> usual = Arbitraries.of(
                "*.log", "d/", "/a", "!a", "d/e/", "**/a", "d/**", "a/", "!/d/e", "e/d", "!*.log", "*", "!d", "x-[0-9]",
                "d/**/a", "e**/a", "**\\/a", "\\!a", "\\#a", "a\\ b", "a ", "\\b");
        return Arbitraries.oneOf(pattern, usual).list().ofMaxSize(5);
    }

    private static Set<String> kept() throws IOException {
        Set<String> kept = new TreeSet<>();
        walk(repository, "", IgnoreRules.none(), kept);
        return kept;
    }

    private static void walk(Path folder, String relative, IgnoreRules above, Set<String> kept) throws IOException {
        Path file = folder.resolve(".gitignore");
        IgnoreRules rules = above.in(relative, null, Files.exists(file) ? Files.readString(file) : null);
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child : children.toList()) {
                String path = (relative.isEmpty() ? "" : relative + "/") + child.getFileName();
                if (!rules.ignores(path, Files.isDirectory(child))) {
                    if (Files.isDirectory(child)) {
                        walk(child, path, rules, kept);
                    } else {
                        kept.add(path);
                    }
                }
            }
        }
    }

    private static Set<String> keptByGit() throws Exception {
        String all = run(List.of("git", "ls-files", "-z", "--others", "--exclude-standard"), "");
        return new TreeSet<>(
                Stream.of(all.split("\0")).filter(path -> !path.isEmpty()).toList());
    }

    private static String run(List<String> command, String input) throws Exception {
        List<String> whole = new ArrayList<>(command);
        Process process = new ProcessBuilder(whole)
                .directory(repository.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }
}
