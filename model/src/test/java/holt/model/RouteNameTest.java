package holt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteNameTest {

    @ParameterizedTest
    @CsvSource({
        "shop,shop.localhost",
        "Shop.Example.ORG,shop.example.org",
        "http://shop.example,shop.example",
        "' shop ',shop.localhost",
        "1.2,1.2"
    })
    void givesTheCanonicalForm(String route, String canonical) {
        assertThat(RouteName.check(route, "localhost")).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "a..b", "-a", "a-", "a.-b", "a:80", "a/b", "*.a", "a b", "ä.org", "http://", "a\nb", "a."
            })
    void refusesWhatIsNoHostName(String route) {
        assertThatThrownBy(() -> RouteName.check(route, "localhost"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo(ErrorCode.ROUTE_INVALID));
    }

    @Test
    void thePlatformsOwnNamesAreRefused() {
        for (String route : new String[] {"localhost", "http://localhost", "api", "api.localhost", "API.LOCALHOST"}) {
            assertThatThrownBy(() -> RouteName.check(route, "localhost"))
                    .as(route)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("platform");
        }
        assertThat(RouteName.check("api.example.test", "localhost")).isEqualTo("api.example.test");
    }

    @Test
    void aLabelHasAtMost63Characters() {
        assertThat(RouteName.check("a".repeat(63), "localhost")).hasSize(63 + 10);
        assertThatThrownBy(() -> RouteName.check("a".repeat(64), "localhost")).isInstanceOf(ProblemException.class);
    }

    @Property
    void anythingIsRefusedOrMadeCanonicalOnceAndForAll(@ForAll @StringLength(max = 80) String route) {
        checkCanonical(route);
    }

    @Property
    void likelyNamesAreRefusedOrMadeCanonicalOnceAndForAll(@ForAll("likely") String route) {
        checkCanonical(route);
    }

    @Provide
    Arbitrary<String> likely() {
        return Arbitraries.strings().withChars("aZ09-. ").ofMaxLength(30);
    }

    private static void checkCanonical(String route) {
        String canonical;
        try {
            canonical = RouteName.check(route, "localhost");
        } catch (ProblemException refusal) {
            return;
        }
        assertThat(RouteName.check(canonical, "localhost")).isEqualTo(canonical);
        assertThat(canonical)
                .contains(".")
                .isEqualTo(canonical.toLowerCase(Locale.ROOT))
                .matches("[a-z0-9.-]+");
    }
}
