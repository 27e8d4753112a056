package holt.router;

import static holt.router.RouterFixture.HOST;
import static holt.router.TestUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that two readers could understand differently get no further than the router. */
@Timeout(60)
class SmugglingTest {
    private static final String START = "POST / HTTP/1.1\r\nHost: " + HOST + "\r\n";

    private static final List<String> REFUSED = List.of(
            START + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            START + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            START + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
            START + "Content-Length: 5, 5\r\n\r\nhello",
            START + "Content-Length: +5\r\n\r\nhello",
            START + "Content-Length: -1\r\n\r\n",
            START + "Content-Length: 0x5\r\n\r\nhello",
            START + "Content-Length: 5 5\r\n\r\nhello",
            START + "Content-Length:\r\n\r\n",
            START + "Content-Length: 99999999999999999999\r\n\r\n",
            START + "Content-Length : 5\r\n\r\nhello",
            START + "Content-Length\t: 5\r\n\r\nhello",
            START + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            START + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            START + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            START + "Transfer-Encoding: identity\r\n\r\n",
            START + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
            START + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            START + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
            START + "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
            START + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            START + "X: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            START + "X: a\r\n\tb\r\n\r\n",
            START + " X: a\r\n\r\n",
            START + "X: a\rb\r\n\r\n",
            START + "X: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            START + "X: a\n\r\n",
            START + "X: a\u0000b\r\n\r\n",
            START + "X: a\u007fb\r\n\r\n",
            START + "X\r\n\r\n",
            START + ": a\r\n\r\n",
            START + "X(y): a\r\n\r\n",
            START + "Host: other.localhost\r\n\r\n",
            "GET / HTTP/1.1\nHost: " + HOST + "\n\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
            "POST / HTTP/1.0\r\nHost: " + HOST + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET  / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n",
            "GET / x HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n",
            "GET /\r\nHost: " + HOST + "\r\n\r\n",
            "GET / HTTP/1.1 \r\nHost: " + HOST + "\r\n\r\n",
            "GET / http2\r\nHost: " + HOST + "\r\n\r\n",
            " GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n",
            "GET\t/ HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n",
            "GET a HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n",
            "GET http://user@" + HOST + "/ HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: shop.localhost/x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: <script>\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
            START + "Transfer-Encoding: chunked\r\n\r\nx\r\n",
            START + "Transfer-Encoding: chunked\r\n\r\n 5\r\nhello\r\n0\r\n\r\n",
            START + "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
            START + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
            START + "Transfer-Encoding: chunked\r\n\r\n5;a\nb\r\nhello\r\n0\r\n\r\n",
            START + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
            START + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n",
            START + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff5\r\nhello\r\n0\r\n\r\n",
            START + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n",
            START + "Transfer-Encoding: chunked\r\n\r\n0\r\nHost: x\r\n\r\n",
            START + "Transfer-Encoding: chunked\r\n\r\n0\r\nX : y\r\n\r\n");

    @Test
    void isRefusedWith400AndTheConnectionIsClosed() throws Exception {
        try (var upstream = TestUpstream.answering(request -> ok("reached"));
                var fixture = RouterFixture.with(upstream)) {
            for (String request : REFUSED) {
                try (var client = fixture.client()) {
                    client.send(request + "GET /smuggled HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
                    var response = client.read();
                    assertThat(response.status()).as(request).isEqualTo(400);
                    assertThat(response.field("connection")).as(request).isEqualTo("close");
                    assertThat(response.field("x-holt-router-error"))
                            .as(request)
                            .isEqualTo("bad-request");
                    assertThat(client.rest()).as(request).isEmpty();
                }
            }
            assertThat(upstream.requests).hasValue(0);
        }
    }

    @Test
    void isNotSeenInWhatIsOnlyUnusual() throws Exception {
        List<String> allowed = List.of(
                START + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
                START + "content-length:2\r\n\r\nhi",
                START + "Content-Length: 02\r\n\r\nhi",
                START + "Transfer-Encoding: Chunked \r\n\r\n2\r\nhi\r\n0\r\n\r\n",
                START + "Transfer-Encoding: chunked\r\n\r\n002 ; a=\"b\"\r\nhi\r\n000\r\nX-Sum: 1\r\n\r\n",
                "\r\n" + START + "X:\r\nY: \u00e9\t \r\nContent-Length: 2\r\n\r\nhi",
                "POST http://SHOP.localhost:80/ HTTP/1.1\r\nHost: other\r\nContent-Length: 2\r\n\r\nhi",
                "POST http://shop.localhost?x HTTP/1.1\r\nHost: other\r\nContent-Length: 2\r\n\r\nhi",
                "POST / HTTP/1.1\r\nhost:\tshop.localhost.:81\r\nContent-Length: 2\r\n\r\nhi");
        try (var upstream = TestUpstream.answering(
                        request -> ok(request.text() + request.fields().get("host")));
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            for (String request : allowed) {
                var response = client.send(request).read();
                assertThat(response.status()).as(request).isEqualTo(200);
                assertThat(response.text()).as(request).startsWithIgnoringCase("hi" + HOST);
            }
        }
    }
}
