package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PastKeysTest {
    @TempDir
    private Path home;

    @Test
    void aFreshHomeHasNone() throws IOException {
        assertThat(new PastKeys(home, 3).load()).isEmpty();
    }

    @Test
    void theNextAgentFindsTheNewestInOrder() throws IOException {
        PastKeys keys = new PastKeys(home, 3);
        for (int pid = 1; pid <= 20; pid++) {
            keys.add(new InstanceKey(pid, pid + 1));
        }
        assertThat(new PastKeys(home, 3).load())
                .containsExactly(new InstanceKey(18, 19), new InstanceKey(19, 20), new InstanceKey(20, 21));
    }

    @Test
    void theFileStaysSmallAndPrivate() throws IOException {
        PastKeys keys = new PastKeys(home, 3);
        for (int pid = 1; pid <= 100; pid++) {
            keys.add(new InstanceKey(pid, 1));
        }
        Path file = home.resolve("past");
        assertThat(Files.readAllLines(file)).hasSizeLessThan(7);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aLineCutOffByACrashIsPassedOver() throws IOException {
        PastKeys keys = new PastKeys(home, 3);
        keys.add(new InstanceKey(7, 2));
        Files.writeString(home.resolve("past"), "8.", StandardOpenOption.APPEND);
        assertThat(new PastKeys(home, 3).load()).containsExactly(new InstanceKey(7, 2));
    }
}
