package holt.router;

import static holt.router.RouterFixture.HOST;
import static holt.router.TestUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FramingTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";

    @Test
    void passesChunksAndTheirTrailer() throws Exception {
        String chunked =
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n1\r\nc\r\n0\r\nX-Sum: 6\r\n\r\n";
        try (var upstream = TestUpstream.answering(request -> chunked);
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            for (int i = 0; i < 3; i++) {
                var response = client.send(GET).read();
                assertThat(response.text()).isEqualTo("abc");
                assertThat(response.field("x-sum")).isEqualTo("6");
            }
            assertThat(upstream.connections).hasValue(1);
        }
    }

    @Test
    void takesChunksApartForAnOldClient() throws Exception {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
        try (var upstream = TestUpstream.answering(request -> chunked);
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            client.send("GET / HTTP/1.0\r\nHost: " + HOST + "\r\nConnection: keep-alive\r\n\r\n");
            var response = client.read();
            assertThat(response.has("transfer-encoding")).isFalse();
            assertThat(response.text()).isEqualTo("abc");
        }
    }

    @Test
    void keepsTheConnectionOfAnOldClientThatAsksForIt() throws Exception {
        try (var upstream = TestUpstream.answering(request -> ok("x"));
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.0\r\nHost: " + HOST + "\r\nConnection: Keep-Alive\r\n\r\n");
                assertThat(client.read().field("connection")).isEqualTo("keep-alive");
            }
            client.send("GET / HTTP/1.0\r\nHost: " + HOST + "\r\n\r\n");
            assertThat(client.read().field("connection")).isEqualTo("close");
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void putsABodyThatEndsWithTheConnectionIntoChunks() throws Exception {
        try (var upstream = TestUpstream.talking(connection -> {
                    connection.request();
                    connection.send("HTTP/1.0 200\nX: y\nServer: old\n\n");
                    connection.send("some ");
                    connection.send("body");
                });
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            for (int i = 0; i < 3; i++) {
                var response = client.send(GET).read();
                assertThat(response.field("transfer-encoding")).isEqualTo("chunked");
                assertThat(response.field("server")).isEqualTo("old");
                assertThat(response.text()).isEqualTo("some body");
            }
        }
    }

    @Test
    void knowsResponsesThatHaveNoBody() throws Exception {
        try (var upstream = TestUpstream.answering(request -> switch (request.path()) {
                    case "/head" -> "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
                    case "/head-chunked" -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
                    case "/head-open" -> "HTTP/1.1 200 OK\r\n\r\n";
                    case "/304" -> "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\nETag: x\r\n\r\n";
                    case "/204" -> "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n";
                    default -> ok("body");
                });
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            for (String path : new String[] {"/head", "/head-chunked", "/head-open"}) {
                client.send("HEAD " + path + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
                assertThat(client.read(true).status()).isEqualTo(200);
            }
            assertThat(client.get(HOST, "/304").field("content-length")).isEqualTo("1000");
            assertThat(client.get(HOST, "/204").has("content-length")).isFalse();
            assertThat(client.get(HOST, "/").text()).isEqualTo("body");
            assertThat(upstream.connections).hasValue(1);
        }
    }

    @Test
    void passesInterimResponses() throws Exception {
        try (var upstream = TestUpstream.talking(connection -> {
                    while (true) {
                        String line = RawClient.line(connection.in());
                        var fields = RawClient.fields(connection.in());
                        connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
                        if (fields.containsKey("expect")) {
                            connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                        }
                        byte[] body = RawClient.body(connection.in(), fields, false);
                        connection.send(ok(line.split(" ")[0] + new String(body, StandardCharsets.US_ASCII)));
                    }
                });
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: " + HOST + "\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.read().field("link")).isEqualTo("</a.css>");
            assertThat(client.read().status()).isEqualTo(100);
            client.send("hi");
            assertThat(client.read().text()).isEqualTo("PUThi");
            client.send("GET / HTTP/1.0\r\nHost: " + HOST + "\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("GET");
        }
    }

    @Test
    void passesAnAnswerThatComesBeforeTheWholeRequest() throws Exception {
        try (var upstream = TestUpstream.talking(connection -> {
                    RawClient.line(connection.in());
                    RawClient.fields(connection.in());
                    connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno!");
                });
                var fixture = RouterFixture.with(upstream)) {
            for (int i = 0; i < 20; i++) {
                try (var client = fixture.client()) {
                    client.send("POST / HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: 1000000\r\n\r\n");
                    client.send(new byte[100_000]);
                    var response = client.read();
                    assertThat(response.status()).isEqualTo(413);
                    assertThat(response.text()).isEqualTo("no!");
                    assertThat(response.field("connection")).isEqualTo("close");
                }
            }
            Waiting.until(() -> fixture.router.stats().underWay() == 0);
        }
    }

    @Test
    void joinsBothSidesAfterAnUpgrade() throws Exception {
        try (var upstream = TestUpstream.talking(connection -> {
                    var request = connection.request();
                    connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "
                            + request.fields().get("upgrade") + "\r\n\r\nhello ");
                    for (int b = connection.in().read();
                            b >= 0;
                            b = connection.in().read()) {
                        connection.out().write(Character.toUpperCase(b));
                    }
                });
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            client.send("GET /chat HTTP/1.1\r\nHost: " + HOST
                    + "\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\nfirst");
            var response = client.read();
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.field("upgrade")).isEqualTo("websocket");
            assertThat(response.field("connection")).isEqualTo("Upgrade");
            assertThat(new String(client.in.readNBytes(11), StandardCharsets.US_ASCII))
                    .isEqualTo("hello FIRST");
            client.send("more");
            assertThat(new String(client.in.readNBytes(4), StandardCharsets.US_ASCII))
                    .isEqualTo("MORE");
            assertThat(fixture.router.stats().underWay()).isEqualTo(1);
            client.close();
            Waiting.until(() -> fixture.router.stats().underWay() == 0 && upstream.openConnections() == 0);
        }
    }

    @Test
    void doesNotUpgradeToHttp2() throws Exception {
        try (var upstream =
                        TestUpstream.answering(request -> ok(request.fields().toString()));
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: " + HOST
                    + "\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n");
            assertThat(client.read().text()).doesNotContain("h2c").doesNotContain("http2-settings");
        }
    }

    @Test
    void doesNotTakeBytesNobodyAskedForAsTheNextResponse() throws Exception {
        try (var upstream = TestUpstream.talking(connection -> {
                    while (true) {
                        var request = connection.request();
                        connection.send(ok(request.path()) + ok("/evil"));
                    }
                });
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get(HOST, "/" + i).text()).isEqualTo("/" + i);
            }
        }
    }
}
