package holt.kernel;

import java.time.Duration;

/**
 * The bounds of the trees that programs fork, and how long their ends are waited for.
 *
 * @param groupProcesses forked processes a group may have in the table, ended ones included
 * @param depth longest line of descent below the group's root
 * @param stopMargin time beyond the grace after which a parent is stopped although a child has not ended
 * @param exitRetention time after which an end that nobody waited for is forgotten
 * @param exitsKept ends kept for one parent; the oldest go first
 */
public record TreeRule(int groupProcesses, int depth, Duration stopMargin, Duration exitRetention, int exitsKept) {

    /** What everybody gets who has no reason for other numbers. */
    public static TreeRule standard() {
        return new TreeRule(1000, 100, Duration.ofSeconds(5), Duration.ofMinutes(10), 1000);
    }
}
