package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimersTest {
    private final Timers timers = new Timers();
    private final Timers.Key app = new Timers.OfApp("same");
    private final Timers.Key host = new Timers.OfHost("same");

    @Test
    void keepsTheEarliestMomentAtHand() {
        timers.put(app, World.START.plusSeconds(5));
        timers.put(host, World.START.plusSeconds(3));

        assertThat(timers.earliest()).contains(World.START.plusSeconds(3));
    }

    @Test
    void aLaterPutReplacesTheEarlierOne() {
        timers.put(app, World.START.plusSeconds(1));
        timers.put(app, World.START.plusSeconds(9));

        assertThat(timers.takeDue(World.START.plusSeconds(8))).isEmpty();
        assertThat(timers.takeDue(World.START.plusSeconds(9))).containsExactly(app);
    }

    @Test
    void takesEachDueAlarmOnceInOrder() {
        timers.put(app, World.START.plusSeconds(2));
        timers.put(host, World.START.plusSeconds(1));

        assertThat(timers.takeDue(World.START.plusSeconds(2))).containsExactly(host, app);
        assertThat(timers.takeDue(World.START.plusSeconds(99))).isEmpty();
        assertThat(timers.earliest()).isEmpty();
    }

    @Test
    void nullTakesAnAlarmAway() {
        timers.put(app, World.START);
        timers.put(app, null);

        assertThat(timers.earliest()).isEmpty();
    }

    @Test
    void theSameMomentAgainChangesNothing() {
        timers.put(app, World.START.plusSeconds(1));
        timers.put(app, World.START.plusSeconds(1));

        assertThat(timers.has(app)).isTrue();
        assertThat(timers.takeDue(World.START.plusSeconds(1))).containsExactly(app);
        assertThat(timers.has(app)).isFalse();
    }
}
