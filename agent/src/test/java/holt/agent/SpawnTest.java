package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnTest {
    private static final List<String> SHOW = List.of(
            "/bin/sh", "-c", "read -r line; echo \"$line $A\"; echo wrong >&2; ls /proc/self/fd | wc -l; exit 7");

    @TempDir
    Path folder;

    @Test
    void programGetsItsPipeItsFilesItsVariablesAndNoOtherDescriptor() throws IOException {
        Spawn.Pipe pipe = Spawn.pipe();
        int pid = Spawn.start(SHOW, Map.of("A", "b c", "PATH", "/usr/bin:/bin"), pipe.reading(), out(), err());
        Spawn.write(pipe.writing(), "told\n".getBytes(StandardCharsets.UTF_8));
        assertThat(Spawn.collect(pid)).isEqualTo(7);
        close(pipe);
        assertThat(Files.readAllLines(out())).containsExactly("told b c", "4");
        assertThat(Files.readAllLines(err())).containsExactly("wrong");
    }

    @Test
    void javasOwnWayDoesTheSame() throws IOException {
        Spawn.Pipe pipe = Spawn.pipe();
        Spawn.write(pipe.writing(), "told\n".getBytes(StandardCharsets.UTF_8));
        Map<String, String> environment = Map.of("A", "b c", "PATH", "/usr/bin:/bin");
        assertThat(Spawn.runInJava(SHOW, environment, pipe.reading(), out(), err()))
                .isEqualTo(7);
        close(pipe);
        assertThat(Files.readAllLines(out())).startsWith("told b c");
        assertThat(Files.readAllLines(err())).containsExactly("wrong");
    }

    @Test
    void whatKilledItIsTold() throws IOException {
        int pid = Spawn.start(List.of("/bin/sh", "-c", "kill -9 $$"), Map.of(), -1, out(), err());
        assertThat(Spawn.collect(pid)).isEqualTo(137);
    }

    @Test
    void programThatIsNotThereIsTold() {
        assertThatThrownBy(() -> Spawn.start(List.of("/no/such"), Map.of(), -1, out(), err()))
                .hasMessageContaining("/no/such");
    }

    private Path out() {
        return folder.resolve("out");
    }

    private Path err() {
        return folder.resolve("err");
    }

    private static void close(Spawn.Pipe pipe) throws IOException {
        Native.close(pipe.reading());
        Native.close(pipe.writing());
    }
}
