package holt.router;

import static holt.router.RouterFixture.HOST;
import static holt.router.TestUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RetryTest {
    @Test
    void triesAnotherInstanceWhenAConnectionIsRefused() throws Exception {
        try (var dead = TestUpstream.answering(request -> ok("dead"));
                var live = TestUpstream.answering(request -> ok("live" + request.text()));
                var fixture = RouterFixture.with(dead, live);
                var client = fixture.client()) {
            dead.close();
            for (int i = 0; i < 20; i++) {
                client.send("POST / HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: 1\r\n\r\n!");
                assertThat(client.read().text()).isEqualTo("live!");
            }
            assertThat(fixture.router.stats().connectFailures()).isLessThan(20);
        }
    }

    @Test
    void tellsWhichInstanceRefusedWhenNoneIsLeft() throws Exception {
        try (var dead = TestUpstream.answering(request -> ok("dead"));
                var fixture = RouterFixture.with(dead);
                var client = fixture.client()) {
            dead.close();
            var response = client.get(HOST, "/");

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.text())
                    .contains("No connection to instance 0 of shop")
                    .contains("refused");
            assertThat(fixture.router.stats().connectFailures()).isEqualTo(1);
            assertThat(fixture.router.stats().underWay()).isZero();
        }
    }

    @Test
    void repeatsARequestWhenTheInstanceHadClosedTheIdleConnection() throws Exception {
        try (var upstream = TestUpstream.talking(connection -> {
                    connection.request();
                    connection.send(ok("fine"));
                });
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            for (int i = 0; i < 200; i++) {
                assertThat(client.get(HOST, "/").text()).isEqualTo("fine");
            }
        }
    }

    @Test
    void repeatsAnIdempotentRequestThatMeetsTheCloseOnTheWay() throws Exception {
        try (var upstream = TestUpstream.talking(connection -> {
                    connection.request();
                    connection.send(ok("first"));
                    connection.request();
                });
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get(HOST, "/").text()).isEqualTo("first");
            }
            assertThat(fixture.router.stats().retries()).isPositive();
        }
    }

    @Test
    void doesNotRepeatWhatMayHaveHadAnEffect() throws Exception {
        try (var upstream = TestUpstream.talking(connection -> {
                    connection.request();
                    connection.send(ok("first"));
                    connection.request();
                });
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            client.get(HOST, "/");
            client.send("POST / HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: 1\r\n\r\n!");

            assertThat(client.read().status()).isEqualTo(502);
            assertThat(upstream.connections).hasValue(1);
        }
    }

    @Test
    void spreadsRequestsUnderWayOverTheInstances() throws Exception {
        Semaphore answers = new Semaphore(0);
        TestUpstream.Answer slow = request -> {
            answers.acquire();
            return ok("");
        };
        try (var one = TestUpstream.answering(slow);
                var two = TestUpstream.answering(slow);
                var three = TestUpstream.answering(slow);
                var fixture = RouterFixture.with(one, two, three)) {
            var clients = new RawClient[9];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = fixture.client();
                clients[i].send("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
                int sent = i + 1;
                Waiting.until(() -> one.requests.get() + two.requests.get() + three.requests.get() == sent);
            }
            assertThat(one.requests).hasValue(3);
            assertThat(two.requests).hasValue(3);
            assertThat(three.requests).hasValue(3);
            answers.release(clients.length);
            for (RawClient client : clients) {
                assertThat(client.read().status()).isEqualTo(200);
                client.close();
            }
        }
    }
}
