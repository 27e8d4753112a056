package holt.router;

import static holt.router.RouterFixture.HOST;
import static holt.router.TestUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients and instances that break off at any point leave no request counted, no connection and no buffer behind. */
@Timeout(120)
class ChaosTest {
    private static final int USERS = 24;
    private static final int REQUESTS = 30;

    @Test
    void everyRequestIsCountedOutAgain() throws Exception {
        try (var one = TestUpstream.talking(ChaosTest::misbehave);
                var two = TestUpstream.talking(ChaosTest::misbehave);
                var dead = TestUpstream.answering(request -> ok(""));
                var fixture = RouterFixture.with(one, two, dead);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            dead.close();
            List<Future<?>> users = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                Random random = new Random(i);
                users.add(threads.submit(() -> use(fixture, random)));
            }
            for (Future<?> each : users) {
                each.get(100, TimeUnit.SECONDS);
            }
            Waiting.until(() -> fixture.router.stats().underWay() == 0);
            Waiting.until(() -> fixture.router.stats().connections() == 0);
            fixture.route(HOST);
            Waiting.until(() -> fixture.reportsDrained(one.endpoint(0))
                    && fixture.reportsDrained(two.endpoint(1))
                    && fixture.reportsDrained(dead.endpoint(2)));
            Waiting.until(() -> one.openConnections() == 0 && two.openConnections() == 0);
            assertThat(fixture.router.stats().requests()).isPositive();
        }
    }

    private static void use(RouterFixture fixture, Random random) {
        for (int i = 0; i < REQUESTS; i++) {
            try (var client = fixture.client()) {
                for (int n = 0; n < 3; n++) {
                    int length = random.nextInt(20_000);
                    client.send("PUT / HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: " + length + "\r\n\r\n");
                    client.send(new byte[random.nextInt(4) == 0 ? length / 2 : length]);
                    if (random.nextInt(4) == 0) {
                        client.socket.setSoLinger(random.nextBoolean(), 0);
                        break;
                    }
                    client.socket.setSoTimeout(300);
                    client.read();
                }
            } catch (IOException broken) {
                // As it was meant: one of the two broke off.
                continue;
            }
        }
    }

    private static void misbehave(TestUpstream.Connection connection) throws IOException {
        Random random = new Random(connection.socket().getPort());
        while (true) {
            int kind = random.nextInt(12);
            if (kind == 0) {
                connection.reset();
                return;
            }
            if (kind == 1) {
                return;
            }
            connection.request();
            switch (kind) {
                case 2 -> connection.reset();
                case 3 -> connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                case 4 -> connection.send("nonsense\r\n\r\n");
                case 5 -> connection.send("HTTP/1.1 200 OK\r\n\r\nuntil the end");
                case 6 -> connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                case 7 -> connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
                default -> {
                    connection.send(ok("y".repeat(random.nextInt(50_000))));
                    continue;
                }
            }
            return;
        }
    }
}
