package holt.server;

import static org.assertj.core.api.Assertions.assertThat;

import holt.cli.CliContext;
import holt.cli.Interruption;
import holt.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code holt simulate} as people call it. */
final class SimulateCommandTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int holt(String... arguments) {
        return Main.run(
                new CliContext(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(new byte[0]),
                        Map.of(),
                        Terminal.none(),
                        folder,
                        () -> Instant.EPOCH,
                        () -> ZoneOffset.UTC,
                        prompt -> null,
                        Interruption.none()),
                arguments);
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRunIsSummedUpAndDrawn() {
        assertThat(holt("simulate", "--hosts", "3", "--hours", "0.1", "--svg", "drift.svg"))
                .isZero();
        assertThat(said()).contains("All rules held.", "3 hosts, seed 42", "trace");
        assertThat(folder.resolve("drift.svg")).content().startsWith("<svg");
    }

    @Test
    void programsGetJsonAndNothingElse() {
        assertThat(holt("simulate", "--hosts", "3", "--hours", "0.1", "--faults", "none", "--json"))
                .isZero();
        assertThat(said()).startsWith("{").contains("\"summary\":{\"simulatedMillis\":");
    }

    @Test
    void aHistoryThatDoesNotComeToRestEndsWithOneAndIsTold() throws Exception {
        Files.writeString(folder.resolve("found.txt"), """
                cluster seed=1 hosts=1 routers=1 memory=2048 until=30
                5.0 push app=app-0 instances=2 droplet=web-0 memory=64
                9.0 fault kind=host-crash target=0 count=1 for=60 strength=0
                10.0 settle within=20
                """);
        assertThat(holt("simulate", "--history", "found.txt")).isEqualTo(1);
        assertThat(said()).contains("A rule was broken: drift-reaches-zero", "host-crash", "--history FILE");
    }

    @Test
    void wrongValuesAreNamed() {
        assertThat(holt("simulate", "--faults", "partitoin")).isEqualTo(1);
        assertThat(holt("simulate", "--hosts", "0")).isEqualTo(1);
        assertThat(holt("simulate", "--history", "nothing.txt")).isEqualTo(1);
        assertThat(holt("simulate", "--hosts", "1", "--hours", "0.1", "--svg", "none/drift.svg"))
                .isEqualTo(1);
        assertThat(complained())
                .contains("Did you mean partition?", "--hosts cannot be 0", "'nothing.txt'", "there is no " + folder)
                .doesNotContain("Exception");
    }
}
