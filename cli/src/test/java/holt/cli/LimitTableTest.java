package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Api;
import holt.model.Limits;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is used, beside what may be. */
class LimitTableTest {
    private static final Limits ALL = new Limits(256 << 20, 1500, 512, 1 << 30, 4096, 10 << 20, 50 << 20);

    private static Api.ProcessView process(Limits limits, Api.LoadView load) {
        return new Api.ProcessView(
                210,
                2,
                "instance",
                "shop",
                0,
                1,
                "running",
                "box",
                "10.0.0.2",
                8080,
                31 << 20,
                256 << 20,
                3.14,
                0,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                limits,
                load);
    }

    @Test
    void everyLimitStandsBesideWhatIsUsed() {
        List<String> lines = LimitTable.of(List.of(
                        new PsCommand.Row("", process(ALL, new Api.LoadView(12, 12 << 20, 1_500_000, 300 << 10)))))
                .lines(Terminal.none());
        assertThat(lines.get(1).strip().split("\\s+"))
                .containsExactly(
                        "210",
                        "shop/0",
                        "running",
                        "31M/256M",
                        "3.1%/150%",
                        "12/512",
                        "12M/1G",
                        "-/4096",
                        "1M/10M",
                        "300K/10M",
                        "-/50M");
        assertThat(lines).allMatch(line -> line.length() <= 100);
    }

    @Test
    void whatHasNoLimitStandsAlone() {
        Api.ProcessView free = process(new Limits(256 << 20, 0, 512), new Api.LoadView(0, 0, 0, 700));
        assertThat(LimitTable.cpu(free)).isEqualTo("3.1%");
        assertThat(LimitTable.disk(free)).isEmpty();
        assertThat(LimitTable.disk(process(null, null))).isEmpty();
    }
}
