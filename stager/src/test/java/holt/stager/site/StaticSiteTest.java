package holt.stager.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticSiteTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path home;

    private Path root;
    private StaticSite site;

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectories(home.resolve("site"));
        file("index.html", "<h1>home</h1>");
        file("style.css", "0123456789");
        file("docs/index.html", "docs");
        file("bare/file.txt", "x");
        file("empty.txt", "");
        file(".env", "SECRET");
        file(".git/config", "SECRET");
        Files.writeString(home.resolve("secret.txt"), "SECRET");
        Files.createSymbolicLink(root.resolve("out.txt"), home.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("in.txt"), Path.of("bare/file.txt"));
        site = StaticSite.start(root, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void end() {
        client.close();
        site.close();
    }

    private void file(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private HttpResponse<String> send(String method, String path, Map<String, String> headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + site.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        headers.forEach(request::header);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> read(String path) throws Exception {
        return send("GET", path, Map.of());
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** Sends a request line that no client library would send. */
    private String raw(String target) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.port());
                InputStream answer = socket.getInputStream()) {
            String request = "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(answer.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void theIndexPageIsTheHome() throws Exception {
        HttpResponse<String> home = read("/");
        assertThat(home.statusCode()).isEqualTo(200);
        assertThat(home.body()).isEqualTo("<h1>home</h1>");
        assertThat(header(home, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(home, "X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @ParameterizedTest
    @CsvSource({
        "a.css,text/css; charset=utf-8",
        "a.JS,text/javascript; charset=utf-8",
        "a.svg,image/svg+xml",
        "a.json,application/json",
        "a.woff2,font/woff2",
        "a.tar.gz,application/gzip",
        "README,application/octet-stream",
        "a.unknown,application/octet-stream"
    })
    void filesAreSentAsWhatTheyAre(String name, String type) throws Exception {
        file(name, "x");
        assertThat(header(read("/" + name), "Content-Type")).isEqualTo(type);
    }

    @Test
    void foldersAreServedByTheirIndexPageAndNeverListed() throws Exception {
        assertThat(read("/docs/").body()).isEqualTo("docs");
        HttpResponse<String> moved = read("/docs?a=b");
        assertThat(moved.statusCode()).isEqualTo(301);
        assertThat(header(moved, "Location")).isEqualTo("/docs/?a=b");
        assertThat(read("/bare/").statusCode()).isEqualTo(404);
        assertThat(read("/bare").statusCode()).isEqualTo(404);
    }

    @Test
    void aRedirectNeverLeadsToAnotherHost() throws Exception {
        assertThat(raw("//docs")).doesNotContain("Location: //");
        assertThat(raw("///docs")).doesNotContain("Location: //");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.env",
                "/.git/config",
                "/%2eenv",
                "/docs/../.env",
                "/../secret.txt",
                "/..%2fsecret.txt",
                "/%2e%2e/secret.txt",
                "/docs/..%2f..%2fsecret.txt",
                "/..\\secret.txt",
                "/..%5csecret.txt",
                "/a%00b",
                "/out.txt",
                "/index.html/",
                "/nowhere",
                "/%ff"
            })
    void nothingElseIsEverSent(String target) throws IOException {
        String answer = raw(target);
        assertThat(answer).containsPattern("^HTTP/1.1 40[04]").doesNotContain("SECRET");
    }

    @Test
    void linksWithinTheSiteAreFollowed() throws Exception {
        assertThat(read("/in.txt").body()).isEqualTo("x");
    }

    @Test
    void aVersionThatIsKnownIsNotSentAgain() throws Exception {
        String tag = header(read("/style.css"), "ETag");
        assertThat(tag).matches("\"[0-9a-f]{20}\"");
        HttpResponse<String> known = send("GET", "/style.css", Map.of("If-None-Match", "\"other\", W/" + tag));
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
        assertThat(header(known, "ETag")).isEqualTo(tag);
        assertThat(send("GET", "/style.css", Map.of("If-None-Match", "\"other\""))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void versionsAreTheSameInEveryInstanceAndChangeWithTheContent() throws Exception {
        String tag = header(read("/style.css"), "ETag");
        file("copy.css", "0123456789");
        file("other.css", "012345678x");
        assertThat(header(read("/copy.css"), "ETag")).isEqualTo(tag);
        assertThat(header(read("/other.css"), "ETag")).isNotEqualTo(tag);
    }

    @Test
    void partsOfFilesAreSent() throws Exception {
        HttpResponse<String> part = send("GET", "/style.css", Map.of("Range", "bytes=2-4"));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("234");
        assertThat(header(part, "Content-Range")).isEqualTo("bytes 2-4/10");
        HttpResponse<String> behind = send("GET", "/style.css", Map.of("Range", "bytes=10-"));
        assertThat(behind.statusCode()).isEqualTo(416);
        assertThat(header(behind, "Content-Range")).isEqualTo("bytes */10");
    }

    @Test
    void aPartOfAnotherVersionIsAnsweredWithTheWhole() throws Exception {
        String tag = header(read("/style.css"), "ETag");
        Map<String, String> same = Map.of("Range", "bytes=0-1", "If-Range", tag);
        Map<String, String> other = Map.of("Range", "bytes=0-1", "If-Range", "\"other\"");
        assertThat(send("GET", "/style.css", same).body()).isEqualTo("01");
        assertThat(send("GET", "/style.css", other).body()).isEqualTo("0123456789");
    }

    @Test
    void headTellsWithoutSending() throws Exception {
        HttpResponse<String> head = send("HEAD", "/style.css", Map.of());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length")).isEqualTo("10");
        assertThat(send("HEAD", "/nowhere", Map.of()).statusCode()).isEqualTo(404);
    }

    @Test
    void anEmptyFileIsSentAsOne() throws Exception {
        HttpResponse<String> empty = read("/empty.txt");
        assertThat(empty.statusCode()).isEqualTo(200);
        assertThat(header(empty, "Content-Length")).isEqualTo("0");
    }

    @Test
    void largeFilesArriveWhole() throws Exception {
        String large = "0123456789abcdef".repeat(100_000);
        file("large.txt", large);
        assertThat(read("/large.txt").body()).isEqualTo(large);
    }

    @Test
    void theSitesOwnPageTellsThatThereIsNone() throws Exception {
        assertThat(read("/nowhere").body()).isEqualTo("There is no such page.\n");
        file("404.html", "ours");
        HttpResponse<String> missing = read("/nowhere");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).isEqualTo("ours");
        assertThat(header(missing, "Content-Type")).startsWith("text/html");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void otherMethodsAreRefused(String method) throws Exception {
        HttpResponse<String> refused = send(method, "/", Map.of());
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(header(refused, "Allow")).isEqualTo("GET, HEAD");
    }
}
