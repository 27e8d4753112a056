package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Nearest;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void findsTheNameThatWasMeant() {
        assertThat(Names.nearest("helo", List.of("shop", "hello", "help-desk"))).contains("hello");
    }

    @Test
    void findsNothingWhereNothingIsNear() {
        assertThat(Names.nearest("payments", List.of("shop", "hello"))).isEmpty();
    }

    @Test
    void doesNotComputeForEndlessNames() {
        assertThat(Names.nearest("x".repeat(100_000), List.of("x"))).isEmpty();
    }

    @Property
    void distanceIsSymmetricAndZeroOnlyForTheSame(
            @ForAll @StringLength(max = 12) String one, @ForAll @StringLength(max = 12) String other) {
        assertThat(Nearest.distance(one, other)).isEqualTo(Nearest.distance(other, one));
        assertThat(Nearest.distance(one, other) == 0).isEqualTo(one.equals(other));
    }
}
