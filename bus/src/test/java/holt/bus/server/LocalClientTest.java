package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.bus.Bus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Threads that publish while others subscribe and unsubscribe. Mailboxes hand over on threads of their own, which Lincheck
 * cannot follow; so the history is checked by hand: of one publisher a subscription gets a run without gaps, which begins
 * no later than what was published after {@code subscribe} returned and holds all that was before it ended.
 */
final class LocalClientTest {
    private static final int PUBLISHERS = 3;

    private record Life(long[] atStart, List<ConcurrentLinkedQueue<Long>> got, long[] atEnd) {}

    @Test
    void aSubscriptionGetsAllThatWasPublishedDuringItsLifeInOrder() throws Exception {
        try (BusServer server = BusServer.start(BusSettings.inProcess())) {
            AtomicLong[] published = {new AtomicLong(), new AtomicLong(), new AtomicLong()};
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> publishers = new ArrayList<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                int number = i;
                Bus bus = server.connect("publisher " + i);
                publishers.add(Thread.ofPlatform().start(() -> {
                    while (!over.get()) {
                        long next = published[number].get() + 1;
                        bus.publish(
                                "s." + number,
                                ByteBuffer.allocate(8).putLong(next).array());
                        published[number].set(next);
                    }
                }));
            }
            List<Life> lives = new ArrayList<>();
            try (Bus bus = server.connect("subscriber")) {
                for (int i = 0; i < 50; i++) {
                    lives.add(live(bus, published));
                }
                over.set(true);
                for (Thread each : publishers) {
                    each.join();
                }
                lives.forEach(LocalClientTest::check);
            }
            assertThat(Setup.figure(server, "subscriptions")).isEqualTo(PUBLISHERS); // their inboxes
        }
    }

    @Test
    void oneThatLeavesTakesAllItsSubscriptionsAlongHoweverManyTheyAre() throws Exception {
        try (BusServer server = BusServer.start(BusSettings.inProcess())) {
            Bus bus = server.connect("many");
            for (int i = 0; i < 25_000; i++) {
                bus.subscribe("s." + i, message -> {});
            }
            assertThat(Setup.figure(server, "subscriptions")).isEqualTo(25_001);
            bus.close();
            assertThat(Setup.figure(server, "subscriptions")).isZero();
        }
    }

    private static Life live(Bus bus, AtomicLong[] published) {
        List<ConcurrentLinkedQueue<Long>> got = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            got.add(new ConcurrentLinkedQueue<>());
        }
        Bus.Subscription subscription = bus.subscribe(
                "s.*",
                message -> got.get(message.subject().charAt(2) - '0')
                        .add(ByteBuffer.wrap(message.payload()).getLong()));
        long[] start = figures(published);
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> got.stream().allMatch(each -> each.size() > 20));
        long[] end = figures(published);
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    for (int i = 0; i < PUBLISHERS; i++) {
                        if (last(got.get(i)) < end[i]) {
                            return false;
                        }
                    }
                    return true;
                });
        subscription.close();
        return new Life(start, got, end);
    }

    private static long last(ConcurrentLinkedQueue<Long> queue) {
        long last = 0;
        for (long each : queue) {
            last = each;
        }
        return last;
    }

    private static long[] figures(AtomicLong[] published) {
        long[] figures = new long[PUBLISHERS];
        for (int i = 0; i < PUBLISHERS; i++) {
            figures[i] = published[i].get();
        }
        return figures;
    }

    private static void check(Life life) {
        for (int i = 0; i < PUBLISHERS; i++) {
            List<Long> got = List.copyOf(life.got().get(i));
            // one may have been delivered and not yet counted when the subscription began
            assertThat(got.getFirst()).isLessThanOrEqualTo(life.atStart()[i] + 2);
            assertThat(got.getLast()).isGreaterThanOrEqualTo(life.atEnd()[i]);
            assertThat(got.getLast() - got.getFirst() + 1).as("no gap").isEqualTo(got.size());
            assertThat(got).isSorted().doesNotHaveDuplicates();
        }
    }
}
