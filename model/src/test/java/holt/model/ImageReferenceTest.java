package holt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    private static final String DIGEST = "sha256:" + "a".repeat(64);

    @ParameterizedTest
    @CsvSource({
        "localhost:5000/shop, localhost:5000, shop, latest",
        "registry.example.org/team/shop:1.4, registry.example.org, team/shop, 1.4",
        "127.0.0.1:5000/a/b/c_d.e-f:V_1.2-x, 127.0.0.1:5000, a/b/c_d.e-f, V_1.2-x",
        "[::1]:5000/a, [::1]:5000, a, latest"
    })
    void partsAreFound(String text, String registry, String repository, String version) {
        assertThat(ImageReference.parse(text)).isEqualTo(new ImageReference(registry, repository, version));
    }

    @Test
    void digestWinsOverTag() {
        ImageReference reference = ImageReference.parse("localhost/shop:1@" + DIGEST);
        assertThat(reference.version()).isEqualTo(DIGEST);
        assertThat(reference).hasToString("localhost/shop@" + DIGEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop",
                "shop:1",
                "team/shop",
                "localhost:5000/Shop",
                "localhost:5000/",
                "localhost:5000/shop:",
                "localhost:5000/shop@sha256:12",
                "http://localhost/shop",
                "localhost:5000/../shop",
                "localhost:5000/shop?x=1",
                "localhost:5000/shop:1\nHost: x",
                "user@localhost/shop"
            })
    void whatIsNoReferenceIsRefused(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo(ErrorCode.IMAGE_INVALID));
    }

    @ParameterizedTest
    @CsvSource({
        "localhost/a, true",
        "localhost:5000/a, true",
        "127.0.0.1:5000/a, true",
        "[::1]:5000/a, true",
        "127.0.0.1.example.org/a, false",
        "localhost.example.org/a, false",
        "10.0.0.1:5000/a, false"
    })
    void onlyThisMachinesRegistriesAreLocal(String text, boolean local) {
        assertThat(ImageReference.parse(text).isLocal()).isEqualTo(local);
    }
}
