package holt.kernel;

import java.time.Duration;

/**
 * Decides what follows when a process ended that nobody asked to end: the first crashes of a row restart at once, later
 * ones after a delay that doubles up to a limit, and after too many it is given up. Delays never shrink within a row.
 *
 * @param free number of crashes in a row that are restarted without delay
 * @param firstDelay delay after the first crash that is not free; doubles with each further one
 * @param maxDelay limit of the delay
 * @param calmAfter a run of this length ends the row: the next crash counts as the first
 * @param flappingFrom number of crashes in a row from which a process is said to be flapping
 * @param giveUpAfter number of crashes in a row with which there is no further start
 */
public record RestartRule(
        int free, Duration firstDelay, Duration maxDelay, Duration calmAfter, int flappingFrom, int giveUpAfter) {

    /** What follows on a crash. */
    public sealed interface Verdict {}

    /** It is started again after this delay, zero for at once. */
    public record Restart(Duration delay, boolean flapping) implements Verdict {}

    /** It is not started again until a person asks for it. */
    public record GiveUp() implements Verdict {}

    /** Restarts at once twice, then after 1, 2, 4 ... 60 s; flapping from 4 on, given up with the 20th; calm after 60 s. */
    public static RestartRule standard() {
        return new RestartRule(2, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(60), 4, 20);
    }

    /** The number of crashes in a row, this one included, of a process that crashed after it was ready for so long. */
    public int count(int crashesBefore, Duration ran) {
        return ran.compareTo(calmAfter) >= 0 ? 1 : Math.max(0, crashesBefore) + 1;
    }

    /** What follows on this many crashes in a row. */
    public Verdict after(int crashes) {
        return crashes >= giveUpAfter ? new GiveUp() : new Restart(delay(crashes), isFlapping(crashes));
    }

    /** Whether this many crashes in a row are flapping. */
    public boolean isFlapping(int crashes) {
        return crashes >= flappingFrom;
    }

    private Duration delay(int crashes) {
        if (crashes <= free) {
            return Duration.ZERO;
        }
        int doublings = Math.min(crashes - free - 1, 30);
        Duration delay = firstDelay.multipliedBy(1L << doublings);
        return delay.compareTo(maxDelay) < 0 ? delay : maxDelay;
    }
}
