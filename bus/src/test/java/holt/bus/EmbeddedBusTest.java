package holt.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EmbeddedBusTest {
    private final EmbeddedBus bus = new EmbeddedBus();
    private final List<String> received = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void deliversToEveryMatchingSubscriptionInOrder() {
        bus.subscribe("holt.log.*", message -> received.add(new String(message.payload(), UTF_8)));
        IntStream.range(0, 1000).forEach(number -> bus.publish("holt.log.shop", text("" + number)));
        await().until(() -> received.size() == 1000);
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
        await().until(() -> received.size() == 200 && plain.size() == 200);
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
        await().until(() -> received.size() == 2);
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
        await().until(() -> !fast.isEmpty());
        stuck.countDown();
        await().atMost(Duration.ofMinutes(1)).until(() -> received.size() >= Mailbox.CAPACITY);
        assertThat(received.size()).isLessThanOrEqualTo(Mailbox.CAPACITY + 1);
    }

    @Test
    void hearsNothingAfterItsSubscriptionEnded() {
        Bus.Subscription subscription = bus.subscribe("news", message -> received.add("old"));
        subscription.close();
        bus.subscribe("news", message -> received.add("new"));
        bus.publish("news", text(""));
        await().until(() -> received.contains("new"));
        assertThat(received).containsExactly("new");
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
