package holt.router;

import static holt.router.RouterFixture.HOST;
import static holt.router.TestUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProxyingTest {
    @Test
    void bringsARequestToTheInstanceAndItsResponseBack() throws Exception {
        try (var upstream = TestUpstream.answering(request -> ok("you asked " + request.line()));
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            var response = client.get(HOST, "/a?b=c");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("you asked GET /a?b=c HTTP/1.1");
        }
    }

    @Test
    void usesOneConnectionForManyRequestsOnBothSides() throws Exception {
        try (var upstream = TestUpstream.answering(request -> ok(request.path()));
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            for (int i = 0; i < 100; i++) {
                assertThat(client.get(HOST, "/" + i).text()).isEqualTo("/" + i);
            }
            assertThat(upstream.connections).hasValue(1);
        }
    }

    @Test
    void sendsBodiesWithLengthAndInChunks() throws Exception {
        try (var upstream = TestUpstream.answering(request -> ok(request.text()));
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(client.read().text()).isEqualTo("hello");
            client.send("POST / HTTP/1.1\r\nHost: " + HOST
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("abc0123456789");
        }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws Exception {
        try (var upstream = TestUpstream.answering(request -> ok(request.path() + request.text()));
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                all.append("POST /" + i + " HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: 1\r\n\r\n!");
                all.append("GET /x" + i + " HTTP/1.1\r\nHost: nobody.localhost\r\n\r\n");
            }
            client.send(all.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(client.read().text()).isEqualTo("/" + i + "!");
                assertThat(client.read().status()).isEqualTo(404);
            }
        }
    }

    @Test
    void tellsTheInstanceWhoAskedAndHow() throws Exception {
        List<TestUpstream.Request> seen = new CopyOnWriteArrayList<>();
        try (var upstream = TestUpstream.answering(request -> {
                    seen.add(request);
                    return ok("");
                });
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: SHOP.localhost:8080\r\nX-Forwarded-For: 10.0.0.1\r\nX-A: b\r\n"
                            + "X-Forwarded-Proto: https\r\nConnection: x-secret, keep-alive\r\nX-Secret: 1\r\nTE: gzip\r\n"
                            + "Keep-Alive: 5\r\nProxy-Authorization: Basic xx\r\nX-Last: z\r\n\r\n")
                    .read();

            var fields = seen.getFirst().fields();
            assertThat(fields)
                    .containsEntry("host", "SHOP.localhost:8080")
                    .containsEntry("x-forwarded-for", "10.0.0.1, 127.0.0.1")
                    .containsEntry("x-forwarded-proto", "http")
                    .containsEntry("x-forwarded-host", "SHOP.localhost:8080")
                    .containsEntry("x-forwarded-port", String.valueOf(fixture.router.port()))
                    .containsEntry("x-a", "b")
                    .containsEntry("x-last", "z")
                    .doesNotContainKeys("connection", "x-secret", "te", "keep-alive", "proxy-authorization");
            assertThat(fields.get("x-request-start")).matches("[0-9]{13}");
            assertThat(fields.get("x-request-id")).matches("[0-9a-f]{32}");
        }
    }
}
