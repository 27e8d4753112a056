package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Api;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From push to delete, as the README tells it. */
final class LifeOfAnAppTest {
    private static RunningHolt holt;

    @BeforeAll
    static void start() {
        holt = RunningHolt.start();
    }

    @AfterAll
    static void stop() {
        holt.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "node", "python", "ruby", "static"})
    void everyExampleIsStagedRunsAndAnswers(String example) {
        RunningHolt.Outcome push = holt.pushExample("x-" + example, example).succeeded();
        assertThat(push.out()).contains("http://x-" + example + ".localhost:" + holt.httpPort());
        assertThat(holt.get("x-" + example, "/").statusCode()).isEqualTo(200);
        holt.run("delete", "x-" + example, "--yes").succeeded();
        holt.awaitAnswer("x-" + example, 404);
    }

    @Test
    void aPushWithoutAChangeSaysSoAndReplacesNothing() {
        holt.pushExample("same", "python").succeeded();
        long pid = holt.instances("same").getFirst().pid();
        holt.pushExample("same", "python").succeeded();
        assertThat(holt.instances("same").getFirst().pid()).isEqualTo(pid);
        assertThat(holt.app("same").version()).isEqualTo(1);
    }

    @Test
    void scalingChangesTheNumberOfInstancesThatAnswer() {
        holt.pushExample("wide", "python").succeeded();
        holt.run("scale", "wide", "3").succeeded();
        await().atMost(RunningHolt.PATIENCE).until(() -> holt.app("wide").running() == 3);
        assertThat(IntStream.range(0, 30)
                        .mapToObj(n -> holt.get("wide", "/whoami").body())
                        .distinct())
                .hasSizeGreaterThanOrEqualTo(3);
        holt.run("scale", "wide", "-1").succeeded();
        await().atMost(RunningHolt.PATIENCE).until(() -> holt.instances("wide").size() == 2);
        holt.run("scale", "wide", "+1").succeeded();
        await().atMost(RunningHolt.PATIENCE).until(() -> holt.app("wide").running() == 3);
    }

    @Test
    void stoppedAppsAnswerWithAReasonAndStartAgain() {
        holt.pushExample("pause", "python").succeeded();
        holt.run("stop", "pause").succeeded();
        holt.awaitAnswer("pause", 503);
        assertThat(holt.get("pause", "/").body()).contains("pause").contains("stopped");
        holt.run("start", "pause").succeeded();
        holt.awaitAnswer("pause", 200);
    }

    @Test
    void restartReplacesTheInstance() {
        holt.pushExample("again", "python").succeeded();
        long before = holt.instances("again").getFirst().pid();
        holt.run("restart", "again").succeeded();
        await().atMost(RunningHolt.PATIENCE)
                .until(() -> holt.instances("again").size() == 1
                        && holt.instances("again").getFirst().pid() != before);
        holt.awaitAnswer("again", 200);
    }

    @Test
    void routesComeAndGo() {
        holt.pushExample("routed", "python").succeeded();
        holt.run("map", "routed", "shop.example.test").succeeded();
        await().atMost(RunningHolt.PATIENCE)
                .until(() -> holt.get("shop.example.test", "/").statusCode() == 200);
        holt.run("unmap", "routed", "shop.example.test").succeeded();
        await().atMost(RunningHolt.PATIENCE)
                .until(() -> holt.get("shop.example.test", "/").statusCode() == 404);
    }

    @Test
    void theEnvironmentReachesTheProgramAndNobodyElse() throws Exception {
        holt.pushExample("secretive", "python").succeeded();
        holt.run("env", "secretive", "GREETING=sesame-4711").succeeded();
        await().atMost(RunningHolt.PATIENCE).until(() -> holt.app("secretive").liveVersion() == 2);
        assertThat(holt.run("env", "secretive").succeeded().out())
                .contains("GREETING")
                .contains("sesame-4711");
        assertThat(holt.run("files", "secretive").succeeded().out()).contains("app.py");
        try (var files = Files.walk(holt.home())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as("%s holds a secret in clear", file)
                        .doesNotContain("sesame-4711");
            }
        }
    }

    @Test
    void showsWhatRunsAndWhatItSaid() {
        holt.pushExample("seen", "python", "--instances", "2").succeeded();
        assertThat(holt.run("apps").succeeded().out()).contains("seen").contains("2/2");
        assertThat(holt.run("ps").succeeded().out()).contains("seen/0").contains("seen/1");
        assertThat(holt.run("events", "seen").succeeded().out()).contains("running");
        holt.get("seen", "/");
        await().atMost(RunningHolt.PATIENCE)
                .until(() -> !holt.run("logs", "seen").succeeded().out().isBlank());
        Api.Processes tree = holt.json(Api.Processes.class, "ps");
        assertThat(tree.processes().stream().filter(p -> "seen".equals(p.app())).toList())
                .anySatisfy(p -> assertThat(p.program()).isEqualTo("supervisor"))
                .anySatisfy(p -> assertThat(p.memoryLimitBytes()).isEqualTo(256L << 20));
    }

    @Test
    void pushesAJar() throws Exception {
        Process build = new ProcessBuilder(
                        RunningHolt.ROOT.resolve("examples/jar/build.sh").toString())
                .inheritIO()
                .start();
        assertThat(build.waitFor()).isZero();
        Path jar = RunningHolt.ROOT.resolve("examples/jar/dist/server.jar");
        holt.run("push", "jarred", "--path", jar.toString()).succeeded();
        HttpResponse<String> answer = holt.get("jarred", "/");
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void honoursIgnoreFiles(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("index.html"), "<h1>hi</h1>");
        Files.writeString(folder.resolve("secret.txt"), "not for the world");
        Files.writeString(folder.resolve(".holtignore"), "secret.txt\n");
        holt.run("push", "ignoring", "--path", folder.toString()).succeeded();
        assertThat(holt.get("ignoring", "/index.html").body()).contains("hi");
        assertThat(holt.get("ignoring", "/secret.txt").statusCode()).isEqualTo(404);
    }
}
