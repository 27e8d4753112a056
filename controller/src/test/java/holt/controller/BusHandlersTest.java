package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.bus.Bus;
import holt.bus.Message;
import holt.model.BusApi;
import holt.model.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BusHandlersTest {
    @TempDir
    static Path home;

    private static final FakeMonitor MONITOR = new FakeMonitor();
    private static TestPlatform platform;

    @BeforeAll
    static void start() {
        platform = new TestPlatform(home, ApiLimits.standard(), MONITOR);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static BusApi.BusMessage heard(Sses stream) throws Exception {
        return Json.read(stream.nextNamed("message").data(), BusApi.BusMessage.class);
    }

    private static Sses listening(String query) throws Exception {
        Sses stream = platform.stream("/bus/messages?" + query);
        assertThat(stream.response.statusCode()).isEqualTo(200);
        assertThat(stream.nextNamed("listening").data()).contains("subject");
        return stream;
    }

    @Test
    void whatIsPublishedReachesTheBusWithItsReplySubject() throws Exception {
        BlockingQueue<Message> received = new LinkedBlockingQueue<>();
        try (Bus.Subscription subscription = platform.bus.subscribe("published.>", received::add)) {
            HttpResponse<String> answer = platform.callText(
                    "POST", "/bus/messages", "{\"subject\":\"published.a\",\"text\":\"grüß\",\"reply\":\"answers.1\"}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
            Message message = received.poll(20, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            assertThat(message.subject()).isEqualTo("published.a");
            assertThat(message.replySubject()).isEqualTo("answers.1");
            assertThat(message.payload()).isEqualTo(bytes("grüß"));

            platform.callText("POST", "/bus/messages", "{\"subject\":\"published.b\",\"base64\":\"AP8=\"}");
            assertThat(received.poll(20, TimeUnit.SECONDS).payload()).containsExactly(0, 0xff);
        }
    }

    @Test
    void aListenerHearsTextAsTextAndTheRestAsBase64() throws Exception {
        try (Sses stream = listening("subject=heard.*")) {
            platform.bus.publish("heard.text", bytes("hello\nworld"));
            platform.bus.publish("heard.binary", new byte[] {(byte) 0xff, 0});
            platform.bus.publish("heard.asked", "answers.2", new byte[0]);
            assertThat(heard(stream)).isEqualTo(new BusApi.BusMessage("heard.text", null, "hello\nworld", null, 11));
            assertThat(heard(stream)).isEqualTo(new BusApi.BusMessage("heard.binary", null, null, "/wA=", 2));
            assertThat(heard(stream)).isEqualTo(new BusApi.BusMessage("heard.asked", "answers.2", "", null, 0));
        }
    }

    @Test
    void payloadsStayHomeWhereTheyAreNotWanted() throws Exception {
        try (Sses stream = listening("subject=sized&payload=no")) {
            platform.bus.publish("sized", bytes("hello"));
            assertThat(heard(stream)).isEqualTo(new BusApi.BusMessage("sized", null, null, null, 5));
        }
    }

    @Test
    void listenersOfAQueueShareTheMessages() throws Exception {
        BlockingQueue<Message> others = new LinkedBlockingQueue<>();
        try (Bus.Subscription subscription = platform.bus.subscribe("shared", "workers", others::add);
                Sses stream = listening("subject=shared&queue=workers")) {
            int sent = 0;
            while (others.isEmpty() || sent < 64) {
                platform.bus.publish("shared", bytes(Integer.toString(sent++)));
            }
            platform.bus.publish("shared", bytes("x"));
            assertThat(heard(stream).subject()).isEqualTo("shared");
            assertThat(others.size()).isLessThan(sent + 1);
        }
    }

    @Test
    void aListenerThatCannotKeepUpIsToldHowMuchItLost() {
        BusListener listener = new BusListener();
        Message small = new Message("a", null, new byte[1], platform.bus);
        for (int i = 0; i < BusListener.MAX_MESSAGES + 7; i++) {
            listener.offer(small);
        }
        assertThat(listener.lost()).isEqualTo(7);
        assertThat(listener.lost()).isZero();
    }

    @Test
    void aClientThatDoesNotReadIsToldWhatItLostWhenItReadsAgain() throws Exception {
        try (Sses stream = listening("subject=flood")) {
            byte[] payload = bytes("x".repeat(100_000));
            for (int i = 0; i < 500; i++) {
                platform.bus.publish("flood", payload);
            }
            BusApi.BusLost lost = Json.read(stream.nextNamed("lost").data(), BusApi.BusLost.class);
            assertThat(lost.messages()).isBetween(1L, 499L);
        }
    }

    @Test
    void whatWaitsForAListenerIsBoundedInBytesToo() throws Exception {
        BusListener listener = new BusListener();
        Message large = new Message("a", null, new byte[BusApi.MAX_PAYLOAD_BYTES], platform.bus);
        for (int i = 0; i < 6; i++) {
            listener.offer(large);
        }
        assertThat(listener.lost()).isEqualTo(6 - BusListener.MAX_BYTES / BusApi.MAX_PAYLOAD_BYTES);
        assertThat(listener.next(java.time.Duration.ZERO)).isNotNull();
        listener.offer(large);
        assertThat(listener.lost()).isZero();
    }

    @Test
    void listenersAreBoundedAndAPlaceIsFreeAgainWhenOneLeaves() throws Exception {
        List<Sses> streams = new ArrayList<>();
        try {
            HttpResponse<?> refused = null;
            for (int i = 0; i <= BusHandlers.MAX_STREAMS && refused == null; i++) {
                Sses stream = platform.stream("/bus/messages?subject=crowd");
                streams.add(stream);
                refused = stream.response.statusCode() == 503 ? stream.response : null;
            }
            assertThat(refused).isNotNull();
        } finally {
            for (Sses stream : streams) {
                stream.close();
            }
        }
        await().atMost(java.time.Duration.ofSeconds(40)).until(() -> {
            platform.bus.publish("crowd", bytes("is anybody there"));
            try (Sses stream = platform.stream("/bus/messages?subject=after")) {
                return stream.response.statusCode() == 200;
            }
        });
    }

    @Test
    void theFirstAnswerToARequestIsGiven() throws Exception {
        try (Bus.Subscription echo = platform.bus.subscribe("echo", message -> message.reply(message.payload()))) {
            HttpResponse<String> answer =
                    platform.callText("POST", "/bus/requests", "{\"subject\":\"echo\",\"text\":\"ping\"}");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(Json.read(answer.body(), BusApi.BusReply.class)).isEqualTo(new BusApi.BusReply("ping", null, 4));
        }
    }

    @Test
    void silenceAndNobodyAreDifferentProblems() throws Exception {
        HttpResponse<String> nobody = platform.callText("POST", "/bus/requests", "{\"subject\":\"nobody.here\"}");
        assertThat(nobody.statusCode()).isEqualTo(404);
        assertThat(TestPlatform.problem(nobody).code()).isEqualTo("no-responders");
        assertThat(TestPlatform.problem(nobody).detail()).contains("nobody.here");

        try (Bus.Subscription deaf = platform.bus.subscribe("deaf", message -> {})) {
            HttpResponse<String> silence =
                    platform.callText("POST", "/bus/requests", "{\"subject\":\"deaf\",\"timeoutMillis\":20}");
            assertThat(silence.statusCode()).isEqualTo(504);
            assertThat(TestPlatform.problem(silence).code()).isEqualTo("no-answer");
            assertThat(TestPlatform.problem(silence).detail()).contains("20 ms");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST | /bus/messages | {"subject":"a..b"}                              | 422 | subject-invalid
            POST | /bus/messages | {"subject":""}                                  | 422 | subject-invalid
            POST | /bus/messages | {"subject":".a"}                                | 422 | subject-invalid
            POST | /bus/messages | {"subject":"a."}                                | 422 | subject-invalid
            POST | /bus/messages | {"subject":"a b"}                               | 422 | subject-invalid
            POST | /bus/messages | {"subject":"a\\u0000b"}                         | 422 | subject-invalid
            POST | /bus/messages | {"subject":"a\\r\\nPUB b 0"}                    | 422 | subject-invalid
            POST | /bus/messages | {"subject":"a.*"}                               | 422 | subject-invalid
            POST | /bus/messages | {"subject":"a.>"}                               | 422 | subject-invalid
            POST | /bus/messages | {"subject":"a","reply":"b c"}                   | 422 | subject-invalid
            POST | /bus/messages | {"subject":"holt.agent.host-1"}                 | 422 | subject-reserved
            POST | /bus/messages | {"subject":"holt"}                              | 422 | subject-reserved
            POST | /bus/messages | {"subject":"$SYS.REQ.SERVER.PING"}              | 422 | subject-reserved
            POST | /bus/messages | {"subject":"a","reply":"holt.agent.host-1"}     | 422 | subject-reserved
            POST | /bus/messages | {"subject":"holt.x","force":false}              | 422 | subject-reserved
            POST | /bus/messages | {"subject":"a","text":"b","base64":"Yg=="}      | 400 | body-invalid
            POST | /bus/messages | {"subject":"a","base64":"%%%"}                  | 400 | body-invalid
            POST | /bus/messages | {"text":"b"}                                    | 400 | body-invalid
            POST | /bus/messages | {"subject":"a","payload":"b"}                   | 400 | body-invalid
            POST | /bus/messages | {                                               | 400 | body-invalid
            POST | /bus/requests | {"subject":"a b"}                               | 422 | subject-invalid
            POST | /bus/requests | {"subject":"holt.agent.host-1"}                 | 422 | subject-reserved
            POST | /bus/requests | {"subject":"a","timeoutMillis":0}               | 400 | parameter-invalid
            POST | /bus/requests | {"subject":"a","timeoutMillis":-1}              | 400 | parameter-invalid
            POST | /bus/requests | {"subject":"a","timeoutMillis":30001}           | 400 | parameter-invalid
            POST | /bus/requests | {"subject":"a","timeoutMillis":"2s"}            | 400 | body-invalid
            GET  | /bus/messages                                      |            | 422 | subject-invalid
            GET  | /bus/messages?subject=a.%3E.b                      |            | 422 | subject-invalid
            GET  | /bus/messages?subject=a%20b                        |            | 422 | subject-invalid
            GET  | /bus/messages?subject=a..b                         |            | 422 | subject-invalid
            GET  | /bus/messages?subject=a&queue=                     |            | 400 | parameter-invalid
            GET  | /bus/messages?subject=a&queue=x%20y                |            | 400 | parameter-invalid
            GET  | /bus/messages?subject=a&payload=maybe              |            | 400 | parameter-invalid
            GET  | /bus/messages?subject=a&force=1                    |            | 400 | parameter-invalid
            GET  | /bus/messages?subject=a&colour=red                 |            | 400 | parameter-invalid
            GET  | /bus/messages?subject=holt.stage&queue=stagers     |            | 422 | subject-reserved
            GET  | /bus/messages?subject=%3E&queue=stagers            |            | 422 | subject-reserved
            GET  | /bus/messages?subject=*.stage&queue=stagers        |            | 422 | subject-reserved
            GET  | /bus/monitor/routez                                |            | 404 | not-found
            GET  | /bus/monitor/connz?sort=colour                     |            | 400 | parameter-invalid
            GET  | /bus/monitor/connz?colour=red                      |            | 400 | parameter-invalid
            """)
    void refusesWithAStableCode(String method, String path, String body, int status, String code) throws Exception {
        HttpResponse<String> answer = platform.callText(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        Problems.Document problem = TestPlatform.problem(answer);
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.detail()).endsWith(".");
    }

    @Test
    void aBadSubjectIsToldInTheWordsOfTheBusWithWhatWouldBeRight() throws Exception {
        Problems.Document problem =
                TestPlatform.problem(platform.callText("POST", "/bus/messages", "{\"subject\":\"a..b\"}"));
        assertThat(problem.expected()).isEqualTo("tokens with one dot between, such as orders.new");
        assertThat(problem.found()).isEqualTo("a..b");
    }

    @Test
    void subjectsAndPayloadsAreBounded() throws Exception {
        String longest = "s".repeat(BusApi.MAX_SUBJECT_BYTES);
        assertThat(platform.call("POST", "/bus/messages", publish(longest, "")).statusCode())
                .isEqualTo(204);
        assertThat(TestPlatform.problem(platform.call("POST", "/bus/messages", publish(longest + "s", "")))
                        .code())
                .isEqualTo("subject-invalid");

        String fullest = "\u0001".repeat(BusApi.MAX_PAYLOAD_BYTES);
        assertThat(platform.call("POST", "/bus/messages", publish("full", fullest))
                        .statusCode())
                .isEqualTo(204);
        HttpResponse<String> over = platform.call("POST", "/bus/messages", publish("full", fullest + "b"));
        assertThat(over.statusCode()).isEqualTo(413);
        assertThat(TestPlatform.problem(over).code()).isIn("payload-too-large", "body-too-large");
        assertThat(TestPlatform.problem(platform.call(
                                "POST", "/bus/messages", publish("full", "b".repeat(BusApi.MAX_PAYLOAD_BYTES + 1))))
                        .code())
                .isEqualTo("payload-too-large");
    }

    private static BusApi.BusPublish publish(String subject, String text) {
        return new BusApi.BusPublish(subject, text, null, null, null);
    }

    @Test
    void thePlatformsOwnSubjectsTakeForce() throws Exception {
        BlockingQueue<Message> received = new LinkedBlockingQueue<>();
        try (Bus.Subscription subscription = platform.bus.subscribe("holt.try.*", received::add)) {
            assertThat(platform.callText("POST", "/bus/messages", "{\"subject\":\"holt.try.it\",\"force\":true}")
                            .statusCode())
                    .isEqualTo(204);
            assertThat(received.poll(20, TimeUnit.SECONDS).subject()).isEqualTo("holt.try.it");
        }
        listening("subject=holt.stage&queue=others&force=true").close();
        listening("subject=holt.stage").close();
    }

    @Test
    void monitorPagesAreTheBussOwnWithTheirParameters() throws Exception {
        HttpResponse<String> varz = platform.read("/bus/monitor/varz");
        assertThat(varz.body()).isEqualTo(FakeMonitor.VARZ);
        assertThat(varz.headers().firstValue("Content-Type")).hasValue("application/json");
        platform.read("/bus/monitor/connz?sort=msgs_to&limit=5&offset=2&subs=1&state=all&cid=4");
        assertThat(MONITOR.asked)
                .contains("varz{}", "connz{cid=4, limit=5, offset=2, sort=msgs_to, state=all, subs=1}");
    }

    @Test
    void aBusThatCannotBeAskedIsAProblemNotAFault() throws Exception {
        MONITOR.away = true;
        try {
            HttpResponse<String> answer = platform.read("/bus/monitor/varz");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(TestPlatform.problem(answer).detail()).contains("nobody at 10.0.0.9:8222");
        } finally {
            MONITOR.away = false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"holt", "holt.host.report", "holt.>", "*", "*.x", ">", "$SYS.x"})
    void thePlatformsSubjectsAreKnown(String subject) {
        assertThat(holt.model.Subjects.isPlatforms(subject)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"holts.x", "Holt.x", "orders.holt", "_INBOX.1", "orders.*", "*x"})
    void othersAreNotThePlatforms(String subject) {
        assertThat(holt.model.Subjects.isPlatforms(subject)).isFalse();
    }
}
