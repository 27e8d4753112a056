package holt.router;

import static holt.router.RouterFixture.HOST;
import static holt.router.TestUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.bus.EmbeddedBus;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.ProblemException;
import holt.model.RouteUpdate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ErrorsTest {
    @Test
    void tellsThatARouteIsUnknown() throws Exception {
        try (var fixture = new RouterFixture();
                var client = fixture.client()) {
            var response = client.get("nobody.localhost", "/");

            assertThat(response.status()).isEqualTo(404);
            assertThat(response.field("x-holt-router-error")).isEqualTo("unknown-route");
            assertThat(response.text()).contains("nobody.localhost").contains("holt map");
            assertThat(client.get("nobody.localhost", "/").status()).isEqualTo(404);
        }
    }

    @Test
    void tellsWhyAnAppHasNoInstance() throws Exception {
        try (var fixture = new RouterFixture();
                var client = fixture.client()) {
            fixture.publish(new RouteUpdate.Route(HOST, "shop", List.of(), "It is <b>flapping</b>."));
            var response = client.get(HOST, "/");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.field("x-holt-router-error")).isEqualTo("no-instance");
            assertThat(response.field("retry-after")).isEqualTo("2");
            assertThat(response.text()).contains("It is <b>flapping</b>.");
        }
    }

    @Test
    void saysInOneSentenceWhyAnAppCannotAnswerAndWhatHelps() throws Exception {
        try (var fixture = new RouterFixture();
                var client = fixture.client()) {
            fixture.publish(new RouteUpdate.Route(HOST, "shop", List.of(), "app shop is stopped"));
            assertThat(client.get(HOST, "/").text())
                    .contains("The app 'shop' cannot answer: app shop is stopped.\n")
                    .contains("holt start shop");

            fixture.publish(new RouteUpdate.Route("starting.localhost", "shop", List.of(), "app shop is starting"));
            assertThat(client.get("starting.localhost", "/").text())
                    .contains("The app 'shop' cannot answer: app shop is starting.\n")
                    .contains("holt app shop")
                    .doesNotContain("holt start");

            fixture.publish(new RouteUpdate.Route("silent.localhost", "shop", List.of(), null));
            assertThat(client.get("silent.localhost", "/").text())
                    .contains("The app 'shop' cannot answer: none of its instances is running now.\n");
        }
    }

    @Test
    void answersInTheFormTheClientPrefers() throws Exception {
        try (var fixture = new RouterFixture();
                var client = fixture.client()) {
            fixture.publish(new RouteUpdate.Route(HOST, "shop", List.of(), "It is <b>flapping</b>."));
            String get = "GET / HTTP/1.1\r\nHost: " + HOST + "\r\nAccept: ";
            var page = client.send(get + "text/html,application/xhtml+xml,*/*;q=0.8\r\n\r\n")
                    .read();
            var problem = client.send(get + "text/html;q=0.5, application/json\r\n\r\n")
                    .read();
            var text = client.send(get + "*/*\r\n\r\n").read();
            client.send("HEAD / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
            var toHead = client.read(true);

            assertThat(page.field("content-type")).startsWith("text/html");
            assertThat(page.text())
                    .contains("It is &lt;b&gt;flapping&lt;/b&gt;.")
                    .doesNotContain("<b>");
            assertThat(problem.field("content-type")).isEqualTo("application/problem+json");
            assertThat(Json.read(problem.body(), Map.class))
                    .containsEntry("status", 503)
                    .containsEntry("code", "no-instance");
            assertThat(text.field("content-type")).startsWith("text/plain");
            assertThat(toHead.status()).isEqualTo(503);
            assertThat(client.get(HOST, "/").status()).isEqualTo(503);
        }
    }

    @Test
    void tellsThatAnInstanceClosedWithoutAResponse() throws Exception {
        try (var upstream = TestUpstream.talking(TestUpstream.Connection::request);
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            var response = client.get(HOST, "/");

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.field("x-holt-router-error")).isEqualTo("endpoint-failure");
            assertThat(response.text()).contains("instance 0 of shop").contains("without a response");
            assertThat(upstream.connections).hasValue(1);
        }
    }

    @Test
    void tellsThatAnInstanceReset() throws Exception {
        try (var upstream = TestUpstream.talking(connection -> {
                    connection.request();
                    connection.reset();
                });
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            assertThat(client.get(HOST, "/").status()).isEqualTo(502);
        }
    }

    @Test
    void tellsThatAnInstanceTalksNonsense() throws Exception {
        for (String nonsense : List.of(
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nbad header: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: y\r\n folded\r\n\r\n",
                "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "y".repeat(100_000))) {
            try (var upstream = TestUpstream.talking(connection -> {
                        connection.request();
                        connection.send(nonsense);
                        connection.in().read();
                    });
                    var fixture = RouterFixture.with(upstream);
                    var client = fixture.client()) {
                assertThat(client.get(HOST, "/").status()).as(nonsense).isEqualTo(502);
                assertThat(fixture.router.stats().underWay()).isZero();
            }
        }
    }

    @Test
    void breaksTheConnectionWhenAResponseEndsTooEarly() throws Exception {
        for (String half : List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalfXXXX")) {
            try (var upstream = TestUpstream.talking(connection -> {
                        connection.request();
                        connection.send(half);
                    });
                    var fixture = RouterFixture.with(upstream);
                    var client = fixture.client()) {
                assertThatThrownBy(() -> client.get(HOST, "/"))
                        .as(half)
                        .isInstanceOfAny(java.io.EOFException.class, java.net.SocketException.class);
            }
        }
    }

    @Test
    void refusesHeadsThatAreTooLarge() throws Exception {
        try (var upstream = TestUpstream.answering(request -> ok(""));
                var fixture = RouterFixture.with(upstream)) {
            String start = "GET / HTTP/1.1\r\nHost: " + HOST + "\r\n";
            assertThat(status(fixture, "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n"))
                    .isEqualTo(414);
            assertThat(status(fixture, start + "X: " + "x".repeat(20_000) + "\r\n\r\n"))
                    .isEqualTo(431);
            assertThat(status(fixture, start + ("X: " + "x".repeat(10_000) + "\r\n").repeat(7) + "\r\n"))
                    .isEqualTo(431);
            assertThat(status(fixture, start + "X: y\r\n".repeat(201) + "\r\n")).isEqualTo(431);
            assertThat(status(fixture, start + "X: y\r\n".repeat(150) + "\r\n")).isEqualTo(200);
        }
    }

    @Test
    void refusesMethodsAndVersionsItDoesNotServe() throws Exception {
        try (var fixture = new RouterFixture()) {
            assertThat(status(fixture, "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .isEqualTo(405);
            assertThat(status(fixture, "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n")).isEqualTo(405);
            assertThat(status(fixture, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).isEqualTo(505);
        }
    }

    @Test
    void givesUpOnASlowHeadAndASlowBodyAndASlowInstance() throws Exception {
        Duration brief = Duration.ofMillis(300);
        try (var upstream = TestUpstream.talking(connection -> {
                    connection.request();
                    connection.in().read();
                });
                var fixture = new RouterFixture(settings -> settings.withTimeouts(new RouterSettings.Timeouts(
                        brief, brief, brief, brief, brief, Duration.ofSeconds(20), brief, brief)))) {
            fixture.route(HOST, upstream);
            String post = "POST / HTTP/1.1\r\nHost: " + HOST + "\r\n";

            assertThat(status(fixture, "GET / HT")).isEqualTo(408);
            assertThat(status(fixture, post + "Content-Length: 5\r\n\r\nhe")).isIn(408, 504);
            assertThat(status(fixture, post + "Content-Length: 5\r\n\r\nhello")).isEqualTo(504);
            Waiting.until(() -> upstream.openConnections() == 0);
            assertThat(fixture.router.stats().underWay()).isZero();
        }
    }

    @Test
    void closesConnectionsThatWaitTooLong() throws Exception {
        try (var fixture = new RouterFixture(settings -> settings.withTimeouts(new RouterSettings.Timeouts(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(300))));
                var client = fixture.client()) {
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void turnsAwayConnectionsOverItsLimit() throws Exception {
        try (var fixture = new RouterFixture(settings -> settings.withMaxConnections(1));
                var first = fixture.client()) {
            assertThat(first.get("x", "/").status()).isEqualTo(404);
            try (var second = fixture.client()) {
                assertThat(second.read().status()).isEqualTo(503);
            }
            assertThat(first.get("x", "/").status()).isEqualTo(404);
        }
    }

    @Test
    void saysHowToChooseAnotherPortWhenItsPortIsTaken() {
        try (var fixture = new RouterFixture();
                var bus = new EmbeddedBus();
                var second = new HttpRouter(
                        RouterSettings.standard("second").withListener("127.0.0.1", fixture.router.port()),
                        bus,
                        Clock.systemUTC())) {
            assertThatThrownBy(second::start).isInstanceOfSatisfying(ProblemException.class, fault -> {
                assertThat(fault.problem().code()).isEqualTo(ErrorCode.PORT_TAKEN);
                assertThat(fault.problem().remedy()).contains("--http-port");
            });
        }
    }

    @Test
    void answers503BeforeItKnowsTheRoutes() throws Exception {
        try (var bus = new EmbeddedBus();
                var router = new HttpRouter(
                        RouterSettings.standard("early").withListener("127.0.0.1", 0), bus, Clock.systemUTC())) {
            router.start();
            try (var client = new RawClient(router.port())) {
                var response = client.get(HOST, "/");
                assertThat(response.status()).isEqualTo(503);
                assertThat(response.field("x-holt-router-error")).isEqualTo("starting");
            }
        }
    }

    private static int status(RouterFixture fixture, String request) throws Exception {
        try (var client = fixture.client()) {
            return client.send(request).read().status();
        }
    }
}
