package holt.kernel;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hosts the health manager watches, as many as there may be at most: what holds nothing and is silent makes room for
 * a name never heard before. Owned by the health manager.
 */
final class KnownHosts {
    private static final Duration TELL_INTERVAL = Duration.ofMinutes(1);

    private final Bounds bounds;
    private final TokenBucket newcomers;
    private final TokenBucket refusalsTold = new TokenBucket(TELL_INTERVAL, 1);
    private final Map<String, WatchedHost> byName = new HashMap<>();
    /** Names of hosts that are lost and hold nothing, the one that was lost or emptied first in front. */
    private final Set<String> idle = new LinkedHashSet<>();

    KnownHosts(Bounds bounds) {
        this.bounds = bounds;
        this.newcomers = TokenBucket.perSecond(bounds.newHostsPerSecond(), bounds.maxHosts());
    }

    @Nullable
    WatchedHost find(@Nullable String name) {
        return byName.get(name);
    }

    /** The host something is intended on; known from now on, however many there are. */
    WatchedHost intended(String name, Instant now) {
        return byName.computeIfAbsent(name, fresh -> new WatchedHost(fresh, now));
    }

    /** The host that speaks; null where it is not known and cannot be taken in. */
    @Nullable
    WatchedHost admit(String name, Instant now, Findings found) {
        WatchedHost known = byName.get(name);
        if (known != null) {
            return known;
        }
        if (newcomers.take(now) && makeRoom(now, found)) {
            WatchedHost fresh = new WatchedHost(name, now);
            byName.put(name, fresh);
            return fresh;
        }
        if (refusalsTold.take(now)) {
            found.add(new Finding.HostRefused(name, byName.size()));
        }
        return null;
    }

    private boolean makeRoom(Instant now, Findings found) {
        if (byName.size() >= bounds.maxHosts() && !idle.isEmpty()) {
            forget(byName.get(idle.iterator().next()), now, found);
        }
        return byName.size() < bounds.maxHosts();
    }

    private void forget(@Nullable WatchedHost host, Instant now, Findings found) {
        if (host != null) {
            idle.remove(host.name);
            byName.remove(host.name);
            found.add(new Finding.HostForgotten(host.name, Duration.between(host.heardAt, now)));
        }
    }

    /** Forgets a host that was silent for long enough and holds nothing. */
    void forgetSilent(WatchedHost host, Instant now, Findings found) {
        if (idle.contains(host.name) && !now.isBefore(host.heardAt.plus(bounds.forgetHostAfter()))) {
            forget(host, now, found);
        }
    }

    void add(Watched process) {
        process.host.add(process);
        idle.remove(process.host.name);
    }

    void remove(Watched process) {
        process.host.remove(process);
        look(process.host);
    }

    void lose(WatchedHost host) {
        host.lost = true;
        look(host);
    }

    void comeBack(WatchedHost host) {
        host.lost = false;
        idle.remove(host.name);
    }

    private void look(WatchedHost host) {
        if (host.lost && host.processes.isEmpty()) {
            idle.add(host.name);
        }
    }
}
