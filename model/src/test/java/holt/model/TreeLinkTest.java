package holt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TreeLinkTest {
    @Test
    void linksInsideTheTreeAreKept() {
        assertThat(tree("a -> b/c", "b/d -> ../a", "dangling -> not/there").entries())
                .hasSize(3);
    }

    @Test
    void aLinkThatLeadsOutThroughAnotherLinkIsRefused() {
        assertThatThrownBy(() -> tree("d/l -> ..", "x -> d/l/.."))
                .hasMessageContaining("'x'")
                .hasMessageContaining("outside");
        assertThatThrownBy(() -> tree("a/b/c -> ../..", "a/e -> b/c/../etc")).hasMessageContaining("outside");
    }

    @Test
    void aLinkInAPathIsFollowedBeforeTheRestOfIt() {
        assertThat(tree("a/b/up -> ..", "x -> a/b/up/b").entries()).hasSize(2);
    }

    @Test
    void aCircleOfLinksIsRefused() {
        assertThatThrownBy(() -> tree("a -> b", "b -> a")).hasMessageContaining("through more than");
    }

    private static Tree tree(String... links) {
        List<TreeEntry> entries = Arrays.stream(links)
                .map(link -> link.split(" -> "))
                .map(parts -> TreeEntry.link(parts[0], parts[1]))
                .toList();
        return new Tree(entries);
    }
}
