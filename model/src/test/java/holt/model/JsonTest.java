package holt.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    @ParameterizedTest
    @ValueSource(strings = {"1.5", "\"2\"", "true", "1e3", "99999999999"})
    void aNumberOfABodyIsWholeAndInRangeOrRefusedWithItsPlace(String value) {
        assertThatThrownBy(() -> body("{\"instances\":" + value + "}"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("instances");
    }

    @Test
    void anUnknownFieldIsNamedWithTheKnownOnes() {
        assertThatThrownBy(() -> body("{\"instanzes\":1}"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("instanzes")
                .hasMessageContaining("command, instances, limits, memory");
    }

    @Test
    void whatIsRightIsRead() {
        assertThat(body("{\"instances\":3}").instances()).isEqualTo(3);
    }

    private static Api.PatchApp body(String json) {
        return Json.readStrictly(json.getBytes(UTF_8), Api.PatchApp.class);
    }
}
