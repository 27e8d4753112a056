package holt.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void countsEdits() {
        assertThat(Nearest.distance("", "")).isZero();
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("port", "post")).isEqualTo(1);
        assertThat(Nearest.distance("prot", "port")).isEqualTo(1);
        assertThat(Nearest.distance("psuh", "push")).isEqualTo(1);
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    }

    @Test
    void findsWhatWasMeantAndNothingWhereNothingIsNear() {
        assertThat(Nearest.to("http.prot", List.of("http.bind", "http.port"))).contains("http.port");
        assertThat(Nearest.to("payments", List.of("shop", "hello"))).isEmpty();
    }

    @Property
    void swappingTwoNeighboursIsOneEditAtMost(
            @ForAll @StringLength(min = 2, max = 12) String word, @ForAll @IntRange(max = 10) int at) {
        int first = at % (word.length() - 1);
        String swapped =
                word.substring(0, first) + word.charAt(first + 1) + word.charAt(first) + word.substring(first + 2);
        assertThat(Nearest.distance(word, swapped)).isEqualTo(word.equals(swapped) ? 0 : 1);
    }
}
