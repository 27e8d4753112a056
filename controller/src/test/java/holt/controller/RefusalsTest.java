package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;

import holt.identity.Role;
import holt.model.Api;
import holt.model.Digest;
import holt.model.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, and in which words. */
class RefusalsTest {
    private static final ApiLimits LIMITS = new ApiLimits(1 << 20, 32 << 20, 4 << 20, 100, 1 << 20);

    @TempDir
    static Path home;

    private static TestPlatform platform;

    @BeforeAll
    static void start() throws Exception {
        platform = new TestPlatform(home, LIMITS);
        platform.push("shop");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /nothing                        |                                  | 404 | not-found
            POST   | /apps                           |                                  | 405 | method-not-allowed
            HEAD   | /apps/shop/logs/stream          |                                  | 405 |
            HEAD   | /apps/shop/start                |                                  | 405 |
            HEAD   | /apps/nobody                    |                                  | 404 |
            HEAD   | /nothing                        |                                  | 404 |
            OPTIONS| /nothing                        |                                  | 404 | not-found
            GET    | /apps/nobody                    |                                  | 404 | app-not-found
            GET    | /apps/Not_A_Name                |                                  | 422 | app-name-invalid
            GET    | /apps/nobody/logs               |                                  | 404 | app-not-found
            GET    | /apps/nobody/logs/stream        |                                  | 404 | app-not-found
            GET    | /apps/nobody/events             |                                  | 404 | app-not-found
            GET    | /apps/shop/logs?lines=-1        |                                  | 400 | parameter-invalid
            GET    | /apps/shop/logs?lines=many      |                                  | 400 | parameter-invalid
            GET    | /apps/shop/logs?since=yesterday |                                  | 400 | parameter-invalid
            GET    | /apps/shop/logs?colour=red      |                                  | 400 | parameter-invalid
            GET    | /apps/shop/events?after=-3      |                                  | 400 | parameter-invalid
            GET    | /apps/shop?verbose=1            |                                  | 400 | parameter-invalid
            PUT    | /apps/api                       | {}                               | 422 | app-name-reserved
            PUT    | /apps/Big                       | {}                               | 422 | app-name-invalid
            PUT    | /apps/new                       | {"build":"none"}                 | 404 | build-not-found
            PUT    | /apps/new                       | {"memory":"0"}                   | 422 | memory-invalid
            PUT    | /apps/new                       | {"memory":"1T"}                  | 422 | memory-invalid
            PUT    | /apps/new                       | {"memory":"64M"}                 | 409 | app-has-no-release
            PUT    | /apps/new                       | {"instances":-1}                 | 422 | instances-invalid
            PUT    | /apps/new                       | {"instances":100000}             | 422 | instances-invalid
            PUT    | /apps/shop                      | {"instances":1.5}                | 400 | body-invalid
            PUT    | /apps/shop                      | {"instances":"2"}                | 400 | body-invalid
            PUT    | /apps/shop                      | {"instances":true}               | 400 | body-invalid
            PATCH  | /apps/shop                      | {"instances":1.5}                | 400 | body-invalid
            PUT    | /apps/new                       | {"routes":["a b"]}               | 422 | route-invalid
            PUT    | /apps/new                       | {"routes":[null]}                | 422 | route-invalid
            PUT    | /apps/new                       | {"startLimitSeconds":0}          | 400 | parameter-invalid
            PUT    | /apps/new                       | {"colour":"red"}                 | 400 | body-invalid
            PUT    | /apps/new                       | {                                | 400 | body-invalid
            PUT    | /apps/new                       | null                             | 400 | body-invalid
            PUT    | /apps/new                       | []                               | 400 | body-invalid
            PUT    | /apps/shop                      | {"environment":{"PORT":"1"}}     | 422 | environment-invalid
            PUT    | /apps/shop                      | {"environment":{"HOLT_X":"1"}}   | 422 | environment-invalid
            PUT    | /apps/shop                      | {"environment":{"VCAP_X":"1"}}   | 422 | environment-invalid
            PUT    | /apps/shop                      | {"environment":{"a-b":"1"}}      | 422 | environment-invalid
            PATCH  | /apps/shop/environment          | {"set":{"A":null}}               | 422 | environment-invalid
            PATCH  | /apps/nobody                    | {"memory":"64M"}                 | 404 | app-not-found
            PATCH  | /apps/shop                      | {"memory":"-1"}                  | 422 | memory-invalid
            PATCH  | /apps/shop                      | {"command":" "}                  | 400 | parameter-invalid
            DELETE | /apps/nobody                    |                                  | 404 | app-not-found
            POST   | /apps/nobody/start              |                                  | 404 | app-not-found
            POST   | /apps/shop/scale                | {}                               | 400 | body-invalid
            POST   | /apps/shop/scale                | {"instances":"many"}             | 422 | instances-invalid
            POST   | /apps/shop/scale                | {"instances":"-9"}               | 422 | instances-invalid
            POST   | /apps/shop/routes               | {"route":"ho st"}                | 422 | route-invalid
            POST   | /apps/shop/routes               | {}                               | 400 | body-invalid
            POST   | /tokens                         | {"name":"x","role":"king"}       | 400 | parameter-invalid
            POST   | /tokens                         | {"name":"","role":"reader"}      | 400 | parameter-invalid
            POST   | /tokens                         | {"role":"reader"}                | 400 | body-invalid
            DELETE | /tokens/none                    |                                  | 404 | token-not-found
            POST   | /blobs/match                    | {"digests":["short"]}            | 400 | parameter-invalid
            POST   | /blobs/match                    | {"digests":[null]}               | 400 | parameter-invalid
            POST   | /blobs/match                    | {}                               | 400 | body-invalid
            POST   | /builds                         | {}                               | 400 | body-invalid
            POST   | /builds                         | {"tree":{"entries":[]}}          | 422 | package-empty
            GET    | /builds/none                    |                                  | 404 | build-not-found
            GET    | /processes/4711/why             |                                  | 404 | process-not-found
            GET    | /processes/99999999999999999999/why |                              | 404 | process-not-found
            GET    | /processes/shop/why             |                                  | 404 | process-not-found
            PUT    | /apps/shop                      | {"placement":{"tags":["A b"]}}   | 400 | parameter-invalid
            PUT    | /apps/shop                      | {"placement":{"tags":[null]}}    | 400 | parameter-invalid
            PUT    | /apps/shop                      | {"placement":{"notWith":["A"]}}  | 422 | app-name-invalid
            PUT    | /apps/shop                      | {"placement":{"tag":"gpu"}}      | 400 | body-invalid
            POST   | /rebalance                      | {"dryRun":"yes"}                 | 400 | body-invalid
            GET    | /builds/none/stream             |                                  | 404 | build-not-found
            """)
    void refusesWithAStableCode(String method, String path, String body, int status, String code) throws Exception {
        HttpResponse<String> answer = platform.callText(method, path, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        if (code != null) {
            Problems.Document problem = TestPlatform.problem(answer);
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.status()).isEqualTo(status);
            assertThat(problem.detail()).endsWith(".");
            assertThat(problem.title()).isNotBlank();
        }
    }

    @Test
    void namesTheKnownFieldsForAnUnknownOne() throws Exception {
        Problems.Document problem = TestPlatform.problem(platform.callText("PUT", "/apps/new", "{\"memry\":\"1G\"}"));
        assertThat(problem.expected()).contains("memory", "instances");
        assertThat(problem.found()).isEqualTo("memry");
    }

    @Test
    void tellsWhichMethodsAResourceTakes() throws Exception {
        HttpResponse<String> answer = platform.call("POST", "/apps/shop", null);
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow").orElse("").split(", "))
                .containsExactlyInAnyOrder("PUT", "GET", "HEAD", "PATCH", "DELETE", "OPTIONS");
    }

    @ParameterizedTest
    @CsvSource({"/info, 'GET, HEAD, OPTIONS'", "/events/stream, 'GET, OPTIONS'", "/blobs, 'POST, OPTIONS'"})
    void tellsAnybodyWhoAsksWhichMethodsAResourceTakes(String path, String methods) throws Exception {
        HttpResponse<String> answer = platform.send(HttpRequest.newBuilder(platform.uri(path))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Allow")).hasValue(methods);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void answersHeadAsGetWithoutTheContent() throws Exception {
        for (String path : List.of("/info", "/apps/shop", "/apps", "/apps/shop/logs")) {
            HttpResponse<String> get = platform.read(path);
            HttpResponse<String> head = platform.call("HEAD", path, null);
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            for (String field : List.of("Content-Type", "Content-Length", "Cache-Control")) {
                assertThat(head.headers().firstValue(field))
                        .as(path + " " + field)
                        .isEqualTo(get.headers().firstValue(field));
            }
        }
    }

    @Test
    void asksForATokenForHeadToo() throws Exception {
        HttpRequest anonymous = HttpRequest.newBuilder(platform.uri("/apps"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(platform.send(anonymous).statusCode()).isEqualTo(401);
    }

    @Test
    void answersNothingOutsideTheApi() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        platform.uri("/../../elsewhere").normalize())
                .build();
        assertThat(TestPlatform.problem(platform.send(request)).code()).isEqualTo("not-found");
    }

    @Test
    void asksForATokenWhereNoneIsShown() throws Exception {
        HttpResponse<String> answer =
                platform.send(HttpRequest.newBuilder(platform.uri("/apps")).build());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"holt\"");
        assertThat(TestPlatform.problem(answer).code()).isEqualTo("unauthorized");
    }

    @ParameterizedTest
    @CsvSource({"Bearer wrong", "Bearer ", "Basic YWRtaW46YWRtaW4=", "Bearer holt_x y"})
    void refusesATokenItDoesNotKnow(String header) throws Exception {
        HttpResponse<String> answer = platform.send(HttpRequest.newBuilder(platform.uri("/apps"))
                .header("Authorization", header)
                .build());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).doesNotContain("wrong");
    }

    @Test
    void refusesATokenThatWasDeleted() throws Exception {
        Api.CreatedToken token = Json.read(
                platform.call("POST", "/tokens", new Api.CreateToken("ci", "developer"))
                        .body(),
                Api.CreatedToken.class);
        HttpRequest request = HttpRequest.newBuilder(platform.uri("/apps"))
                .header("Authorization", "bearer " + token.token())
                .build();
        assertThat(platform.send(request).statusCode()).isEqualTo(200);
        assertThat(platform.read("/tokens", Api.Tokens.class).tokens())
                .filteredOn(each -> each.id().equals(token.id()))
                .allSatisfy(each -> assertThat(each.lastUsedAt()).isNotNull())
                .hasSize(1);

        assertThat(platform.call("DELETE", "/tokens/" + token.id(), null).statusCode())
                .isEqualTo(204);
        assertThat(platform.send(request).statusCode()).isEqualTo(401);
    }

    @Test
    void neverListsTheTextOrHashOfAToken() throws Exception {
        String list = platform.read("/tokens").body();
        assertThat(list).doesNotContain(platform.adminToken).doesNotContain("hash");
    }

    @Test
    void refusesABodyThatIsTooLargeBeforeReadingIt() throws Exception {
        for (String path : List.of("/apps/shop/scale", "/tokens")) {
            HttpResponse<String> answer = platform.callText("POST", path, "\"" + "x".repeat(2 << 20) + "\"");
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(TestPlatform.problem(answer).code()).isEqualTo("body-too-large");
        }
    }

    @Test
    void refusesABodyOfUnknownLengthThatGrowsTooLarge() throws Exception {
        InputStream endless = new InputStream() {
            private int left = 2 << 20;

            @Override
            public int read() {
                return left-- > 0 ? ' ' : -1;
            }
        };
        HttpResponse<String> answer = platform.send(platform.request("/tokens")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> endless))
                .build());
        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource({"text/plain", "application/x-www-form-urlencoded", "application/zip"})
    void refusesAnotherContentType(String type) throws Exception {
        HttpResponse<String> answer = platform.send(platform.request("/tokens")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(TestPlatform.problem(answer).expected()).isEqualTo("application/json");
    }

    @Test
    void takesAContentTypeWithACharset() throws Exception {
        HttpResponse<String> answer = platform.send(platform.request("/apps/shop/scale")
                .header("Content-Type", "Application/JSON; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString("{\"instances\":\"1\"}"))
                .build());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void refusesDeeplyNestedJson() throws Exception {
        HttpResponse<String> answer =
                platform.callText("POST", "/tokens", "{\"name\":" + "[".repeat(5000) + "]".repeat(5000) + "}");
        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void refusesContentUnderTheWrongDigest() throws Exception {
        HttpResponse<String> answer = putBlob(Digest.of("a".getBytes(StandardCharsets.UTF_8)), "b");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(TestPlatform.problem(answer).code()).isEqualTo("content-mismatch");
        assertThat(putBlob("nothex", "b").statusCode()).isEqualTo(400);
        assertThat(putBlob(Digest.of(new byte[5 << 20]), "x".repeat(5 << 20)).statusCode())
                .isEqualTo(413);
    }

    private static HttpResponse<String> putBlob(String digest, String content) throws Exception {
        return platform.send(platform.request("/blobs/" + digest)
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofString(content))
                .build());
    }

    @Test
    void refusesABuildOfContentsThatWereNotSent() throws Exception {
        String digest = Digest.of("never sent".getBytes(StandardCharsets.UTF_8));
        String body =
                "{\"tree\":{\"entries\":[{\"path\":\"a/b.txt\",\"kind\":\"FILE\",\"executable\":false,\"digest\":\""
                        + digest + "\",\"size\":10}]}}";
        Problems.Document problem = TestPlatform.problem(platform.callText("POST", "/builds", body));
        assertThat(problem.code()).isEqualTo("content-missing");
        assertThat(problem.found()).contains("a/b.txt");
        String escaping = body.replace("a/b.txt", "../b.txt");
        assertThat(TestPlatform.problem(platform.callText("POST", "/builds", escaping))
                        .code())
                .isEqualTo("package-invalid");
    }

    @Test
    void refusesAReleaseOfABuildThatFailed() throws Exception {
        platform.stager.close();
        try {
            String id = platform.build("nobody stages this").id();
            try (Sses stream = platform.stream("/builds/" + id + "/stream")) {
                Api.Build build = Json.read(stream.nextNamed("done").data(), Api.Build.class);
                assertThat(build.state()).isEqualTo("failed");
                assertThat(build.failure()).isEqualTo("unavailable");
            }
            Problems.Document problem = TestPlatform.problem(platform.call("PUT", "/apps/late", platform.put(id)));
            assertThat(problem.code()).isEqualTo("build-not-finished");
            assertThat(platform.read("/apps/late").statusCode()).isEqualTo(404);
        } finally {
            platform.stager.open();
        }
    }

    @Test
    void takesManyContentsAsAZipAndRefusesABadOne() throws Exception {
        byte[] one = "one".getBytes(StandardCharsets.UTF_8);
        byte[] two = "two".getBytes(StandardCharsets.UTF_8);
        assertThat(sendZip("/blobs", zip(Map.of(Digest.of(one), one, Digest.of(two), two)))
                        .statusCode())
                .isEqualTo(204);
        assertThat(platform.blobs.has(Digest.of(one))).isTrue();
        assertThat(platform.blobs.has(Digest.of(two))).isTrue();

        assertThat(TestPlatform.problem(sendZip("/blobs", zip(Map.of(Digest.of(one), two))))
                        .code())
                .isEqualTo("content-mismatch");
        byte[] good = "good".getBytes(StandardCharsets.UTF_8);
        Map<String, byte[]> goodThenBad = new LinkedHashMap<>();
        goodThenBad.put(Digest.of(good), good);
        goodThenBad.put(Digest.of(one), two);
        assertThat(sendZip("/blobs", zip(goodThenBad)).statusCode()).isEqualTo(422);
        assertThat(platform.blobs.has(Digest.of(good))).isFalse();
        assertThat(home.resolve("blobs/tmp")).isEmptyDirectory();
        assertThat(TestPlatform.problem(sendZip("/blobs", zip(Map.of("../../evil", two))))
                        .code())
                .isEqualTo("parameter-invalid");
        assertThat(TestPlatform.problem(sendZip("/blobs", one)).code()).isEqualTo("package-invalid");
        byte[] bomb = new byte[8 << 20];
        assertThat(TestPlatform.problem(sendZip("/blobs", zip(Map.of(Digest.of(bomb), bomb))))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void buildsAWholeZip() throws Exception {
        HttpResponse<String> answer = sendZip(
                "/builds?command=run%20it&app=zipped",
                zip(Map.of("index.html", "hi".getBytes(StandardCharsets.UTF_8))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        String id = Json.read(answer.body(), Api.Build.class).id();
        try (Sses stream = platform.stream("/builds/" + id + "/stream")) {
            Api.Build build = Json.read(stream.nextNamed("done").data(), Api.Build.class);
            assertThat(build.command()).isEqualTo("run it");
            assertThat(build.log()).containsExactly("looking", "done");
        }
        assertThat(TestPlatform.problem(sendZip("/builds", zip(Map.of("../x", new byte[1]))))
                        .code())
                .isEqualTo("package-invalid");
    }

    private static HttpResponse<String> sendZip(String path, byte[] zip) throws Exception {
        return platform.send(platform.request(path)
                .header("Content-Type", "application/zip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(zip))
                .build());
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(each.getKey()));
                zip.write(each.getValue());
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void keepsTheLastAdmin() throws Exception {
        List<Api.TokenView> admins = platform.read("/tokens", Api.Tokens.class).tokens().stream()
                .filter(token -> token.role().equals("admin"))
                .toList();
        assertThat(admins).hasSizeGreaterThan(1);
        String mine = admins.stream()
                .filter(token -> token.name().equals("test-admin"))
                .findFirst()
                .orElseThrow()
                .id();
        for (Api.TokenView each : admins) {
            if (!each.id().equals(mine)) {
                assertThat(platform.call("DELETE", "/tokens/" + each.id(), null).statusCode())
                        .isEqualTo(204);
            }
        }
        assertThat(TestPlatform.problem(platform.call("DELETE", "/tokens/" + mine, null))
                        .code())
                .isEqualTo("conflict");
    }

    @ParameterizedTest
    @CsvSource({"'GET /api/v1/apps%zz HTTP/1.1'", "'GARBAGE'", "'GET /api/v1/%2e%2e/apps HTTP/1.1'"})
    void answersAMalformedRequestWithAProblemToo(String requestLine) throws Exception {
        assertThat(raw(requestLine + "\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .containsPattern("HTTP/1.1 4\\d\\d")
                .contains("application/problem+json")
                .doesNotContain("Jetty")
                .doesNotContain("\tat ");
    }

    @Test
    void refusesHeadersThatAreTooLarge() throws Exception {
        assertThat(raw("GET /api/v1/info HTTP/1.1\r\nHost: x\r\nX-Large: " + "x".repeat(40_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431")
                .contains("application/problem+json");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", platform.controller.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void hidesTheEnvironmentFromReaders() throws Exception {
        HttpResponse<String> answer = platform.send(HttpRequest.newBuilder(platform.uri("/apps/shop/environment"))
                .header("Authorization", "Bearer " + platform.tokens.get(Role.READER))
                .build());
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(TestPlatform.problem(answer).code()).isEqualTo("forbidden");
    }
}
