package holt.kernel;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The routers that were heard within the lease. Owned by the brain's thread. */
final class Routers {
    private final Duration lease;
    private final Map<String, Instant> heardAt = new HashMap<>();

    Routers(Duration lease) {
        this.lease = lease;
    }

    void hear(String router, Instant now) {
        heardAt.put(router, now);
    }

    Set<String> live(Instant now) {
        heardAt.values().removeIf(at -> at.plus(lease).isBefore(now));
        return new HashSet<>(heardAt.keySet());
    }
}
