package holt.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class SubjectTreeTest {

    @Property
    void matchesExactlyWhatTheRuleSays(@ForAll("patterns") List<String> patterns, @ForAll("subjects") String subject) {
        SubjectTree<Integer> tree = new SubjectTree<>();
        List<Integer> expected = new ArrayList<>();
        for (int number = 0; number < patterns.size(); number++) {
            tree.add(patterns.get(number), number);
            if (matches(patterns.get(number), subject)) {
                expected.add(number);
            }
        }
        assertThat(tree.match(subject)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Property
    void isEmptyAgainWhenAllIsRemoved(@ForAll("patterns") List<String> patterns) {
        SubjectTree<Integer> tree = new SubjectTree<>();
        for (int number = 0; number < patterns.size(); number++) {
            tree.add(patterns.get(number), number);
        }
        for (int number = 0; number < patterns.size(); number++) {
            tree.remove(patterns.get(number), number);
        }
        assertThat(tree.isEmpty()).isTrue();
    }

    @Test
    void refusesSubjectsThatAreNone() {
        for (String bad : List.of("", ".", "a.", ".a", "a..b", "a b", "a\tb", "a.>.b")) {
            assertThatThrownBy(() -> new SubjectTree<String>().add(bad, "x"))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new SubjectTree<String>().match("a.*")).isInstanceOf(IllegalArgumentException.class);
    }

    /** The rule as one reads it, slow and plain. */
    private static boolean matches(String pattern, String subject) {
        String[] wanted = pattern.split("\\.");
        String[] found = subject.split("\\.");
        for (int at = 0; at < wanted.length; at++) {
            if (wanted[at].equals(">")) {
                return found.length > at;
            }
            if (at >= found.length || !wanted[at].equals("*") && !wanted[at].equals(found[at])) {
                return false;
            }
        }
        return wanted.length == found.length;
    }

    @Provide
    Arbitrary<List<String>> patterns() {
        Arbitrary<String> token = Arbitraries.of("a", "b", "c", "*");
        Arbitrary<String> whole = token.list().ofMinSize(1).ofMaxSize(4).map(tokens -> String.join(".", tokens));
        Arbitrary<String> tailed = whole.map(pattern -> pattern + ".>");
        return Arbitraries.oneOf(whole, tailed, Arbitraries.just(">")).list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<String> subjects() {
        return Arbitraries.of("a", "b", "c").list().ofMinSize(1).ofMaxSize(5).map(tokens -> String.join(".", tokens));
    }
}
