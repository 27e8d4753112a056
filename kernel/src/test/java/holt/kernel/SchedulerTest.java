package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.kernel.Scheduler.Bid;
import holt.kernel.Scheduler.Need;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final Instant NOW = World.START;
    private static final long MEGABYTE = 1L << 20;

    @Test
    void takesTheHostWithMostRoom() {
        assertThat(place(need(10), new Bid("a", 20), new Bid("b", 30))).isEqualTo(new Scheduler.On("b"));
    }

    @Test
    void prefersTheHostWithFewestSiblingsOverOneWithMoreRoom() {
        Need need = new Need(10, Map.of("b", 1), Map.of());

        assertThat(place(need, new Bid("a", 20), new Bid("b", 30))).isEqualTo(new Scheduler.On("a"));
    }

    @Test
    void fitsExactly() {
        assertThat(place(need(10), new Bid("a", 10))).isEqualTo(new Scheduler.On("a"));
        assertThat(place(need(11), new Bid("a", 10))).isInstanceOf(Scheduler.NoRoom.class);
    }

    @Test
    void saysHowMuchIsMissingWhereNothingFits() {
        Need need = need(256 * MEGABYTE);

        assertThat(place(need, new Bid("a", 64 * MEGABYTE), new Bid("b", 128 * MEGABYTE)))
                .isEqualTo(new Scheduler.NoRoom("no host has 256M of memory free; the most is 128M on b"));
    }

    @Test
    void saysThatThereIsNoHost() {
        assertThat(place(need(10))).isEqualTo(new Scheduler.NoRoom("no host is connected"));
    }

    @Test
    void avoidsAHostThatRefusedForAWhile() {
        Need need = new Need(10, Map.of(), Map.of("b", NOW.plusSeconds(1)));

        assertThat(place(need, new Bid("a", 20), new Bid("b", 30))).isEqualTo(new Scheduler.On("a"));
        assertThat(Scheduler.place(need, List.of(new Bid("b", 30)), NOW.plusSeconds(1)))
                .isEqualTo(new Scheduler.On("b"));
    }

    @Test
    void comesBackToTheFirstThatMayBeAskedAgainWhenAllHaveRefused() {
        Need need = new Need(10, Map.of(), Map.of("a", NOW.plusSeconds(4), "b", NOW.plusSeconds(2)));

        assertThat(place(need, new Bid("a", 20), new Bid("b", 30)))
                .isEqualTo(new Scheduler.AllRefused(NOW.plusSeconds(2)));
    }

    @Property
    void placesWhereverThereIsRoomAndInNoParticularOrderOfBids(
            @ForAll @Size(max = 20) List<@LongRange(min = -5, max = 50) Long> free,
            @ForAll @LongRange(min = 1, max = 40) long wanted,
            @ForAll long seed) {
        List<Bid> bids = new ArrayList<>();
        free.forEach(bytes -> bids.add(new Bid("host-" + bids.size(), bytes)));
        Scheduler.Placement placement = Scheduler.place(need(wanted), bids, NOW);
        boolean fits = free.stream().anyMatch(bytes -> bytes >= wanted);

        assertThat(placement instanceof Scheduler.On).isEqualTo(fits);
        if (placement instanceof Scheduler.On on) {
            long best = Collections.max(free);
            assertThat(bids).contains(new Bid(on.host(), best));
        }
        Collections.shuffle(bids, new Random(seed));
        assertThat(Scheduler.place(need(wanted), bids, NOW)).isEqualTo(placement);
    }

    private static Need need(long bytes) {
        return new Need(bytes, Map.of(), Map.of());
    }

    private static Scheduler.Placement place(Need need, Bid... bids) {
        return Scheduler.place(need, List.of(bids), NOW);
    }
}
