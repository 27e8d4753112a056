package holt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits as people write them. */
class LimitTextTest {
    private static final Limits BASE = new Limits(64 << 20, 700, 100, 1 << 30, 2000, 5 << 20, 6 << 20);

    @Test
    void whatIsNotSaidStays() {
        assertThat(LimitText.apply(null, BASE)).isEqualTo(BASE);
        assertThat(LimitText.apply(new Api.LimitsBody(null, null, null, null, null, null), BASE))
                .isEqualTo(BASE);
    }

    @Test
    void whatIsSaidIsTaken() {
        assertThat(LimitText.apply(new Api.LimitsBody("1.5", "2G", "64", "8192", "10M", "50MiB/s"), BASE))
                .isEqualTo(new Limits(64 << 20, 1500, 64, 2L << 30, 8192, 10 << 20, 50 << 20));
        assertThat(LimitText.apply(new Api.LimitsBody("500m", null, null, null, null, null), BASE)
                        .cpuMillis())
                .isEqualTo(500);
    }

    @Test
    void noneTakesALimitAway() {
        assertThat(LimitText.apply(new Api.LimitsBody("none", "None", null, "none", "none", " none "), BASE))
                .isEqualTo(new Limits(64 << 20, 0, 100, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "cpu,0",
        "cpu,0.001",
        "cpu,-1",
        "cpu,1.2345",
        "cpu,99999",
        "cpu,x",
        "cpu,9999999999m",
        "disk,1K",
        "disk,99T",
        "disk,1.5G",
        "disk,999999999999T",
        "pids,1",
        "pids,none",
        "pids,x",
        "files,1",
        "files,99999999999",
        "bandwidth,1",
        "bandwidth,fast",
        "io,0",
        "io,-5M"
    })
    void whatCannotBeIsRefusedWithWhatCould(String what, String text) {
        Api.LimitsBody body = new Api.LimitsBody(
                what.equals("cpu") ? text : null,
                what.equals("disk") ? text : null,
                what.equals("pids") ? text : null,
                what.equals("files") ? text : null,
                what.equals("bandwidth") ? text : null,
                what.equals("io") ? text : null);
        assertThatThrownBy(() -> LimitText.apply(body, BASE))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ErrorCode.LIMIT_INVALID))
                .hasMessageContaining(text);
    }
}
