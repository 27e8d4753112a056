package holt.kernel;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** At most one alarm for each key, the earliest at hand. Owned by the brain's thread. */
final class Timers {

    /** Whose alarm it is. */
    sealed interface Key {
        String name();
    }

    /** An app's plan has to be made again. */
    record OfApp(String name) implements Key {}

    /** A forked process may have to be placed, stopped or forgotten. */
    record OfProcess(long pid) implements Key {
        @Override
        public String name() {
            return Long.toString(pid);
        }
    }

    /** A host's lease may have ended. */
    record OfHost(String name) implements Key {}

    /** Routers have to hear something, so that they notice what they have missed. */
    record OfRoutes() implements Key {
        @Override
        public String name() {
            return "";
        }
    }

    /** There may be a token for what waits for its turn. */
    record OfActions() implements Key {
        @Override
        public String name() {
            return "";
        }
    }

    /** A drained host may have something that can be moved now. */
    record OfDrains() implements Key {
        @Override
        public String name() {
            return "";
        }
    }

    private record Alarm(Instant moment, Key key) {}

    private final Map<Key, Alarm> byKey = new HashMap<>();
    private final TreeSet<Alarm> byMoment = new TreeSet<>(Comparator.comparing(Alarm::moment)
            .thenComparing(alarm -> alarm.key().name())
            .thenComparing(alarm -> alarm.key().getClass().getName()));

    /** Replaces the key's alarm; null for none. */
    void put(Key key, @Nullable Instant moment) {
        if (moment != null
                && byKey.get(key) instanceof Alarm same
                && same.moment().equals(moment)) {
            return;
        }
        Alarm next = moment == null ? null : new Alarm(moment, key);
        Alarm old = next == null ? byKey.remove(key) : byKey.put(key, next);
        if (old != null) {
            byMoment.remove(old);
        }
        if (next != null) {
            byMoment.add(next);
        }
    }

    boolean has(Key key) {
        return byKey.containsKey(key);
    }

    /** When the key's alarm is due; null for none. */
    @Nullable
    Instant of(Key key) {
        Alarm alarm = byKey.get(key);
        return alarm == null ? null : alarm.moment();
    }

    /** Sets the key's alarm where it has none, or a later one; null changes nothing. */
    void putEarlier(Key key, @Nullable Instant moment) {
        Alarm old = byKey.get(key);
        if (moment != null && (old == null || moment.isBefore(old.moment()))) {
            put(key, moment);
        }
    }

    Optional<Instant> earliest() {
        return byMoment.isEmpty()
                ? Optional.empty()
                : Optional.of(byMoment.first().moment());
    }

    /** Takes all alarms whose moment has come. */
    List<Key> takeDue(Instant now) {
        List<Key> due = new ArrayList<>();
        while (!byMoment.isEmpty() && !byMoment.first().moment().isAfter(now)) {
            Key key = byMoment.first().key();
            due.add(key);
            put(key, null);
        }
        return due;
    }
}
