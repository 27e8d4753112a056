package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a real platform decided, it decides again: in another process, from its recording alone. */
final class RecordingTest {
    private static final String RECORDING = "recording.jsonl";
    private static final String SECRET = "correct-horse-battery-staple";

    @Test
    void aReplayOfWhatTheRealPlatformSawGivesTheSameEffects() throws Exception {
        try (RunningHolt holt = RunningHolt.stopped()) {
            holt.up("--debug-record", RECORDING);
            holt.pushExample("taped", "python", "--env", "PASSWORD=" + SECRET).succeeded();
            holt.run("scale", "taped", "3").succeeded();
            awaitRunning(holt, 3);
            HealingTest.killProgram("taped", holt.instances("taped").getFirst().pid());
            await().atMost(RunningHolt.PATIENCE)
                    .until(() -> holt.instances("taped").stream().anyMatch(each -> each.restarts() == 1));
            holt.killServer();
            holt.up("--debug-record", RECORDING);
            holt.awaitAnswer("taped", 200);
            holt.run("scale", "taped", "1").succeeded();
            awaitRunning(holt, 1);
            holt.run("delete", "taped", "--yes").succeeded();
            String token = holt.token();
            holt.run("down").succeeded();

            Path recording = holt.home().resolve(RECORDING);
            assertThat(Files.getPosixFilePermissions(recording))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(Files.readString(recording)).doesNotContain(SECRET).doesNotContain(token);
            var result = Json.tree(holt.run("replay", recording.toString(), "--json")
                    .succeeded()
                    .out()
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(result.get("brains").asInt()).isEqualTo(2);
            assertThat(result.get("inputs").asInt()).isGreaterThan(20);
            assertThat(result.get("effects").asInt()).isGreaterThan(20);
            assertThat(holt.run("replay", recording.toString()).succeeded().out())
                    .contains("of 2 brains");
            aDifferenceAndADamagedLineAreShown(holt, recording);
        }
    }

    private static void aDifferenceAndADamagedLineAreShown(RunningHolt holt, Path recording) throws Exception {
        List<String> lines = new ArrayList<>(Files.readAllLines(recording));
        int scaling = 0;
        while (!lines.get(scaling).contains("ScaleApp")) {
            scaling++;
        }
        lines.set(scaling, lines.get(scaling).replaceFirst("\"count\":3", "\"count\":4"));
        Files.write(recording, lines);
        assertThat(holt.run("replay", recording.toString()).failed(1).out())
                .contains("line     " + (scaling + 1))
                .contains("\"count\":4");

        lines.set(1, "{");
        Files.write(recording, lines);
        assertThat(holt.run("replay", recording.toString()).failed(1).err())
                .contains("line 2")
                .contains("Expected");
        assertThat(holt.run("replay", "no-such-file").failed(1).err()).contains("no-such-file");
        holt.run("replay").failed(2);
    }

    private static void awaitRunning(RunningHolt holt, int instances) {
        await().atMost(RunningHolt.PATIENCE)
                .until(() -> holt.instances("taped").size() == instances
                        && holt.instances("taped").stream()
                                .allMatch(each -> each.state().equals("running")));
    }
}
