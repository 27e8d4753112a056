package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same bytes, good and bad, to ours and to Debian's nats-server: the same answers. Scripts are in {@code wire/*.wire},
 * what nats-server 2.9.10 answered in {@code wire/recorded/}; where it is installed it is asked again. Where ours answers
 * otherwise on purpose, {@code wire/deviations.txt} says why and what; one that no longer exists has to go from there.
 */
final class WireDifferentialTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "wire");

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource
    void answersAsNatsServerDoes(WireSettings settings, TestReporter reporter) throws IOException {
        List<WireScript> scripts = WireScript.read(FOLDER.resolve(settings.file() + ".wire"));
        Map<String, List<String>> expected = expected(settings, scripts, reporter);
        Map<String, List<String>> deviations = WireRecording.read(FOLDER.resolve("deviations.txt"));
        List<String> faults = new ArrayList<>();
        try (BusServer server = BusServer.start(settings.holt())) {
            for (WireScript script : scripts) {
                String name = settings.file() + ": " + script.name();
                List<String> nats = expected.get(script.name());
                List<String> deviation = deviations.get(name);
                if (nats.equals(deviation)) {
                    faults.add(name + ": listed as a deviation, but nats-server answers the same");
                }
                List<String> due = deviation == null ? nats : deviation;
                for (int pieces : pieces(script)) {
                    List<String> ours = WirePlayer.play(script, server.port(), pieces, due);
                    if (!ours.equals(due)) {
                        faults.add(difference(name, pieces, due, ours));
                    }
                }
            }
        }
        assertThat(faults).as(String.join("\n", faults)).isEmpty();
    }

    @Test
    void listsDeviationsOfScriptsThatAreThere() throws IOException {
        List<String> names = new ArrayList<>();
        for (WireSettings settings : WireSettings.values()) {
            for (WireScript script : WireScript.read(FOLDER.resolve(settings.file() + ".wire"))) {
                names.add(settings.file() + ": " + script.name());
            }
        }
        assertThat(names).doesNotHaveDuplicates();
        assertThat(names)
                .containsAll(
                        WireRecording.read(FOLDER.resolve("deviations.txt")).keySet());
    }

    /** Whole, in two and three pieces, and, where it is short, each byte by itself. */
    static List<Integer> pieces(WireScript script) {
        int bytes = script.steps().stream()
                .mapToInt(step -> WireScript.bytes(step.text()).length)
                .sum();
        boolean waits = script.steps().stream().anyMatch(step -> step.kind() == WireScript.Kind.CLOSED);
        if (bytes == 0 || waits) {
            return List.of(1);
        }
        return bytes <= 500 ? List.of(1, 2, 3, 0) : List.of(1, 2, 3);
    }

    private Map<String, List<String>> expected(WireSettings settings, List<WireScript> scripts, TestReporter reporter)
            throws IOException {
        Path file = FOLDER.resolve("recorded").resolve(settings.file() + ".txt");
        if (!NatsReference.installed()) {
            reporter.publishEntry("nats-server", "not installed: compared with what 2.9.10 was recorded to answer");
            return WireRecording.read(file);
        }
        Map<String, List<String>> recorded = WireRecording.read(file);
        Map<String, List<String>> answers = new LinkedHashMap<>();
        try (NatsReference nats = NatsReference.start(temporary, settings.nats())) {
            for (WireScript script : scripts) {
                answers.put(script.name(), WirePlayer.play(script, nats.port(), 1, recorded.get(script.name())));
            }
        }
        return answers;
    }

    private static String difference(String name, int pieces, List<String> expected, List<String> actual) {
        return "%s (%s)\n  expected:\n    %s\n  ours:\n    %s"
                .formatted(
                        name,
                        pieces == 0 ? "each byte by itself" : "in pieces: " + pieces,
                        String.join("\n    ", expected),
                        String.join("\n    ", actual));
    }
}
