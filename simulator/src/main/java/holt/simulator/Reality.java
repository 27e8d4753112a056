package holt.simulator;

import holt.agent.InstanceKey;
import holt.model.Process;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What really runs, on all hosts, and what must hold of it at each start: no host gives more memory than it has, no start
 * happens twice, and of one release of one app no index is held twice for long. Owned by the simulation's thread.
 */
final class Reality {
    static final String MEMORY = "memory-is-not-overcommitted";
    static final String STARTED_ONCE = "a-start-happens-once";
    static final String HELD_ONCE = "an-index-is-held-once";

    /** An instance of an app as one release has it. */
    record Seat(String app, int index, long version) {}

    private record Began(int host, int generation) {}

    private final World world;
    private final long patienceMillis;
    private final long[] memoryInUse;
    private final Map<InstanceKey, Running> live = new HashMap<>();
    private final Map<String, Map<InstanceKey, Running>> byApp = new HashMap<>();
    private final Map<Seat, List<Running>> seats = new HashMap<>();
    /** Since when a seat has had more than one holder without a break. */
    private final Map<Seat, Long> doubleSince = new HashMap<>();

    private final Map<InstanceKey, Began> began = new HashMap<>();
    private long starts;

    /** @param patienceMillis how long an index may be held twice while nothing is disturbed */
    Reality(World world, int hosts, long patienceMillis) {
        this.world = world;
        this.patienceMillis = patienceMillis;
        this.memoryInUse = new long[hosts];
    }

    long starts() {
        return starts;
    }

    int size() {
        return live.size();
    }

    @Nullable
    Running find(InstanceKey key) {
        return live.get(key);
    }

    Collection<Running> ofApp(String app) {
        Map<InstanceKey, Running> found = byApp.get(app);
        return found == null ? List.of() : found.values();
    }

    /** Apps that have anything running. */
    Collection<String> apps() {
        return byApp.keySet();
    }

    void began(Running fresh, int generation) {
        starts++;
        startsOnce(fresh, generation);
        live.put(fresh.key, fresh);
        byApp.computeIfAbsent(fresh.spec.app(), none -> new LinkedHashMap<>()).put(fresh.key, fresh);
        memoryInUse[fresh.host] += fresh.spec.limits().memoryBytes();
        long limit = world.hosts.get(fresh.host).memoryBytes;
        if (memoryInUse[fresh.host] > limit) {
            throw new Violation(
                    MEMORY,
                    "the programs on host-" + fresh.host + " may use " + memoryInUse[fresh.host] + " bytes of "
                            + limit);
        }
        sits(fresh);
    }

    private void startsOnce(Running fresh, int generation) {
        Began now = new Began(fresh.host, generation);
        Began before = began.put(fresh.key, now);
        if (live.containsKey(fresh.key)
                || (before != null && (before.host() != now.host() || before.generation() >= now.generation()))) {
            throw new Violation(STARTED_ONCE, "process " + fresh.key + " of " + fresh.spec.app() + " starts again");
        }
    }

    private void sits(Running fresh) {
        List<Running> holders = seats.computeIfAbsent(seat(fresh), none -> new ArrayList<>(1));
        holders.add(fresh);
        if (holders.size() > 1) {
            Long since = world.agenda.now();
            if (doubleSince.putIfAbsent(seat(fresh), since) == null) {
                world.agenda.after(patienceMillis, () -> stillTwo(seat(fresh), since));
            }
        }
    }

    private static Seat seat(Running running) {
        boolean forked = running.spec.index() == Process.NO_INDEX;
        // A forked process has a seat of its own, whatever its incarnation.
        return forked
                ? new Seat(running.spec.app(), Process.NO_INDEX, running.spec.pid())
                : new Seat(running.spec.app(), running.spec.index(), running.spec.version());
    }

    /** One holder left, which a disturbance of its host had kept there: what was before is not held against the others. */
    private void countFrom(Seat seat, long quiet) {
        Long since = doubleSince.get(seat);
        if (since != null && quiet > since) {
            Long later = quiet;
            doubleSince.put(seat, later);
            world.agenda.after(patienceMillis, () -> stillTwo(seat, later));
        }
    }

    /** Only time in which neither the hosts nor anything between was disturbed counts. */
    private void stillTwo(Seat seat, Long since) {
        if (!since.equals(doubleSince.get(seat))) {
            return;
        }
        List<Running> holders = seats.getOrDefault(seat, List.of());
        long quiet = since;
        for (Running holder : holders) {
            quiet = Math.max(quiet, world.disturbances.quietSince(holder.host));
        }
        long waited = world.agenda.now() - quiet;
        if (waited < patienceMillis) {
            world.agenda.after(patienceMillis - waited, () -> stillTwo(seat, since));
            return;
        }
        throw new Violation(
                HELD_ONCE,
                seat + " is held by "
                        + holders.stream()
                                .map(each -> each.key + " on host-" + each.host)
                                .toList() + ", undisturbed for " + waited / 1000 + " s");
    }

    void ended(Running gone) {
        live.remove(gone.key);
        Map<InstanceKey, Running> ofApp = byApp.get(gone.spec.app());
        if (ofApp != null && ofApp.remove(gone.key) != null && ofApp.isEmpty()) {
            byApp.remove(gone.spec.app());
        }
        memoryInUse[gone.host] -= gone.spec.limits().memoryBytes();
        List<Running> holders = seats.get(seat(gone));
        if (holders != null && holders.remove(gone)) {
            if (holders.size() < 2) {
                doubleSince.remove(seat(gone));
            } else {
                countFrom(seat(gone), world.disturbances.quietSince(gone.host));
            }
            if (holders.isEmpty()) {
                seats.remove(seat(gone));
            }
        }
    }
}
