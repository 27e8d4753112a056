package holt.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HostReportTest {
    @Test
    void withoutLastLogsItStillTellsHowEachProcessEnded() {
        HostReport report = report(
                process(1, new Exit(Exit.Reason.EXITED, 3, "exited with code 3", List.of("last words"))),
                process(2, null));
        HostReport brief = report.withoutLastLogs();
        assertThat(brief)
                .isEqualTo(report(
                        process(1, new Exit(Exit.Reason.EXITED, 3, "exited with code 3", List.of())),
                        process(2, null)));
        assertThat(report.withoutProcesses()).isEqualTo(report());
    }

    private static HostReport report(ProcessReport... processes) {
        return new HostReport(
                "host",
                "epoch",
                7,
                "plain",
                "",
                List.of("careful"),
                4,
                1L << 30,
                1L << 20,
                Instant.EPOCH,
                List.of(processes));
    }

    private static ProcessReport process(long pid, Exit exit) {
        return new ProcessReport(
                "host",
                "epoch",
                7,
                pid,
                1,
                "instance",
                "app",
                0,
                1,
                ProcessState.RUNNING,
                "10.0.0.1",
                80,
                Instant.EPOCH,
                5,
                6,
                exit);
    }
}
