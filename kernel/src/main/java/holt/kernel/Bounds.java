package holt.kernel;

import java.time.Duration;

/**
 * How much of what comes from outside, or follows on it, there may be at most.
 *
 * @param actionsPerSecond starts a second, replacements included; as many stops again, counted apart
 * @param actionsBurst actions of each kind that may be taken at once after a quiet time
 * @param straysPerReport processes nobody wants that are ended on one report of a host; the next one shows the rest
 * @param forgetHostAfter silence after which a host that holds nothing is known no longer
 * @param maxHosts hosts known at most
 * @param newHostsPerSecond names never heard before that become known a second, after a first {@code maxHosts}
 * @param usageInterval longest time for which readers see an old usage of memory and cpu
 */
public record Bounds(
        int actionsPerSecond,
        int actionsBurst,
        int straysPerReport,
        Duration forgetHostAfter,
        int maxHosts,
        int newHostsPerSecond,
        Duration usageInterval) {
    public Bounds {
        if (actionsPerSecond < 1 || actionsBurst < 1 || straysPerReport < 1 || maxHosts < 1 || newHostsPerSecond < 1) {
            throw new IllegalArgumentException("Expected at least 1 of each, found " + actionsPerSecond + ", "
                    + actionsBurst + ", " + straysPerReport + ", " + maxHosts + ", " + newHostsPerSecond);
        }
    }

    /** What one machine never notices, and 10,000 hosts are not flooded with. */
    public static Bounds standard() {
        return new Bounds(1000, 1000, 100, Duration.ofHours(1), 20_000, 10, Duration.ofSeconds(2));
    }

    public Bounds withActions(int perSecond, int burst) {
        return new Bounds(
                perSecond, burst, straysPerReport, forgetHostAfter, maxHosts, newHostsPerSecond, usageInterval);
    }

    public Bounds withMaxHosts(int hosts) {
        return new Bounds(
                actionsPerSecond,
                actionsBurst,
                straysPerReport,
                forgetHostAfter,
                hosts,
                newHostsPerSecond,
                usageInterval);
    }
}
