package holt.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.model.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealTest {
    private static final byte[] PLAIN = "a secret".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, String> VARIABLES = Map.of("PASSWORD", "p\"ä\n", "EMPTY", "");

    @TempDir
    Path home;

    private Path keyFile;
    private Seal seal;

    @BeforeEach
    void open() {
        keyFile = home.resolve("secrets/seal.key");
        seal = Seal.open(keyFile);
    }

    @Test
    void whatWasSealedCanBeOpenedAfterARestart() {
        String sealed = seal.seal(PLAIN);
        assertThat(Seal.open(keyFile).open(sealed)).isEqualTo(PLAIN);
        assertThat(seal.open(seal.seal(new byte[0]))).isEmpty();
    }

    @Test
    void sealingTwiceGivesTwoTexts() {
        assertThat(seal.seal(PLAIN)).isNotEqualTo(seal.seal(PLAIN));
    }

    @Test
    void environmentsComeBackAndNothingOfThemCanBeRead() {
        String sealed = seal.sealEnvironment(VARIABLES);
        assertThat(sealed).startsWith("e1.").doesNotContain("PASSWORD");
        assertThat(Seal.open(keyFile).openEnvironment(sealed)).isEqualTo(VARIABLES);
    }

    @Test
    void equalEnvironmentsGiveEqualTexts() {
        Map<String, String> otherOrder = new LinkedHashMap<>();
        otherOrder.put("EMPTY", "");
        otherOrder.put("PASSWORD", "p\"ä\n");
        assertThat(seal.sealEnvironment(otherOrder)).isEqualTo(seal.sealEnvironment(VARIABLES));
        assertThat(Seal.open(keyFile).sealEnvironment(VARIABLES)).isEqualTo(seal.sealEnvironment(VARIABLES));
        assertThat(seal.sealEnvironment(Map.of("A", "1"))).isNotEqualTo(seal.sealEnvironment(Map.of("A", "2")));
    }

    @Test
    void theEmptyEnvironmentIsTheEmptyText() {
        assertThat(seal.sealEnvironment(Map.of())).isEmpty();
        assertThat(seal.openEnvironment("")).isEmpty();
    }

    @Test
    void environmentsAreComparedByWhatTheyHold() {
        String one = seal.sealEnvironment(VARIABLES);
        assertThat(seal.sameEnvironment(one, one)).isTrue();
        assertThat(seal.sameEnvironment("", "")).isTrue();
        assertThat(seal.sameEnvironment(one, "")).isFalse();
        assertThat(seal.sameEnvironment(one, seal.sealEnvironment(Map.of("A", "1"))))
                .isFalse();
    }

    @Test
    void aChangedTextCannotBeOpened() {
        for (String sealed : List.of(seal.seal(PLAIN), seal.sealEnvironment(VARIABLES))) {
            for (int at = 0; at < sealed.length() - 1; at++) {
                String changed =
                        sealed.substring(0, at) + (sealed.charAt(at) == 'A' ? 'B' : 'A') + sealed.substring(at + 1);
                assertThatThrownBy(() -> seal.open(changed)).isInstanceOf(ProblemException.class);
            }
            String otherForm = (sealed.startsWith("s1.") ? "e1." : "s1.") + sealed.substring(3);
            assertThatThrownBy(() -> seal.open(otherForm)).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void whatIsNoSealedTextCannotBeOpened() {
        for (String text : List.of("", "s", "s1.", "s1.AAAA", "s1.!!!", "{}", "x9.AAAA")) {
            assertThatThrownBy(() -> seal.open(text)).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void anotherKeyFileOpensNothing() {
        String sealed = seal.seal(PLAIN);
        assertThatThrownBy(() -> Seal.open(home.resolve("other.key")).open(sealed))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("another key");
    }

    @Test
    void onlyThePlatformsUserMayReadTheKey() throws IOException {
        assertThat(mode(keyFile)).isEqualTo("rw-------");
        assertThat(mode(keyFile.getParent())).isEqualTo("rwx------");
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r--r--"));
        Seal.open(keyFile);
        assertThat(mode(keyFile)).isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(keyFile.getParent())) {
            assertThat(files).containsExactly(keyFile);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aDamagedKeyFileIsRefusedAndNotReplaced() throws IOException {
        Files.writeString(keyFile, "1234\n");
        assertThatThrownBy(() -> Seal.open(keyFile))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(keyFile.toString());
        assertThat(keyFile).hasContent("1234\n");
    }

    @Test
    void programsThatStartTogetherGetTheSameKey() throws Exception {
        Path shared = home.resolve("shared/seal.key");
        Callable<String> opened = () -> Seal.open(shared).sealEnvironment(VARIABLES);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> sealed = threads.invokeAll(java.util.Collections.nCopies(16, opened));
            String first = sealed.getFirst().get();
            for (Future<String> each : sealed) {
                assertThat(each.get()).isEqualTo(first);
            }
        }
    }
}
