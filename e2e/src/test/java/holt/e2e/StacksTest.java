package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Digest;
import holt.model.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of a real registry, and what people are told of stacks. Needs docker-registry and a static busybox. */
final class StacksTest {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static RunningHolt holt;
    private static Process registry;
    private static String host;

    @BeforeAll
    static void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            host = "127.0.0.1:" + free.getLocalPort();
        }
        Path settings = Files.writeString(folder.resolve("registry.yml"), """
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: %s
                http:
                  addr: %s
                """.formatted(folder.resolve("data"), host));
        registry = new ProcessBuilder("docker-registry", "serve", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        holt = RunningHolt.start();
        await().atMost(RunningHolt.PATIENCE)
                .ignoreExceptions()
                .until(() -> send(HttpRequest.newBuilder(URI.create("http://" + host + "/v2/"))
                                        .GET())
                                .statusCode()
                        == 200);
        pushImage();
    }

    @AfterAll
    static void stop() {
        holt.close();
        registry.destroy();
        registry.onExit().join();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Map<String, Object> upload(String type, byte[] content) throws IOException, InterruptedException {
        String digest = "sha256:" + Digest.of(content);
        String place = send(HttpRequest.newBuilder(URI.create("http://" + host + "/v2/toy/blobs/uploads/"))
                        .POST(HttpRequest.BodyPublishers.noBody()))
                .headers()
                .firstValue("location")
                .orElseThrow();
        URI uri = URI.create("http://" + host).resolve(place);
        send(HttpRequest.newBuilder(URI.create(uri + (uri.getQuery() == null ? "?" : "&") + "digest=" + digest))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content)));
        return Map.of("mediaType", type, "digest", digest, "size", content.length);
    }

    /** A busybox that serves a page at the port it exposes. */
    private static void pushImage() throws Exception {
        Path root = Files.createDirectories(folder.resolve("image"));
        Files.createDirectories(root.resolve("bin"));
        Files.copy(Path.of("/usr/bin/busybox"), root.resolve("bin/busybox"));
        Files.writeString(Files.createDirectory(root.resolve("www")).resolve("index.html"), "from an image\n");
        Process tar = new ProcessBuilder("tar", "-C", root.toString(), "-cf", "-", ".").start();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            tar.getInputStream().transferTo(gzip);
        }
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Map<String, Object> layer = upload("application/vnd.oci.image.layer.v1.tar+gzip", packed.toByteArray());
        Map<String, Object> configuration = upload(
                "application/vnd.oci.image.config.v1+json",
                Json.bytes(Map.of(
                        "os",
                        "linux",
                        "architecture",
                        machine,
                        "config",
                        Map.of(
                                "Entrypoint",
                                List.of("/bin/busybox", "httpd", "-f", "-p", "9090", "-h", "/www"),
                                "ExposedPorts",
                                Map.of("9090/tcp", Map.of())))));
        byte[] manifest = Json.bytes(
                Map.of("schemaVersion", 2, "mediaType", MANIFEST, "config", configuration, "layers", List.of(layer)));
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create("http://" + host + "/v2/toy/manifests/1"))
                .header("Content-Type", MANIFEST)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(manifest)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void imageIsPushedServesAndIsShown() {
        holt.run("push", "toy", "--image", host + "/toy:1").succeeded();
        holt.awaitAnswer("toy", 200);
        assertThat(holt.get("toy", "/").body()).isEqualTo("from an image\n");
        assertThat(holt.run("app", "toy").succeeded().out()).contains(host + "/toy:1");
        assertThat(holt.app("toy").buildpack()).isEqualTo("image");
        assertThat(holt.instances("toy").getFirst().port()).isEqualTo(9090);
        holt.run("delete", "toy", "--yes");
    }

    @Test
    void imageThatIsNotThereIsToldSoAndNothingIsLeft() {
        RunningHolt.Outcome outcome = holt.run("push", "none", "--image", host + "/toy:2");
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.all()).contains("image-not-found", host + "/toy:2");
        assertThat(holt.run("app", "none").exitCode()).isNotZero();
    }

    @Test
    void unknownStackIsToldWithThoseThereAre() {
        RunningHolt.Outcome outcome = holt.pushExample("lost", "static", "--stack", "hots");
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.all()).contains("There is no stack 'hots'", "host");
    }

    @Test
    void stackThatCannotBeMadeLeavesNothing() {
        RunningHolt.Outcome outcome = holt.run("stack", "create", "bad", "--mirror", "http://127.0.0.1:1/none");
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.all()).contains("Creating the stack failed", "debootstrap");
        assertThat(holt.run("stack", "list").succeeded().out()).contains("No stacks");
        assertThat(holt.run("stack", "delete", "bad").all()).contains("There is no stack 'bad'");
    }
}
