package holt.router;

import static holt.router.RouterFixture.HOST;
import static holt.router.TestUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LoadTest {
    private static final long LARGE = 200L << 20;
    private static final String GET = "GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";

    @Test
    void streamsLargeBodiesBothWaysInLittleMemory() throws Exception {
        try (var upstream = TestUpstream.talking(connection -> {
                    RawClient.line(connection.in());
                    RawClient.fields(connection.in());
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
                    byte[] buffer = new byte[64 << 10];
                    for (long left = LARGE; left > 0; ) {
                        int count = connection.in().read(buffer);
                        connection.out().write(buffer, 0, count);
                        left -= count;
                    }
                });
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            long before = directMemory();
            AtomicLong peak = new AtomicLong();
            client.send("PUT / HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: " + LARGE + "\r\n\r\n");
            Thread sender = Thread.ofVirtual().start(() -> send(client.out, LARGE));
            assertThat(RawClient.line(client.in)).contains("200");
            RawClient.fields(client.in);
            assertThat(receive(client.in, LARGE, peak)).isEqualTo(LARGE);
            sender.join();
            assertThat(peak.get() - before).as("direct memory").isLessThan(32L << 20);
        }
    }

    @Test
    void holdsAFastInstanceBackWhenTheClientDoesNotRead() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (var upstream = TestUpstream.talking(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
                    byte[] buffer = new byte[64 << 10];
                    for (long left = LARGE; left > 0; left -= buffer.length) {
                        connection.out().write(buffer);
                        sent.addAndGet(buffer.length);
                    }
                });
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            client.send(GET);
            long[] last = {-1};
            // It stands still once all socket buffers on the way are full.
            org.awaitility.Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .pollInterval(500, TimeUnit.MILLISECONDS)
                    .until(() -> {
                        boolean still = last[0] == sent.get() && last[0] > 0;
                        last[0] = sent.get();
                        return still;
                    });
            assertThat(sent.get()).isLessThan(LARGE / 2);
            assertThat(RawClient.line(client.in)).contains("200");
            RawClient.fields(client.in);
            assertThat(receive(client.in, LARGE, new AtomicLong())).isEqualTo(LARGE);
        }
    }

    @Test
    void servesFiveHundredConnectionsAtOnce() throws Exception {
        int connections = 500;
        CyclicBarrier all = new CyclicBarrier(connections);
        try (var upstream = TestUpstream.answering(request -> ok(request.path()));
                var fixture = RouterFixture.with(upstream);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                String path = "/" + i;
                Callable<Integer> user = () -> {
                    try (var client = fixture.client()) {
                        all.await(60, TimeUnit.SECONDS);
                        for (int n = 0; n < 10; n++) {
                            assertThat(client.get(HOST, path).text()).isEqualTo(path);
                        }
                        return 10;
                    }
                };
                results.add(threads.submit(user));
            }
            int answered = 0;
            for (Future<Integer> each : results) {
                answered += each.get(100, TimeUnit.SECONDS);
            }
            assertThat(answered).isEqualTo(connections * 10);
            Waiting.until(() -> fixture.router.stats().requests() == connections * 10L);
            assertThat(fixture.router.stats().byApp()).containsEntry("shop", connections * 10L);
        }
    }

    @Test
    void cancelsTheRequestWhenTheClientGoesAway() throws Exception {
        Semaphore reached = new Semaphore(0);
        try (var upstream = TestUpstream.talking(connection -> {
                    connection.request();
                    reached.release();
                    connection.in().read();
                });
                var fixture = RouterFixture.with(upstream)) {
            for (int i = 0; i < 10; i++) {
                try (var client = fixture.client()) {
                    client.send(GET);
                    assertThat(reached.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
                }
            }
            Waiting.until(() -> upstream.openConnections() == 0
                    && fixture.router.stats().underWay() == 0
                    && fixture.log.size() == 10);
            assertThat(fixture.log)
                    .allSatisfy(entry -> assertThat(entry.status()).isEqualTo(499));
        }
    }

    @Test
    void reportsAnEndpointAsDrainedOnlyWhenItsLastRequestIsOver() throws Exception {
        Semaphore answers = new Semaphore(0);
        try (var upstream = TestUpstream.answering(request -> {
                    answers.acquire();
                    return ok("late");
                });
                var other = TestUpstream.answering(request -> ok("other"));
                var fixture = RouterFixture.with(upstream);
                var client = fixture.client()) {
            Endpoint endpoint = upstream.endpoint(0);
            client.send(GET);
            Waiting.until(() -> upstream.requests.get() == 1);
            fixture.route(HOST, other);
            try (var next = fixture.client()) {
                assertThat(next.get(HOST, "/").text()).isEqualTo("other");
            }
            assertThat(fixture.reportsDrained(endpoint)).isFalse();
            answers.release();
            assertThat(client.read().text()).isEqualTo("late");
            Waiting.until(() -> fixture.reportsDrained(endpoint));
            Waiting.until(() -> upstream.openConnections() == 0);
        }
    }

    /** What a re-push does, at its most hurried: an instance dies the moment the router says it is drained. */
    @Test
    void failsNoRequestWhileInstancesAreReplacedUnderLoad() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong answered = new AtomicLong();
        try (var fixture = new RouterFixture();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ArrayDeque<TestUpstream> running = new ArrayDeque<>();
            running.add(TestUpstream.answering(request -> ok(request.text())));
            fixture.route(HOST, running.peek());
            List<Future<?>> users = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                boolean post = i % 2 == 0;
                users.add(threads.submit(() -> {
                    use(fixture, post, over, answered);
                    return null;
                }));
            }
            for (int i = 0; i < 50; i++) {
                long before = answered.get();
                TestUpstream old = running.remove();
                running.add(TestUpstream.answering(request -> ok(request.text())));
                fixture.route(HOST, running.peek());
                Waiting.until(() -> fixture.reportsDrained(old.endpoint(0)));
                old.close();
                Waiting.until(() -> answered.get() > before + 20);
            }
            over.set(true);
            for (Future<?> each : users) {
                each.get(60, TimeUnit.SECONDS);
            }
            running.remove().close();
            assertThat(fixture.router.stats().byStatusClass().get(5)).isZero();
            assertThat(fixture.router.stats().underWay()).isZero();
        }
    }

    private static void use(RouterFixture fixture, boolean post, AtomicBoolean over, AtomicLong answered)
            throws IOException {
        try (var client = fixture.client()) {
            while (!over.get()) {
                var response = post
                        ? client.send("POST / HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: 2\r\n\r\nhi")
                                .read()
                        : client.get(HOST, "/");
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.text()).isEqualTo(post ? "hi" : "");
                answered.incrementAndGet();
            }
        }
    }

    private static void send(OutputStream out, long count) {
        try {
            byte[] buffer = new byte[64 << 10];
            for (long left = count; left > 0; left -= buffer.length) {
                out.write(buffer);
            }
        } catch (IOException fault) {
            throw new java.io.UncheckedIOException(fault);
        }
    }

    private static long receive(InputStream in, long count, AtomicLong peak) throws IOException {
        byte[] buffer = new byte[64 << 10];
        long received = 0;
        while (received < count) {
            int read = in.read(buffer);
            if (read < 0) {
                return received;
            }
            received += read;
            peak.accumulateAndGet(directMemory(), Math::max);
        }
        return received;
    }

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
