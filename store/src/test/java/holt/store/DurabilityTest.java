package holt.store;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Truth;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** Kills a committing program at moments that nobody chose, again and again on the same file. */
class DurabilityTest {
    private static final int KILLS = 4;
    private static final int MOST_COMMITS_BEFORE_A_KILL = 400;

    @TempDir
    Path folder;

    @RepeatedTest(2)
    void whatWasAcknowledgedSurvivesKillsAtAnyMoment(RepetitionInfo repetition) throws Exception {
        Random random = new Random(repetition.getCurrentRepetition());
        Path file = folder.resolve("truth.db");
        for (int kill = 0; kill < KILLS; kill++) {
            long acknowledged = commitUntilKilled(file, 1 + random.nextInt(MOST_COMMITS_BEFORE_A_KILL));
            try (TruthStore store = TruthStore.open(file)) {
                Truth truth = store.load();
                assertThat(truth.lastEventId()).isBetween(acknowledged, acknowledged + 1);
                assertThat(store.events("shop", 0, Integer.MAX_VALUE)).hasSize((int) truth.lastEventId());
                assertThat(truth.processes()).hasSize((int) truth.lastEventId());
            }
        }
    }

    /** Returns the last number the program had printed when it was dead. */
    private static long commitUntilKilled(Path file, int commits) throws IOException, InterruptedException {
        java.lang.Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NumberedCommits.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = program.inputReader(StandardCharsets.US_ASCII)) {
            long last = 0;
            for (int count = 0; count < commits; count++) {
                last = Long.parseLong(lines.readLine());
            }
            program.toHandle().destroyForcibly(); // unlike the process itself, its handle leaves the output readable
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = Long.parseLong(line);
            }
            return last;
        } finally {
            program.destroyForcibly();
            assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
