package holt.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every bus does, whatever it is made of. */
public abstract class BusContract {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final List<String> received = new CopyOnWriteArrayList<>();
    private Bus bus;

    /** A bus on which nobody else talks. */
    protected abstract Bus open() throws Exception;

    @BeforeEach
    void begin() throws Exception {
        bus = open();
    }

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void deliversToEveryMatchingSubscriptionInOrder() {
        bus.subscribe("holt.log.*", message -> received.add(new String(message.payload(), UTF_8)));
        IntStream.range(0, 1000).forEach(number -> bus.publish("holt.log.shop", text("" + number)));
        await().atMost(PATIENCE).until(() -> received.size() == 1000);
        assertThat(received)
                .containsExactlyElementsOf(
                        IntStream.range(0, 1000).mapToObj(n -> "" + n).toList());
    }

    @Test
    void givesEachMessageToOneMemberOfAQueueAndToAllOthers() {
        CopyOnWriteArrayList<String> plain = new CopyOnWriteArrayList<>();
        bus.subscribe("work", "crew", message -> received.add("a"));
        bus.subscribe("work", "crew", message -> received.add("b"));
        bus.subscribe("work", message -> plain.add("c"));
        IntStream.range(0, 200).forEach(number -> bus.publish("work", text("x")));
        await().atMost(PATIENCE).until(() -> received.size() == 200 && plain.size() == 200);
        assertThat(received).contains("a", "b");
    }

    @Test
    void answersARequest() throws Exception {
        bus.subscribe("echo", message -> message.reply(message.payload()));
        assertThat(bus.request("echo", text("hello"), Duration.ofSeconds(30)).get())
                .isEqualTo(text("hello"));
    }

    @Test
    void tellsAtOnceWhenNobodyCanAnswer() {
        assertThatThrownBy(() ->
                        bus.request("nobody", text(""), Duration.ofHours(1)).get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NoResponders.class);
    }

    @Test
    void givesUpARequestThatIsNotAnswered() {
        bus.subscribe("silent", message -> {});
        assertThatThrownBy(() ->
                        bus.request("silent", text(""), Duration.ofMillis(20)).get())
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void goesOnAfterAHandlerFailed() {
        bus.subscribe("fragile", message -> {
            received.add(new String(message.payload(), UTF_8));
            if (received.size() == 1) {
                throw new IllegalStateException("the first one is bad");
            }
        });
        bus.publish("fragile", text("1"));
        bus.publish("fragile", text("2"));
        await().atMost(PATIENCE).until(() -> received.size() == 2);
    }

    @Test
    void aSlowReceiverDelaysNobodyElseAndLosesOnlyItsOwn() {
        CountDownLatch stuck = new CountDownLatch(1);
        bus.subscribe("busy", message -> {
            awaitUnchecked(stuck);
            received.add("slow");
        });
        CopyOnWriteArrayList<String> fast = new CopyOnWriteArrayList<>();
        bus.subscribe("busy", message -> {
            if (fast.isEmpty()) {
                fast.add("first");
            }
        });
        IntStream.range(0, Mailbox.CAPACITY + 1000).forEach(number -> bus.publish("busy", text("")));
        bus.subscribe("end", message -> fast.add("end"));
        bus.publish("end", text(""));
        await().atMost(PATIENCE).until(() -> fast.contains("first") && fast.contains("end"));
        stuck.countDown();
        await().atMost(PATIENCE).until(() -> received.size() >= Mailbox.CAPACITY);
        assertThat(received.size()).isLessThanOrEqualTo(Mailbox.CAPACITY + 1);
    }

    @Test
    void hearsNothingAfterItsSubscriptionEnded() {
        Bus.Subscription subscription = bus.subscribe("news", message -> received.add("old"));
        subscription.close();
        bus.subscribe("news", message -> received.add("new"));
        bus.publish("news", text(""));
        await().atMost(PATIENCE).until(() -> received.contains("new"));
        assertThat(received).containsExactly("new");
    }

    @Test
    void anAnswerThatIsWaitedForMayBlockWithoutStoppingTheBus() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch attached = new CountDownLatch(1);
        bus.subscribe("echo", message -> {
            awaitUnchecked(attached);
            message.reply(message.payload());
        });
        CompletableFuture<Void> blocked = bus.request("echo", text("1"), PATIENCE)
                .thenAccept(answer -> {
                    first.countDown();
                    awaitUnchecked(stuck);
                });
        attached.countDown();
        awaitUnchecked(first);
        bus.subscribe("other", message -> received.add("heard"));
        bus.publish("other", text(""));
        await().atMost(PATIENCE).until(() -> received.contains("heard"));
        stuck.countDown();
        blocked.get();
    }

