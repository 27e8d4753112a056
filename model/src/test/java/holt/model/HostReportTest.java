package holt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

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

    @Test
    void reportOfThousandsOfProcessesFitsIntoOneMessage() {
        HostReport report = report(LongStream.range(0, 6000)
                .mapToObj(pid -> process(100_000 + pid, null))
                .toArray(ProcessReport[]::new));
        assertThat(Json.bytes(report).length).isGreaterThan(1 << 20);
        byte[] compact = Compact.bytes(report);
        assertThat(compact.length).isLessThan(200 << 10);
        assertThat(Compact.read(compact, HostReport.class)).isEqualTo(report);
        assertThat(Compact.bytes(report())).isEqualTo(Json.bytes(report()));
        assertThat(Compact.read(Json.bytes(report()), HostReport.class)).isEqualTo(report());
    }

    @Test
    void whatLooksPackedAndIsNotOrIsTooLargeIsNoReport() throws IOException {
        assertThatThrownBy(() -> Compact.read(new byte[] {0x1F, (byte) 0x8B, 8, 0, 1}, HostReport.class))
                .isInstanceOf(JacksonException.class);
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream stream = new GZIPOutputStream(bomb)) {
            stream.write(new byte[17 << 20]);
        }
        assertThatThrownBy(() -> Compact.read(bomb.toByteArray(), HostReport.class))
                .isInstanceOf(JacksonException.class);
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
