package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the recordings tell what nats-server does, and that playing scripts has one outcome. */
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
        Map<String, List<String>> answers = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        try (NatsReference nats = NatsReference.start(temporary, settings.nats())) {
            for (WireScript script : scripts) {
                answers.put(script.name(), WirePlayer.play(script, nats.port(), 1));
                List<String> again = WirePlayer.play(script, nats.port(), 1);
                if (!again.equals(answers.get(script.name()))) {
                    faults.add(script.name() + "\n  " + answers.get(script.name()) + "\n  " + again);
                }
            }
        }
        if (Boolean.getBoolean("holt.wire.record")) {
            WireRecording.write(file, answers);
        }
        assertThat(faults).as(String.join("\n", faults)).isEmpty();
        assertThat(answers).isEqualTo(WireRecording.read(file));
    }
}
