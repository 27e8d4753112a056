package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Api;
import holt.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What happens when things are killed. */
final class HealingTest {
    private static RunningHolt holt;

    @BeforeAll
    static void start() {
        holt = RunningHolt.start();
    }

    @AfterAll
    static void stop() {
        holt.close();
    }

    @Test
    void aKilledInstanceIsReplaced() throws Exception {
        holt.pushExample("mortal", "python").succeeded();
        Api.ProcessView before = holt.instances("mortal").getFirst();
        killProgram("mortal", before.pid());
        await().atMost(RunningHolt.PATIENCE)
                .until(() -> holt.instances("mortal").getFirst().restarts() == 1
                        && holt.instances("mortal").getFirst().state().equals("running"));
        holt.awaitAnswer("mortal", 200);
        assertThat(holt.instances("mortal").getFirst().pid()).isEqualTo(before.pid());
        assertThat(holt.run("events", "mortal").succeeded().out()).contains("crashed");
    }

    @Test
    void applicationsOutliveTheServerAndAreNotRestarted() {
        holt.pushExample("survivor", "python").succeeded();
        long before = served();
        Api.ProcessView process = holt.instances("survivor").getFirst();
        holt.killServer();
        holt.up();
        holt.awaitAnswer("survivor", 200);
        Api.ProcessView after = holt.instances("survivor").getFirst();
        assertThat(after.pid()).isEqualTo(process.pid());
        assertThat(after.restarts()).isEqualTo(process.restarts());
        assertThat(served()).as("requests that the program remembers").isGreaterThan(before);
    }

    @Test
    void anInstanceThatEndedWhileTheServerWasAwayIsReplaced() throws Exception {
        holt.pushExample("orphan", "python").succeeded();
        long pid = holt.instances("orphan").getFirst().pid();
        holt.killServer();
        killProgram("orphan", pid);
        holt.up();
        holt.awaitAnswer("orphan", 200);
        assertThat(holt.instances("orphan").getFirst().restarts()).isEqualTo(1);
    }

    @Test
    void anAppThatKeepsCrashingIsSlowedDownVisibly() {
        holt.pushExample("shaky", "misbehave", "--env", "MODE=crash", "--env", "SECONDS_TO_LIVE=1")
                .succeeded();
        await().atMost(RunningHolt.PATIENCE)
                .until(() -> holt.run("events", "shaky").succeeded().out().contains("flapping"));
        assertThat(holt.app("shaky").health()).isIn("flapping", "starting", "crashed", "running");
        holt.run("delete", "shaky", "--yes").succeeded();
    }

    private static long served() {
        return Json.tree(holt.get("survivor", "/whoami").body().getBytes(StandardCharsets.UTF_8))
                .get("served")
                .asLong();
    }

    /** Ends the program inside the instance, found by its variable, as {@code kill -9} by hand would. */
    static void killProgram(String app, long pid) throws IOException {
        List<Path> found;
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            found = processes
                    .filter(path -> path.getFileName().toString().chars().allMatch(Character::isDigit))
                    .filter(path -> has(path, "environ", "HOLT_PID=" + pid) && has(path, "environ", "HOLT_APP=" + app))
                    .filter(path -> has(path, "cmdline", "app.py") && !has(path, "cmdline", "sh"))
                    .toList();
        }
        assertThat(found).isNotEmpty();
        found.forEach(path -> ProcessHandle.of(Long.parseLong(path.getFileName().toString()))
                .ifPresent(ProcessHandle::destroyForcibly));
    }

    private static boolean has(Path process, String file, String text) {
        try {
            return Files.readString(process.resolve(file), java.nio.charset.StandardCharsets.ISO_8859_1)
                    .contains(text);
        } catch (IOException gone) {
            return false;
        }
    }
}
