package holt.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFileTest {
    @TempDir
    Path home;

    @Test
    void findsTheServerThatRuns() throws IOException {
        ProcessHandle self = ProcessHandle.current();
        RunFile file = new RunFile(
                self.pid(),
                self.info().startInstant().orElseThrow(),
                "http://127.0.0.1:1",
                1,
                2,
                "localhost",
                List.of());
        file.write(home);
        assertThat(RunFile.running(home)).contains(file);
    }

    @Test
    void aFileLeftByADeadServerCountsAsNone() throws IOException {
        new RunFile(ProcessHandle.current().pid(), Instant.EPOCH, "http://127.0.0.1:1", 1, 2, "localhost", List.of())
                .write(home);
        assertThat(RunFile.running(home)).isEmpty();
    }

    @Test
    void aHomeWithoutServerHasNone() throws IOException {
        assertThat(RunFile.running(home)).isEmpty();
        RunFile.remove(home);
        assertThat(RunFile.running(home)).isEmpty();
    }
}
