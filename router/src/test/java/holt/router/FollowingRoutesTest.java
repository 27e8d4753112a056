package holt.router;

import static holt.router.RouterFixture.HOST;
import static holt.router.TestUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

import holt.bus.EmbeddedBus;
import holt.model.Endpoint;
import holt.model.Json;
import holt.model.RouteUpdate;
import holt.model.Subjects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FollowingRoutesTest {
    @Test
    void usesAChangedRouteWithin100Milliseconds() throws Exception {
        try (var upstream = TestUpstream.answering(request -> ok("there"));
                var fixture = new RouterFixture()) {
            long bestNanos = Long.MAX_VALUE;
            for (int i = 0; i < 20; i++) {
                long startNanos = System.nanoTime();
                fixture.route("r" + i + ".localhost", upstream);
                bestNanos = Math.min(bestNanos, System.nanoTime() - startNanos);
                try (var client = fixture.client()) {
                    assertThat(client.get("r" + i + ".localhost", "/").text()).isEqualTo("there");
                }
            }
            assertThat(TimeUnit.NANOSECONDS.toMillis(bestNanos)).isLessThan(100);
        }
    }

    @Test
    void asksAgainUntilAControllerIsThere() throws Exception {
        try (var bus = new EmbeddedBus();
                var router = new HttpRouter(
                        RouterSettings.standard("early").withListener("127.0.0.1", 0), bus, Clock.systemUTC())) {
            router.start();
            assertThat(router.ready()).isNotDone();
            bus.subscribe(
                    Subjects.ROUTES_SYNC,
                    message -> message.reply(Json.bytes(new RouteUpdate("e", 1, true, List.of()))));
            assertThat(router.ready()).succeedsWithin(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void catchesUpWhenAnUpdateWasLost() throws Exception {
        try (var upstream = TestUpstream.answering(request -> ok("there"));
                var fixture = new RouterFixture()) {
            fixture.lose(new RouteUpdate.Route(HOST, "shop", List.of(upstream.endpoint(0)), null));
            fixture.publish(new RouteUpdate.Route("other.localhost", "other", List.of(), null));
            Waiting.until(() ->
                    fixture.router.knows(new RouteUpdate.Route(HOST, "shop", List.of(upstream.endpoint(0)), null)));
        }
    }

    @Test
    void givesUpConnectingToAnInstanceThatWasTakenOut() throws Exception {
        try (var upstream = TestUpstream.answering(request -> ok("there"));
                var silent = new SilentListener();
                var fixture = new RouterFixture(settings -> settings.withTimeouts(neverGivingUp(settings.timeouts())));
                var client = fixture.client()) {
            Endpoint dead = new Endpoint("shop", 7, 1, 0, "dead", "127.0.0.1", silent.port());
            fixture.publish(new RouteUpdate.Route(HOST, "shop", List.of(dead), null));
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> text(client));
            Waiting.until(() -> fixture.router.stats().underWay() == 1);
            fixture.route(HOST, upstream);
            assertThat(answer).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo("there");
        }
    }

    private static String text(RawClient client) {
        try {
            return client.get(HOST, "/").text();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static RouterSettings.Timeouts neverGivingUp(RouterSettings.Timeouts standard) {
        return new RouterSettings.Timeouts(
                Duration.ofHours(1),
                standard.head(),
                standard.body(),
                standard.response(),
                standard.stream(),
                standard.keepAlive(),
                standard.upstreamIdle(),
                standard.close());
    }

    /** Neither takes nor refuses connections: its queue is full and nobody empties it, like the address of the dead. */
    private static final class SilentListener implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<SocketChannel> queued = new ArrayList<>();

        SilentListener() throws IOException {
            for (int i = 0; i < 4; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(listener.getLocalSocketAddress());
                queued.add(channel);
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel channel : queued) {
                channel.close();
            }
            listener.close();
        }
    }

    @Test
    void keepsItsRoutesWhileTheBusIsAway() throws Exception {
        try (var upstream = TestUpstream.answering(request -> ok("there"));
                var fixture = RouterFixture.with(upstream)) {
            fixture.bus.close();
            try (var client = fixture.client()) {
                assertThat(client.get(HOST, "/").text()).isEqualTo("there");
            }
        }
    }

    @Test
    void endsRequestsUnderWayBeforeItCloses() throws Exception {
        var asked = new java.util.concurrent.Semaphore(0);
        var answer = new java.util.concurrent.Semaphore(0);
        try (var upstream = TestUpstream.answering(request -> {
                    asked.release();
                    answer.acquire();
                    return ok("in time");
                });
                var fixture = new RouterFixture(settings ->
                        settings.withTimeouts(RouterSettings.standard("test").timeouts()))) {
            fixture.route(HOST, upstream);
            try (var client = fixture.client();
                    var idle = fixture.client()) {
                client.send("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
                asked.acquire();
                Thread closer = Thread.ofVirtual().start(fixture.router::close);
                assertThat(idle.isClosedByPeer()).isTrue();
                answer.release();
                var response = client.read();
                assertThat(response.text()).isEqualTo("in time");
                assertThat(response.field("connection")).isEqualTo("close");
                closer.join();
            }
        }
    }

    @Test
    void tellsTheAccessLogOfEachRequest() throws Exception {
        try (var upstream = TestUpstream.answering(request -> ok("12345"));
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            client.get(HOST, "/a?b");
            client.get("nobody.localhost", "/");
            Waiting.until(() -> fixture.log.size() == 2);

            var entry = fixture.log.getFirst();
            assertThat(entry.host()).isEqualTo(HOST);
            assertThat(entry.app()).isEqualTo("shop");
            assertThat(entry.index()).isZero();
            assertThat(entry.method()).isEqualTo("GET");
            assertThat(entry.path()).isEqualTo("/a?b");
            assertThat(entry.status()).isEqualTo(200);
            assertThat(entry.bytes()).isEqualTo(5);
            assertThat(entry.durationNanos()).isPositive();
            assertThat(fixture.log.get(1).status()).isEqualTo(404);
            assertThat(fixture.router.stats().byStatusClass())
                    .containsEntry(2, 1L)
                    .containsEntry(4, 1L);
        }
    }
}
