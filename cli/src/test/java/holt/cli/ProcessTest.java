package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a process of its own: exit codes, streams and Ctrl-C are the operating system's here. */
class ProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private FakePlatform platform;

    @BeforeEach
    void start() throws IOException {
        platform = FakePlatform.start();
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void resultsGoToStandardOutputAndTheExitCodeToTheShell() throws Exception {
        platform.run("shop", 1);
        Process process = holt("apps", "-q");
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(folder.resolve("out")).hasContent("shop\n");
        assertThat(folder.resolve("err")).isEmptyFile();
    }

    @Test
    void controlCSaysWhatGoesOn() throws Exception {
        platform.stuck = true;
        Files.writeString(Files.createDirectory(folder.resolve("shop")).resolve("a"), "x");
        Process process = holt("push", "--path", "shop");
        await().atMost(LIMIT)
                .until(() -> Files.readString(folder.resolve("out")).contains("is starting on box"));
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(folder.resolve("err")).content().contains("Release 1 of shop goes on coming up", "holt app shop");
        assertThat(platform.apps).containsKey("shop");
    }

    @Test
    void followingEndsWithItsReader() throws Exception {
        platform.run("shop", 1);
        platform.log("shop", 0, "out", "first");
        Process process = holt("logs", "shop", "-f", "--json");
        await().atMost(LIMIT)
                .until(() -> Files.readString(folder.resolve("out")).contains("first"));
        platform.log("shop", 0, "out", "second");
        await().atMost(LIMIT)
                .until(() -> Files.readString(folder.resolve("out")).contains("second"));
        process.destroy();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(folder.resolve("out"))).hasSize(2).allMatch(line -> line.startsWith("{\"at\":"));
    }

    /** A background job's children ignore Ctrl-C, so it is given its meaning back first. */
    private Process holt(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().put("HOLT_HOME", folder.resolve("home").toString());
        builder.environment().put("HOLT_API", platform.url());
        builder.environment().put("HOLT_TOKEN", FakePlatform.TOKEN);
        return builder.start();
    }
}
