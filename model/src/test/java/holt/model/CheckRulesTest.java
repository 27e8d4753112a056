package holt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How checks are written, and what they may be. */
class CheckRulesTest {
    private static Api.ChecksBody check(String text) {
        return new Api.ChecksBody(text, null, null, null, null, null, null, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"port", "none", "http:/healthz?deep=1", "command:test -e ready && ./check now"})
    void aCheckIsWrittenAsItIsRead(String text) {
        Readiness readiness = CheckRules.apply(check(text), Readiness.port());
        assertThat(CheckRules.text(readiness.kind(), readiness.target())).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tcp",
                "http:",
                "http:healthz",
                "http:/a b",
                "http:/a\r\nX: y",
                "http:/a#b",
                "http:/ä",
                "command:",
                "command: "
            })
    void whatIsNoCheckIsRefused(String text) {
        assertThatThrownBy(() -> CheckRules.apply(check(text), Readiness.port()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo(ErrorCode.PARAMETER_INVALID));
    }

    @Test
    void whatIsNotSaidStays() {
        Lifecycle base = new Lifecycle(new Liveness(Readiness.Kind.HTTP, "/alive", 7, 3, 2), 30, "./bye");
        assertThat(CheckRules.apply(Api.ChecksBody.NOTHING, base)).isEqualTo(base);
        Api.ChecksBody other = new Api.ChecksBody(null, null, "none", null, null, 5, 0, "");
        assertThat(CheckRules.apply(other, base))
                .isEqualTo(new Lifecycle(new Liveness(Readiness.Kind.NONE, "", 7, 3, 5), 0, ""));
    }

    @Test
    void anotherCheckKeepsTheStartLimit() {
        assertThat(CheckRules.apply(check("none"), new Readiness(Readiness.Kind.HTTP, 90, "/x")))
                .isEqualTo(new Readiness(Readiness.Kind.NONE, 90, ""));
    }
}