    @Test
    void wildcardsMatchAsNatsSays() {
        bus.subscribe("a.*.c", message -> received.add("star " + message.subject()));
        bus.subscribe("a.>", message -> received.add("tail " + message.subject()));
        for (String subject : List.of("a", "a.b.c", "a.b", "a.b.c.d", "A.b.c", "b.a.c", "a.b.c")) {
            bus.publish(subject, text(""));
        }
        bus.publish("a.end", text(""));
        await().atMost(PATIENCE).until(() -> received.contains("tail a.end") && received.size() == 7);
        assertThat(received)
                .containsExactlyInAnyOrder(
                        "star a.b.c",
                        "star a.b.c",
                        "tail a.b.c",
                        "tail a.b.c",
                        "tail a.b",
                        "tail a.b.c.d",
                        "tail a.end");
    }

    @Test
    void aMessageCarriesItsSubjectAndEveryByteOfItsPayload() {
        List<byte[]> payloads = new CopyOnWriteArrayList<>();
        bus.subscribe("raw.>", message -> {
            payloads.add(message.payload());
            received.add(message.subject() + " " + message.replySubject());
        });
        byte[] all = new byte[256];
        IntStream.range(0, 256).forEach(value -> all[value] = (byte) value);
        bus.publish("raw.bytes.ü", all);
        bus.publish("raw.empty", new byte[0]);
        await().atMost(PATIENCE).until(() -> received.size() == 2);
        assertThat(received).containsExactly("raw.bytes.ü null", "raw.empty null");
        assertThat(payloads.get(0)).isEqualTo(all);
        assertThat(payloads.get(1)).isEmpty();
    }

    @Test
    void refusesSubjectsThatCannotBe() {
        for (String subject : List.of("", ".", "a.", ".a", "a..b", "a b", "a\tb", "a\r\nPUB b", "a\u007f")) {
            assertThatThrownBy(() -> bus.publish(subject, text("")))
                    .as("publish to '%s'", subject)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Expected");
            assertThatThrownBy(() -> bus.request(subject, text(""), PATIENCE))
                    .as("request of '%s'", subject)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> bus.subscribe(subject, message -> {}))
                    .as("subscribe to '%s'", subject)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String pattern : List.of("a.*", ">", "*.b")) {
            assertThatThrownBy(() -> bus.publish(pattern, text("")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("without wildcards");
        }
        assertThatThrownBy(() -> bus.subscribe("a.>.b", message -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("last token");
    }

    @Test
    void subscribersOfEverythingDoNotHearAnswers() throws Exception {
        bus.subscribe("echo", message -> message.reply(message.payload()));
        bus.subscribe(">", message -> received.add(message.subject()));
        bus.request("echo", text("x"), PATIENCE).get();
        bus.publish("last", text(""));
        await().atMost(PATIENCE).until(() -> received.contains("last"));
        assertThat(received).containsExactly("echo", "last");
    }

    @Test
    void onlyTheFirstAnswerCounts() throws Exception {
        bus.subscribe("twice", message -> {
            message.reply(text("1"));
            message.reply(text("2"));
        });
        for (int round = 0; round < 100; round++) {
            assertThat(bus.request("twice", text(""), PATIENCE).get()).isEqualTo(text("1"));
        }
    }

    @Test
    void aClosedBusCancelsWhatWaitsAndHearsNothingMore() {
        bus.subscribe("silent", message -> received.add("heard"));
        CompletableFuture<byte[]> waiting = bus.request("silent", text(""), Duration.ofHours(1));
        await().atMost(PATIENCE).until(() -> received.size() == 1);
        bus.close();
        assertThat(waiting).isCompletedExceptionally();
        bus.publish("silent", text(""));
        assertThatThrownBy(() -> bus.request("silent", text(""), PATIENCE).get())
                .hasCauseInstanceOf(NoResponders.class);
        assertThatThrownBy(() -> bus.subscribe("silent", message -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(received).hasSize(1);
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }
}
