package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Placement;
import holt.model.Resources;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final long MEGABYTE = 1L << 20;

    private final Estate estate = new Estate();

    @Test
    void takesTheLeastLoadedHost() {
        estate.host("a", 100);
        estate.host("b", 100);
        estate.run("other", memory(10), "a");

        assertThat(estate.chosen(estate.need("x", 10))).isEqualTo("b");
    }

    @Test
    void takesTheFirstByNameOfEqualHosts() {
        estate.host("b", 100);
        estate.host("a", 100);

        assertThat(estate.chosen(estate.need("x", 10))).isEqualTo("a");
    }

    @Test
    void prefersTheHostWithFewestSiblingsOverALessLoadedOne() {
        estate.host("a", 100);
        estate.host("b", 100);
        estate.run("x", memory(1), "b");
        estate.run("other", memory(50), "a");

        assertThat(estate.chosen(estate.need("x", 10))).isEqualTo("a");
    }

    @Test
    void prefersTheZoneWithFewestSiblingsOverAnEmptierHost() {
        estate.host("a1", Resources.ofMemory(100), "a");
        estate.host("a2", Resources.ofMemory(100), "a");
        estate.host("b1", Resources.ofMemory(100), "b");
        estate.run("x", memory(10), "a1");
        estate.run("other", memory(80), "b1");

        assertThat(estate.chosen(estate.need("x", 10))).isEqualTo("b1");
    }

    @Test
    void countsTheInstancesOfAHostThatTurnsOutToBeInAnotherZone() {
        estate.host("a1", Resources.ofMemory(100), "a");
        estate.host("b1", Resources.ofMemory(100), "b");
        estate.host("b2", Resources.ofMemory(100), "b");
        estate.run("x", memory(10), "a1");
        estate.host("a1", Resources.ofMemory(100), "b");
        estate.host("b2", Resources.ofMemory(100), "c");

        assertThat(estate.chosen(estate.need("x", 10))).isEqualTo("b2");
    }

    @Test
    void fitsExactlyInEachResource() {
        estate.host("a", new Resources(10, 10, 10, 10), "");

        assertThat(estate.chosen(need(new Resources(10, 10, 10, 10)))).isEqualTo("a");
        assertThat(estate.place(need(new Resources(11, 1, 1, 1)))).isInstanceOf(Scheduler.NoRoom.class);
        assertThat(estate.place(need(new Resources(1, 11, 1, 1)))).isInstanceOf(Scheduler.NoRoom.class);
        assertThat(estate.place(need(new Resources(1, 1, 11, 1)))).isInstanceOf(Scheduler.NoRoom.class);
        assertThat(estate.place(need(new Resources(1, 1, 1, 11)))).isInstanceOf(Scheduler.NoRoom.class);
    }

    @Test
    void aFairShareOfTheCpuTakesNoneOfIt() {
        estate.host("a", new Resources(100, 0, 100, 100), "");

        assertThat(estate.chosen(need(new Resources(10, 0, 0, 10)))).isEqualTo("a");
    }

    @Test
    void takesOnlyHostsWithAllTags() {
        estate.host("a", Resources.ofMemory(100), "", "gpu");
        estate.host("b", Resources.ofMemory(100), "", "gpu", "ssd");
        estate.run("other", memory(50), "b");

        assertThat(estate.chosen(need(new Placement(List.of("ssd", "gpu"), false, List.of()))))
                .isEqualTo("b");
    }

    @Test
    void keepsInstancesApartThatAskForIt() {
        estate.host("a", 100);
        estate.run("x", memory(10), "a");
        Need apart = need(new Placement(List.of(), true, List.of()));

        assertThat(estate.place(apart)).isInstanceOf(Scheduler.NoRoom.class);
        estate.host("b", 100);
        assertThat(estate.chosen(apart)).isEqualTo("b");
    }

    @Test
    void keepsAnAppAwayFromAnother() {
        estate.host("a", 100);
        estate.host("b", 100);
        estate.run("greedy", memory(10), "a");
        estate.run("other", memory(50), "b");

        assertThat(estate.chosen(need(new Placement(List.of(), false, List.of("greedy")))))
                .isEqualTo("b");
    }

    @Test
    void placesAChildOnItsParentsHostAndElseInItsZone() {
        Hosts.Host parent = estate.host("a1", Resources.ofMemory(100), "a");
        estate.host("a2", Resources.ofMemory(100), "a");
        estate.host("b1", Resources.ofMemory(100), "b");
        estate.run("x", memory(80), "a1");
        estate.run("x", memory(10), "a2");

        assertThat(estate.chosen(Estate.near(estate.need("x", 20), parent))).isEqualTo("a1");
        assertThat(estate.chosen(Estate.near(estate.need("x", 30), parent))).isEqualTo("a2");
        assertThat(estate.chosen(Estate.near(estate.need("x", 95), parent))).isEqualTo("b1");
    }

    @Test
    void saysHowMuchIsMissingWhereNothingFits() {
        estate.host("a", 64 * MEGABYTE);
        estate.host("b", 128 * MEGABYTE);

        assertThat(brief(estate.need("x", 256 * MEGABYTE)))
                .isEqualTo("no host has 256M of memory free; the most is 128M on b");
    }

    @Test
    void saysThatThereIsNoHost() {
        assertThat(brief(estate.need("x", 10))).isEqualTo("no host is connected");
    }

    @Test
    void whatFoundNoHostIsNotSoughtAgainBeforeOneHasRoomForIt() {
        estate.host("a", 100);
        Slot running = estate.run("other", memory(95), "a");
        Need need = estate.need("x", 10);
        Scheduler.Answer first = estate.place(need);

        assertThat(estate.place(estate.need("y", 10))).isSameAs(first);
        estate.end(running);
        assertThat(estate.chosen(need)).isEqualTo("a");
    }

    @Test
    void aLostHostTakesNothingUntilItIsBack() {
        Hosts.Host host = estate.host("a", 100);
        host.lose();
        assertThat(estate.place(estate.need("x", 10))).isInstanceOf(Scheduler.NoRoom.class);

        host.comeBack();
        assertThat(estate.chosen(estate.need("x", 10))).isEqualTo("a");
    }

    @Test
    void avoidsAHostThatRefusedForAWhile() {
        estate.host("a", 100);
        estate.host("b", 100);
        Need need = refused(Map.of("a", refusal(1)));

        assertThat(estate.chosen(need)).isEqualTo("b");
        assertThat(estate.hosts.place(need, Estate.NOW.plusSeconds(1)))
                .isInstanceOfSatisfying(
                        Scheduler.On.class, on -> assertThat(on.host().name).isEqualTo("a"));
    }

    @Test
    void comesBackToTheFirstThatMayBeAskedAgainWhenAllHaveRefused() {
        estate.host("a", 100);
        estate.host("b", 100);

        assertThat(estate.place(refused(Map.of("a", refusal(4), "b", refusal(2)))))
                .isEqualTo(new Scheduler.AllRefused(Estate.NOW.plusSeconds(2)));
    }

    @Test
    void findsTheHostsWithRoomAmongThousandsThatAreFull() {
        for (int i = 0; i < 2000; i++) {
            estate.host("host-" + i, 100);
            estate.run("other", memory(i == 1234 ? 50 : 95), "host-" + i);
        }

        assertThat(estate.chosen(estate.need("x", 50))).isEqualTo("host-1234");
    }

    private static Need.Refusal refusal(int seconds) {
        return new Need.Refusal(Estate.NOW.plusSeconds(seconds), "no");
    }

    private Need refused(Map<String, Need.Refusal> by) {
        return estate.need("x", memory(10), Placement.ANYWHERE, by);
    }

    private Need need(Resources resources) {
        return estate.need("x", resources, Placement.ANYWHERE, Map.of());
    }

    private Need need(Placement rule) {
        return estate.need("x", memory(10), rule, Map.of());
    }

    private String brief(Need need) {
        return estate.place(need) instanceof Scheduler.NoRoom room ? room.brief() : "placed";
    }

    private static Resources memory(long bytes) {
        return new Resources(bytes, 0, 0, 0);
    }
}
