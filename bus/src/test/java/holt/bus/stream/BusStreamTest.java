package holt.bus.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.bus.EmbeddedBus;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusStreamTest {
    private final EmbeddedBus bus = new EmbeddedBus();
    private final CountDownLatch broken = new CountDownLatch(2);
    private final BusStream here = new BusStream(bus, "to.here", "to.there", broken::countDown);
    private final BusStream there = new BusStream(bus, "to.there", "to.here", broken::countDown);

    @AfterEach
    void close() {
        here.close();
        there.close();
        bus.close();
    }

    @Test
    void manyMessagesArriveAtAReaderWhoIsSlow() throws Exception {
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try {
                for (int n = 0; n < 2_000; n++) {
                    byte[] message = new byte[1_000];
                    Arrays.fill(message, (byte) n);
                    here.send(message);
                }
            } catch (Exception fault) {
                throw new IllegalStateException(fault);
            }
        });
        for (int n = 0; n < 2_000; n++) {
            assertThat(there.receive()).hasSize(1_000).startsWith((byte) n).endsWith((byte) n);
        }
        writer.get(10, TimeUnit.SECONDS);
        assertThat(here.drain(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void theEndIsToldToBothSides() throws Exception {
        here.end("enough");
        assertThat(broken.await(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(there::receive).isInstanceOf(StreamBroken.class).hasMessage("enough");
        assertThatThrownBy(() -> here.send(new byte[1]))
                .isInstanceOf(StreamBroken.class)
                .hasMessage("enough");
    }

    @Test
    void whoeverWaitsForRoomIsToldOfTheEnd() throws Exception {
        for (int n = 0; n < StreamPeer.WINDOW; n++) {
            here.send(new byte[1]);
        }
        CompletableFuture<Throwable> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                here.send(new byte[1]);
                return new AssertionError("there was room");
            } catch (Exception expected) {
                return expected;
            }
        });
        there.end("gone");
        assertThat(waiting.get(10, TimeUnit.SECONDS)).hasMessage("gone");
    }
}
