package holt.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Histories that once broke a rule, shrunk: every file in {@code histories}. */
final class HistoriesTest {

    static Stream<Path> histories() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(HistoriesTest.class.getResource("/histories"))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("histories")
    void theRulesHoldNow(Path file) throws IOException {
        Outcome outcome = new Simulator().run(HistoryText.read(Files.readString(file)));
        assertThat(outcome.found()).as("%s", file.getFileName()).isEmpty();
    }
}
