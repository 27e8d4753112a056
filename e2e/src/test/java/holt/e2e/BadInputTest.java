package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Api;
import holt.model.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person, or a program, gets who asks for what cannot be. */
final class BadInputTest {
    private static RunningHolt holt;

    @BeforeAll
    static void start() {
        holt = RunningHolt.start();
    }

    @AfterAll
    static void stop() {
        holt.close();
    }

    @Test
    void anEmptyFolderIsRefused(@TempDir Path folder) {
        RunningHolt.Outcome push =
                holt.run("push", "empty", "--path", folder.toString()).failed(1);
        assertThat(push.err()).contains("no file");
        assertNoApp("empty");
    }

    @Test
    void anUnknownPathIsRefused() {
        assertThat(holt.run("push", "lost", "--path", "/no/such/folder").all()).contains("/no/such/folder");
        assertNoApp("lost");
    }

    @ParameterizedTest
    @CsvSource({"My_Shop,my-shop", "9lives,lives", "api,api-app", "shop-,shop", "ünïcode,unicode"})
    void anIllegalNameIsRefusedAndALegalOneProposed(String name, String proposal) {
        RunningHolt.Outcome push = holt.pushExample(name, "static");
        assertThat(push.exitCode()).isNotZero();
        assertThat(push.err()).contains("'" + proposal + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1T", "lots", "", "99999999999999999999G"})
    void anImpossibleMemoryLimitIsRefused(String memory) {
        RunningHolt.Outcome push = holt.pushExample("greedy", "static", "--memory=" + memory);
        assertThat(push.exitCode()).isNotZero();
        assertThat(push.err()).containsIgnoringCase("memory");
        assertNoApp("greedy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.html", "/etc/evil.html", "a/../../evil.html"})
    void aZipThatLeadsOutsideIsRefused(String name, @TempDir Path folder) throws IOException {
        Path zip = folder.resolve("evil.zip");
        writeZip(zip, name, 10);
        RunningHolt.Outcome push =
                holt.run("push", "evil", "--path", zip.toString()).failed(1);
        assertThat(push.err()).contains("evil.html");
        assertNoApp("evil");
        HttpResponse<String> answer = api("POST", "/builds", "application/zip", Files.readAllBytes(zip), holt.token());
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("package-invalid");
    }

    @Test
    void aZipBombIsRefused(@TempDir Path folder) throws IOException {
        Path zip = folder.resolve("bomb.zip");
        writeZip(zip, "zeros.html", 1 << 30);
        assertThat(Files.size(zip)).isLessThan(4 << 20);
        HttpResponse<String> answer = api("POST", "/builds", "application/zip", Files.readAllBytes(zip), holt.token());
        assertThat(answer.statusCode()).isIn(413, 422);
        RunningHolt.Outcome push = holt.run("push", "bomb", "--path", zip.toString());
        assertThat(push.exitCode()).isNotZero();
        assertNoApp("bomb");
    }

    @Test
    void aLinkThatLeavesTheTreeIsRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("index.html"), "hi");
        Files.createSymbolicLink(folder.resolve("passwords"), Path.of("/etc/shadow"));
        RunningHolt.Outcome push =
                holt.run("push", "leaky", "--path", folder.toString()).failed(1);
        assertThat(push.err()).contains("passwords");
        assertNoApp("leaky");
    }

    @Test
    void anAppThatNeverListensFailsWithItsLastWords() {
        RunningHolt.Outcome push = holt.pushExample("deaf", "misbehave", "--env", "MODE=silent", "--start-limit", "3")
                .failed(1);
        assertThat(push.all()).contains("3 s").contains("port");
        assertNoApp("deaf");
    }

    @Test
    void anAppThatExitsAtOnceFailsWithItsCodeAndItsLastWords() {
        RunningHolt.Outcome push =
                holt.pushExample("quitter", "misbehave", "--env", "MODE=exit").failed(1);
        assertThat(push.all()).contains("exited with code 3").contains("the database is not there");
        assertNoApp("quitter");
    }

    @Test
    void aFailedPushLeavesTheOldReleaseServing() {
        holt.pushExample("steady", "python").succeeded();
        holt.pushExample("steady", "misbehave", "--env", "MODE=exit").failed(1);
        assertThat(holt.get("steady", "/").statusCode()).isEqualTo(200);
        assertThat(holt.app("steady").liveVersion()).isEqualTo(1);
        assertThat(holt.app("steady").running()).isEqualTo(1);
    }

