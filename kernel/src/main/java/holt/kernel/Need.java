package holt.kernel;

import holt.model.Placement;
import holt.model.Resources;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is sought for one process.
 *
 * @param shape what it takes and demands
 * @param siblings where the app's instances are
 * @param shunned the apps with which it must not share a host, and where their instances are
 * @param replaced for each host, how many instances there the process takes the place of: these are no siblings to stay
 *     apart from, or an app with an instance on every host could never be renewed
 * @param refusedBy hosts that would not start it
 * @param near the host of its parent; null where that is no matter
 */
record Need(
        Shape shape,
        Spread siblings,
        Map<String, Spread> shunned,
        Map<String, Integer> replaced,
        Map<String, Refusal> refusedBy,
        Hosts.@Nullable Host near) {

    /**
     * What many processes have in common that seek a host: where one finds none, none of the others does.
     *
     * @param app its name where other processes on a host matter, else empty
     */
    record Shape(Resources resources, Placement rule, String app) {
        /** Whether a host has what is needed; whoever else is there is left aside. */
        boolean suits(Hosts.Host host) {
            return resources.fitsIn(host.free()) && host.tags().containsAll(rule.tags());
        }
    }

    /**
     * A host would not start a process.
     *
     * @param until before this moment it is not asked again
     */
    record Refusal(Instant until, String reason) {}

    @Nullable
    Refusal refusal(String host, Instant now) {
        Refusal refusal = refusedBy.get(host);
        return refusal != null && now.isBefore(refusal.until()) ? refusal : null;
    }

    /** Whether a sibling from which it must stay apart is on the host. */
    boolean isCrowded(String host) {
        return shape.rule().apart() && siblings.onHost(host) > replaced.getOrDefault(host, 0);
    }

    /** An app on the host with which it must not share one; null for none. */
    @Nullable
    String shunnedOn(String host) {
        if (shunned.isEmpty()) {
            return null;
        }
        for (Map.Entry<String, Spread> other : shunned.entrySet()) {
            if (other.getValue().onHost(host) > 0) {
                return other.getKey();
            }
        }
        return null;
    }
}
