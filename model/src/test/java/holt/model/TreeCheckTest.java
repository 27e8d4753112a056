package holt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeCheckTest {
    private static final Path ROOT = Path.of("/srv/app");
    private static final String DIGEST = "0".repeat(64);

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b/c", "...", "..a", "a..b", "ä/ö", ".hidden", "a b"})
    void namesInsideAreTaken(String path) {
        assertThat(TreeCheck.path(path)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/a", "..", "../a", "a/../b", "a/..", ".", "a/./b", "a//b", "a/", "a\\b", "a\0b", "a\nb"})
    void namesThatCouldLeadElsewhereAreRefused(String path) {
        assertThatThrownBy(() -> TreeCheck.path(path))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo(ErrorCode.PACKAGE_INVALID));
    }

    @Test
    void namesHaveALength() {
        assertThatCode(() -> TreeCheck.path("a".repeat(255))).doesNotThrowAnyException();
        assertThatThrownBy(() -> TreeCheck.path("a".repeat(256))).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> TreeCheck.path("ab/".repeat(400) + "c")).isInstanceOf(ProblemException.class);
    }

    @Test
    void nothingLiesBelowALinkOrAFile() {
        TreeEntry link = TreeEntry.link("data", "other");
        TreeEntry below = TreeEntry.file("data/passwd", false, DIGEST, 1);

        assertThatThrownBy(() -> new Tree(List.of(link, below))).hasMessageContaining("not a folder");
        assertThatThrownBy(() -> new Tree(List.of(below, link))).hasMessageContaining("not a folder");
        assertThatThrownBy(() -> new Tree(List.of(TreeEntry.file("data", false, DIGEST, 1), below)))
                .hasMessageContaining("not a folder");
    }

    @Test
    void nothingStandsInATreeTwice() {
        TreeEntry file = TreeEntry.file("a", false, DIGEST, 1);

        assertThatThrownBy(() -> new Tree(List.of(file, file))).hasMessageContaining("twice");
    }

    @Test
    void filesHaveADigestAndASize() {
        assertThatThrownBy(() -> new Tree(List.of(TreeEntry.file("a", false, "abc", 1))))
                .hasMessageContaining("digest");
        assertThatThrownBy(() -> new Tree(List.of(TreeEntry.file("a", false, DIGEST, -1))))
                .hasMessageContaining("size");
    }

    @Test
    void theSameEntriesInAnyOrderAreTheSameTree() {
        TreeEntry one = TreeEntry.file("a", false, DIGEST, 1);
        TreeEntry other = TreeEntry.file("b", true, DIGEST, 2);

        assertThat(new Tree(List.of(one, other)).digest()).isEqualTo(new Tree(List.of(other, one)).digest());
    }

    @Property(tries = 3000)
    void aPathThatIsTakenStaysBelowTheRootAndIsNotRewritten(@ForAll("paths") String path) {
        if (accepts(() -> TreeCheck.path(path))) {
            Path unpacked = ROOT.resolve(path);
            assertThat(unpacked.normalize()).isEqualTo(unpacked);
            assertThat(unpacked.startsWith(ROOT)).isTrue();
            assertThat(unpacked).isNotEqualTo(ROOT);
        }
    }

    @Property(tries = 3000)
    void aLinkThatIsTakenStaysBelowTheRoot(@ForAll("paths") String path, @ForAll("paths") String target) {
        if (accepts(() -> TreeCheck.path(path)) && accepts(() -> TreeCheck.target(path, target))) {
            Path folder = ROOT.resolve(path).getParent();
            assertThat(folder.resolve(target).normalize().startsWith(ROOT)).isTrue();
        }
    }

    @Property(tries = 3000)
    void aLinkIsRefusedOnlyWhenItStepsOutside(@ForAll("paths") String target) {
        boolean inside = !target.isEmpty() && !target.startsWith("/") && !stepsOutside(target);

        assertThat(accepts(() -> TreeCheck.target("a/b/link", target))).isEqualTo(inside);
    }

    /** The same question by another way: every beginning of the target, resolved, has to stay inside. */
    private static boolean stepsOutside(String target) {
        Path folder = ROOT.resolve("a/b");
        for (int end = 0; end <= target.length(); end++) {
            if ((end == target.length() || target.charAt(end) == '/')
                    && !folder.resolve(target.substring(0, end)).normalize().startsWith(ROOT)) {
                return true;
            }
        }
        return false;
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("a", "b", "..", ".", "", "...", "a..", "\\", "c d")
                .list()
                .ofMinSize(1)
                .ofMaxSize(7)
                .map(names -> String.join("/", names));
    }

    private static boolean accepts(Runnable check) {
        try {
            check.run();
            return true;
        } catch (ProblemException refusal) {
            return false;
        }
    }
}