    @Test
    void anAppThatFloodsItsLogKeepsAnsweringAndItsLogStaysBounded() throws IOException {
        holt.pushExample("flood", "misbehave", "--env", "MODE=flood").succeeded();
        assertThat(holt.get("flood", "/").statusCode()).isEqualTo(200);
        await().atMost(RunningHolt.PATIENCE)
                .until(() -> holt.run("logs", "flood", "-n", "10000")
                        .succeeded()
                        .out()
                        .contains("lines dropped"));
        assertThat(holt.diskBytes()).isLessThan(256L << 20);
        holt.run("delete", "flood", "--yes").succeeded();
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RunningHolt other = RunningHolt.stopped();
            RunningHolt.Outcome up = other.run(
                            "up", "--api-port", "0", "--http-port", Integer.toString(taken.getLocalPort()))
                    .failed(1);
            assertThat(up.err())
                    .contains(Integer.toString(taken.getLocalPort()))
                    .contains("--http-port");
            other.close();
        }
    }

    @Test
    void wrongAndMissingTokensAreRefused() throws IOException {
        assertThat(api("GET", "/apps", null, null, null).statusCode()).isEqualTo(401);
        assertThat(api("GET", "/apps", null, null, "holt_wrong").statusCode()).isEqualTo(401);
        holt.run(Map.of("HOLT_TOKEN", "holt_wrong"), "apps").failed(4);
    }

    @Test
    void readersMayNotChangeAnything() {
        String created = holt.run("token", "create", "watcher", "--role", "reader", "--json")
                .succeeded()
                .out();
        Api.CreatedToken token = Json.read(created, Api.CreatedToken.class);
        holt.run(Map.of("HOLT_TOKEN", token.token()), "apps").succeeded();
        assertThat(holt.pushWithToken(token.token(), "nope").exitCode()).isEqualTo(4);
        holt.run("token", "revoke", token.id()).succeeded();
        holt.run(Map.of("HOLT_TOKEN", token.token()), "apps").failed(4);
    }

    @Test
    void bodiesThatAreNotWhatTheyShouldBeAreExplained() throws IOException {
        String token = holt.token();
        HttpResponse<String> noJson = api("PUT", "/apps/x", "application/json", "{oops".getBytes(), token);
        assertThat(noJson.statusCode()).isEqualTo(400);
        assertThat(noJson.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).contains("problem+json"));
        HttpResponse<String> unknown =
                api("PUT", "/apps/x", "application/json", "{\"instanzes\": 2}".getBytes(), token);
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("instanzes").contains("instances");
        assertThat(api("PUT", "/apps/x", "application/json", new byte[2 << 20], token)
                        .statusCode())
                .isEqualTo(413);
        assertThat(api("PUT", "/apps/x", "text/plain", "{}".getBytes(), token).statusCode())
                .isEqualTo(415);
        assertThat(api("GET", "/nothing/here", null, null, token).statusCode()).isEqualTo(404);
    }

    @Test
    void aMistypedCommandSuggestsTheNearOne() {
        RunningHolt.Outcome outcome = holt.run("psuh").failed(2);
        assertThat(outcome.err()).contains("push");
    }

    @Test
    void withoutAPlatformTheCommandLineSaysHowToStartOne() {
        try (RunningHolt none = RunningHolt.stopped()) {
            assertThat(none.run("apps").failed(4).err()).contains("holt up");
            none.up();
            none.run("down").succeeded();
            assertThat(none.run("apps").failed(3).err()).contains("holt up");
        }
    }

    @Test
    void anUnknownSettingStopsTheStart() throws IOException {
        RunningHolt other = RunningHolt.stopped();
        Files.writeString(other.home().resolve("holt.toml"), "domian = \"example.test\"\n");
        assertThat(other.run("up").failed(1).err()).contains("domian").contains("'domain'");
        other.close();
    }

    private static void assertNoApp(String name) {
        assertThat(holt.json(Api.Apps.class, "apps").apps())
                .noneMatch(app -> app.name().equals(name));
    }

    private static void writeZip(Path zip, String entry, int zeros) throws IOException {
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream out = new ZipOutputStream(file)) {
            out.putNextEntry(new ZipEntry(entry));
            byte[] block = new byte[1 << 16];
            for (int left = zeros; left > 0; left -= block.length) {
                out.write(block, 0, Math.min(left, block.length));
            }
            out.closeEntry();
        }
    }

    private static HttpResponse<String> api(String method, String path, String type, byte[] body, String token)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + holt.apiPort() + "/api/v1" + path))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
