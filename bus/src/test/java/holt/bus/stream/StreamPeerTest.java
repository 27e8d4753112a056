package holt.bus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StreamPeerTest {
    private static final long STEP = 50_000_000;

    private long now = 7;
    private final StreamPeer here = new StreamPeer(now);
    private final StreamPeer there = new StreamPeer(now);

    private static byte[] number(int n) {
        return ByteBuffer.allocate(4).putInt(n).array();
    }

    private static void carry(StreamPeer from, StreamPeer to, long now) {
        from.outgoing().forEach(packet -> to.receive(packet, now));
    }

    @Test
    void messagesComeOutInTheirOrder() {
        here.send(number(1), now);
        here.send(number(2), now);
        carry(here, there, now);
        assertThat(there.take(now)).contains(number(1));
        assertThat(there.take(now)).contains(number(2));
        assertThat(there.take(now)).isEmpty();
    }

    @Test
    void aReaderThatTakesNothingStopsTheWriterAtTheWindow() {
        int sent = 0;
        while (here.canSend()) {
            here.send(number(sent++), now);
            carry(here, there, now);
            there.tick(now + StreamPeer.ACKNOWLEDGE_NANOS);
            carry(there, here, now);
        }
        assertThat(sent).isEqualTo(StreamPeer.WINDOW);
        assertThat(here.isDrained()).isTrue();
        for (int n = 0; n < StreamPeer.WINDOW / 2; n++) {
            assertThat(there.take(now)).contains(number(n));
        }
        carry(there, here, now);
        assertThat(here.canSend()).isTrue();
    }

    @Test
    void whatWasLostIsRepeated() {
        here.send(number(1), now);
        here.outgoing();
        here.tick(now + StreamPeer.REPEAT_NANOS);
        carry(here, there, now);
        assertThat(there.take(now)).contains(number(1));
    }

    @Test
    void aPeerThatIsSilentForTooLongIsGone() {
        here.tick(now + StreamPeer.LOST_NANOS - 1);
        assertThat(here.ended()).isNull();
        here.tick(now + StreamPeer.LOST_NANOS);
        assertThat(here.ended()).contains("not heard for 10 s");
        assertThat(here.canSend()).isFalse();
    }

    @Test
    void aPeerWithNothingToSayIsNotTakenForGone() {
        for (int step = 0; step < 1000; step++) {
            now += STEP;
            here.tick(now);
            there.tick(now);
            carry(here, there, now);
            carry(there, here, now);
        }
        assertThat(here.ended()).isNull();
        assertThat(there.ended()).isNull();
    }

    @Test
    void theOtherSideIsToldWhyItEnds() {
        here.send(number(1), now);
        here.end("the instance ended", now);
        carry(here, there, now);
        assertThat(there.ended()).isEqualTo("the instance ended");
        assertThat(there.take(now)).contains(number(1));
    }

    @Test
    void moreThanTheWindowOrNonsenseEndsTheStream() {
        there.receive(new Packet(Packet.Kind.DATA, StreamPeer.WINDOW, 0, 16, number(1)).bytes(), now);
        assertThat(there.ended()).contains("more than it may");
        here.receive(new Packet(Packet.Kind.NUMBERS, 0, 1, 16, new byte[0]).bytes(), now);
        assertThat(here.ended()).contains("never sent");
        StreamPeer third = new StreamPeer(now);
        third.receive("hello".getBytes(StandardCharsets.UTF_8), now);
        assertThat(third.ended()).contains("Expected a packet");
    }

    @Test
    void tickIsDueWhenSomethingIs() {
        assertThat(here.dueAt()).isEqualTo(now + StreamPeer.ALIVE_NANOS);
        here.send(number(1), now);
        assertThat(here.dueAt()).isEqualTo(now + StreamPeer.REPEAT_NANOS);
        carry(here, there, now);
        assertThat(there.dueAt()).isEqualTo(now + StreamPeer.ACKNOWLEDGE_NANOS);
    }

    /** What a bus can do to packets, from a seed. */
    private static final class BadBus {
        final Random random;
        final int percent;
        final Deque<byte[]> queue = new ArrayDeque<>();

        BadBus(Random random, int percent) {
            this.random = random;
            this.percent = percent;
        }

        void carry(StreamPeer from, StreamPeer to, long now) {
            for (byte[] packet : from.outgoing()) {
                if (chance()) {
                    continue;
                }
                if (chance()) {
                    queue.addFirst(packet);
                }
                if (chance()) {
                    queue.addFirst(packet);
                } else {
                    queue.addLast(packet);
                }
            }
            while (!queue.isEmpty() && random.nextInt(4) > 0) {
                to.receive(queue.poll(), now);
            }
        }

        boolean chance() {
            return random.nextInt(100) < percent;
        }
    }

    @Property(tries = 300)
    void whateverTheBusDoesTheRightMessagesArriveOrTheStreamEnds(
            @ForAll long seed,
            @ForAll @IntRange(max = 60) int percent,
            @ForAll @IntRange(min = 1, max = 200) int count) {
        Random random = new Random(seed);
        BadBus forth = new BadBus(random, percent);
        BadBus back = new BadBus(random, percent);
        List<Integer> got = new ArrayList<>();
        int sent = 0;
        for (int step = 0; step < 40_000 && got.size() < count; step++) {
            now += STEP;
            while (sent < count && here.canSend() && random.nextInt(5) > 0) {
                here.send(number(sent++), now);
            }
            here.tick(now);
            there.tick(now);
            forth.carry(here, there, now);
            back.carry(there, here, now);
            if (random.nextInt(3) > 0) {
                there.take(now).map(bytes -> ByteBuffer.wrap(bytes).getInt()).ifPresent(got::add);
            }
            if (here.ended() != null || there.ended() != null) {
                break;
            }
        }
        for (Optional<byte[]> rest = there.take(now); rest.isPresent(); rest = there.take(now)) {
            got.add(ByteBuffer.wrap(rest.get()).getInt());
        }
        for (int n = 0; n < got.size(); n++) {
            assertThat(got.get(n)).isEqualTo(n);
        }
        assertThat(got.size() == count || here.ended() != null || there.ended() != null)
                .as("all arrived or it ended")
                .isTrue();
    }

    @Property(tries = 100)
    void aBusThatLosesALittleIsNotNoticed(@ForAll long seed) {
        Random random = new Random(seed);
        BadBus forth = new BadBus(random, 8);
        BadBus back = new BadBus(random, 8);
        int sent = 0;
        int got = 0;
        while (got < 300) {
            now += STEP;
            while (sent < 300 && here.canSend()) {
                here.send(number(sent++), now);
            }
            here.tick(now);
            there.tick(now);
            forth.carry(here, there, now);
            back.carry(there, here, now);
            for (Optional<byte[]> next = there.take(now); next.isPresent(); next = there.take(now)) {
                assertThat(next.get()).isEqualTo(number(got++));
            }
            assertThat(here.ended()).isNull();
            assertThat(there.ended()).isNull();
        }
    }
}
