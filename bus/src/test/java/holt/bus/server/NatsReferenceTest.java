package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * That the recordings tell what nats-server does, and that playing scripts has one outcome. With {@code
 * -Dholt.wire.record=true} the recordings are written anew.
 */
final class NatsReferenceTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "wire");

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource
    void answersAsRecordedAndTheSameTwice(WireSettings settings) throws IOException {
        assumeTrue(NatsReference.installed(), "nats-server is not installed: nothing to compare the recording with");
        Path file = FOLDER.resolve("recorded").resolve(settings.file() + ".txt");
        List<WireScript> scripts = WireScript.read(FOLDER.resolve(settings.file() + ".wire"));
        Map<String, List<String>> before = WireRecording.read(file);
        Map<String, List<String>> answers = new LinkedHashMap<>();
        Map<String, List<String>> again = new LinkedHashMap<>();
        try (NatsReference nats = NatsReference.start(temporary, settings.nats())) {
            for (WireScript script : scripts) {
                answers.put(script.name(), WirePlayer.play(script, nats.port(), 1, before.get(script.name())));
                again.put(script.name(), WirePlayer.play(script, nats.port(), 1, answers.get(script.name())));
            }
        }
        if (Boolean.getBoolean("holt.wire.record")) {
            WireRecording.write(file, answers);
        }
        Map<String, List<String>> recorded = WireRecording.read(file);
        assertThat(answers.keySet()).as("scripts that are recorded").isEqualTo(recorded.keySet());
        answers.forEach((name, answer) -> {
            assertThat(again.get(name)).as("%s, played again", name).isEqualTo(answer);
            assertThat(answer).as("%s, as recorded", name).isEqualTo(recorded.get(name));
        });
    }
}
