package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Api;
import holt.model.Event;
import holt.model.Json;
import holt.model.LogLine;
import holt.model.StageProgress;
import holt.model.Subjects;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Server-sent events: resuming, catching up, ending. */
class StreamsTest {
    private static final int PLACES = 6;

    @TempDir
    Path home;

    private TestPlatform platform;

    @BeforeEach
    void start() {
        ApiLimits usual = ApiLimits.standard();
        platform = new TestPlatform(
                home,
                new ApiLimits(usual.jsonBytes(), usual.treeBytes(), usual.uploadBytes(), PLACES, usual.logBytes()));
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    private void scale(int instances) throws Exception {
        HttpResponse<String> answer =
                platform.call("POST", "/apps/shop/scale", new Api.Scale(Integer.toString(instances)));
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private static Event event(Sses.Message message) {
        return Json.read(message.data(), Event.class);
    }

    @Test
    void sendsEachEventOnceFromTheOneThatIsNamedOn() throws Exception {
        long after = platform.push("shop").afterEvent();
        scale(2);
        List<Long> ids = new ArrayList<>();
        try (Sses stream = platform.stream("/apps/shop/events/stream?after=" + after)) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 20; i++) {
                        scale(i % 3);
                    }
                } catch (Exception fault) {
                    throw new AssertionError(fault);
                }
            });
            while (ids.size() < 15) {
                Sses.Message message = stream.next();
                assertThat(message.event()).isEqualTo("event");
                assertThat(message.id()).isEqualTo(Long.toString(event(message).id()));
                assertThat(event(message).app()).isEqualTo("shop");
                ids.add(event(message).id());
            }
            writer.join();
        }
        assertThat(ids).isSorted().doesNotHaveDuplicates();
        List<Long> kept =
                platform.read("/apps/shop/events?limit=1000&after=" + after, Api.Events.class).events().stream()
                        .map(Event::id)
                        .limit(ids.size())
                        .toList();
        assertThat(ids).isEqualTo(kept);
    }

    @Test
    void resumesAfterTheLastEventThatWasSeen() throws Exception {
        platform.push("shop");
        List<Event> events = platform.read("/events", Api.Events.class).events();
        long seen = events.get(1).id();

        try (Sses stream = platform.stream("/events/stream?after=0", Long.toString(seen))) {
            assertThat(event(stream.next()).id()).isEqualTo(events.get(2).id());
        }
    }

    @Test
    void refusesALastEventIdThatIsNone() throws Exception {
        try (Sses stream = platform.stream("/events/stream", "abc")) {
            assertThat(stream.response.statusCode()).isEqualTo(400);
        }
    }

    @Test
    void followsALogWithoutLosingOrDoublingLinesWhileCatchingUp() throws Exception {
        platform.push("shop");
        log(0, 50);
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        platform.read("/apps/shop/logs", Api.Logs.class).lines().size() == 50);
        List<String> texts = new ArrayList<>();
        try (Sses stream = platform.stream("/apps/shop/logs/stream?lines=10000")) {
            for (int batch = 1; batch < 10; batch++) {
                log(batch * 50, 50);
            }
            while (texts.size() < 500) {
                Sses.Message message = stream.next();
                assertThat(message.event()).isEqualTo("log");
                texts.add(Json.read(message.data(), LogLine.class).text());
            }
        }
        assertThat(texts)
                .isEqualTo(IntStream.range(0, 500).mapToObj(i -> "line " + i).toList());
    }

    @Test
    void readsTheLogByNumberInstanceAndAge() throws Exception {
        platform.push("shop");
        log(0, 10);
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        platform.read("/apps/shop/logs", Api.Logs.class).lines().size() == 10);

        assertThat(platform.read("/apps/shop/logs?lines=3", Api.Logs.class).lines())
                .extracting(LogLine::text)
                .containsExactly("line 7", "line 8", "line 9");
        assertThat(platform.read("/apps/shop/logs?instance=1", Api.Logs.class).lines())
                .hasSize(5)
                .allMatch(line -> line.index() == 1);
        assertThat(platform.read("/apps/shop/logs?since=1h", Api.Logs.class).lines())
                .hasSize(10);
        assertThat(platform.read("/apps/shop/logs?since=2100-01-01T00:00:00Z", Api.Logs.class)
                        .lines())
                .isEmpty();
    }

    private void log(int first, int count) {
        List<LogLine> lines = IntStream.range(first, first + count)
                .mapToObj(i -> new LogLine(Instant.now(), "shop", i % 2, 7, "out", "line " + i))
                .toList();
        platform.bus.publish(Subjects.logs("shop"), Json.bytes(new LogLine.Batch(lines)));
    }

    @Test
    void endsALogStreamWithItsAppAndDeletesTheLog() throws Exception {
        platform.push("shop");
        log(0, 1);
        try (Sses stream = platform.stream("/apps/shop/logs/stream")) {
            assertThat(stream.next()).isNotNull();
            platform.call("DELETE", "/apps/shop", null);
            log(1, 1);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(drained(stream)).isTrue());
        }
        platform.push("shop");
        assertThat(platform.read("/apps/shop/logs", Api.Logs.class).lines())
                .extracting(LogLine::text)
                .doesNotContain("line 0");
    }

    private static boolean drained(Sses stream) throws Exception {
        return stream.next() == null;
    }

    @Test
    void showsTheStagingLogWhileItIsWritten() throws Exception {
        platform.stager.gate = new CountDownLatch(1);
        String id = platform.build("slow").id();
        try (Sses stream = platform.stream("/builds/" + id + "/stream")) {
            assertThat(Json.read(stream.next().data(), StageProgress.class).line())
                    .isEqualTo("looking");
            assertThat(platform.read("/builds/" + id, Api.Build.class).state()).isEqualTo("staging");
            assertThat(TestPlatform.problem(platform.call("PUT", "/apps/shop", platform.put(id)))
                            .code())
                    .isEqualTo("build-not-finished");
            platform.stager.gate.countDown();
            assertThat(Json.read(stream.nextNamed("done").data(), Api.Build.class)
                            .state())
                    .isEqualTo("succeeded");
            assertThat(stream.next()).isNull();
        }
        try (Sses again = platform.stream("/builds/" + id + "/stream")) {
            assertThat(again.next().event()).isEqualTo("log");
            assertThat(again.nextNamed("done")).isNotNull();
        }
    }

    @Test
    void failsABuildThatARestartCutOff() throws Exception {
        platform.stager.gate = new CountDownLatch(1);
        String id = platform.build("cut off").id();
        platform.close();
        platform = new TestPlatform(home);
        Api.Build build = platform.read("/builds/" + id, Api.Build.class);
        assertThat(build.state()).isEqualTo("failed");
        assertThat(build.detail()).contains("restarted");
    }

    @Test
    void boundsTheNumberOfOpenStreamsAndGivesPlacesBack() throws Exception {
        platform.push("shop");
        List<Sses> open = new ArrayList<>();
        int status = 200;
        while (status == 200) {
            Sses stream = platform.stream("/events/stream");
            open.add(stream);
            status = stream.response.statusCode();
            assertThat(open).hasSizeLessThanOrEqualTo(PLACES + 1);
        }
        assertThat(status).isEqualTo(503);
        for (Sses stream : open) {
            stream.close();
        }
        int[] instances = {2};
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    scale(instances[0]++ % 3);
                    try (Sses stream = platform.stream("/events/stream")) {
                        return stream.response.statusCode() == 200;
                    }
                });
    }

    @Test
    void endsStreamsWhenTheServerDoes() throws Exception {
        try (Sses stream = platform.stream("/events/stream")) {
            long start = System.nanoTime();
            platform.controller.close();
            assertThat(stream.next()).isNull();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void servesOldEventsFromTheStoreAndNewOnesFromMemory() throws Exception {
        List<Event> stored =
                LongStream.rangeClosed(1, 10).mapToObj(StreamsTest::made).toList();
        EventTail tail = new EventTail(
                (app, after, limit) ->
                        stored.stream().filter(e -> e.id() > after).limit(limit).toList(),
                10);
        assertThat(tail.after(null, 0, 4).events()).hasSize(4);
        assertThat(tail.after(null, 0, 4).upTo()).isEqualTo(4);
        assertThat(tail.await(10, Duration.ofMillis(1))).isFalse();
        tail.append(LongStream.rangeClosed(9, 6000).mapToObj(StreamsTest::made).toList());
        assertThat(tail.await(10, Duration.ofMillis(1))).isTrue();
        assertThat(tail.after("even", 5990, 100).events())
                .extracting(Event::id)
                .containsExactly(5992L, 5994L, 5996L, 5998L, 6000L);
        assertThat(tail.after("none", 5990, 100).upTo()).isEqualTo(6000);
        assertThat(tail.after(null, 5, 100).events()).extracting(Event::id).containsExactly(6L, 7L, 8L, 9L, 10L);
    }

    private static Event made(long id) {
        return new Event(id, Instant.EPOCH, id % 2 == 0 ? "even" : "odd", "kind", "message", java.util.Map.of());
    }
}
