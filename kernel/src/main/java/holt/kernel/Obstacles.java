package holt.kernel;

import holt.model.MemorySize;
import holt.model.Placement;
import holt.model.Resources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Why a process finds no host: each host counts under the first kind of obstacle it has, in the order of {@link Obstacle};
 * one that has only too little room counts under each resource it lacks.
 *
 * @param resources what the process takes
 * @param rule what it demands
 * @param open number of hosts that have nothing against it
 * @param list what the others have against it
 */
public record Obstacles(Resources resources, Placement rule, int open, List<Obstacle> list) {
    private static final int MAX_REFUSED = 10;

    public Obstacles {
        list = List.copyOf(list);
    }

    /** One kind of obstacle. */
    public sealed interface Obstacle {
        /** How many hosts it concerns. */
        int hosts();
    }

    /** Hosts that have not been heard. */
    public record Silent(int hosts) implements Obstacle {}

    /** Hosts without a tag. */
    public record LacksTag(String tag, int hosts) implements Obstacle {}

    /** Hosts with an instance of the app already, where each must have a host of its own. */
    public record Crowded(int hosts) implements Obstacle {}

    /** Hosts with an instance of an app that it must stay away from. */
    public record Shunned(String app, int hosts) implements Obstacle {}

    /** Hosts without room: the one with most of the resource, and how much that is. */
    public record Lacks(Resource resource, int hosts, String nearest, long most, long needed) implements Obstacle {
        /** How much is missing on the nearest host. */
        public long missing() {
            return needed - most;
        }
    }

    /** A host that would not start it. */
    public record Refused(String host, Instant until, String reason) implements Obstacle {
        @Override
        public int hosts() {
            return 1;
        }
    }

    /** What a host can be short of. */
    public enum Resource {
        MEMORY,
        CPU,
        DISK,
        PIDS;

        long of(Resources resources) {
            return switch (this) {
                case MEMORY -> resources.memoryBytes();
                case CPU -> resources.cpuMillis();
                case DISK -> resources.diskBytes();
                case PIDS -> resources.pids();
            };
        }

        /** An amount for people: {@code 256M of memory}, {@code 0.5 cores}. */
        String amount(long number) {
            return switch (this) {
                case MEMORY -> MemorySize.format(number) + " of memory";
                case CPU ->
                    (number % 1000 == 0 ? String.valueOf(number / 1000) : String.valueOf(number / 1000.0))
                            + (number == 1000 ? " core" : " cores");
                case DISK -> MemorySize.format(number) + " of disk";
                case PIDS -> number + " pids";
            };
        }

        String noun() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * What one host has against it.
     *
     * @param crowded whether there is an instance it must stay apart from
     * @param shunned an app there that it must stay away from; null for none
     * @param refusal of this host; null for none that still counts
     */
    record Seen(
            String host,
            boolean silent,
            Resources free,
            List<String> tags,
            boolean crowded,
            @Nullable String shunned,
            Need.@Nullable Refusal refusal) {}

    /** What stands in the way of a process for which there is no host. */
    static Obstacles of(Need need, Collection<Hosts.Host> hosts, Instant now) {
        List<Seen> seen = new ArrayList<>(hosts.size());
        for (Hosts.Host host : hosts) {
            seen.add(new Seen(
                    host.name,
                    !host.isBidding(),
                    host.free(),
                    host.tags(),
                    need.isCrowded(host.name),
                    need.shunnedOn(host.name),
                    need.refusal(host.name, now)));
        }
        return of(need.shape().resources(), need.shape().rule(), seen);
    }

    /** What stands in the way on these hosts; hosts that have nothing against it are left aside. */
    static Obstacles of(Resources resources, Placement rule, Collection<Seen> hosts) {
        Count count = new Count(resources, rule);
        hosts.stream().sorted(java.util.Comparator.comparing(Seen::host)).forEach(count::add);
        return new Obstacles(resources, rule, count.open, count.list());
    }

    /** Whether there is no host for it now. */
    boolean block() {
        return open == 0;
    }

    /** Sorts hosts by what they have against a process. */
    private static final class Count {
        private final Resources resources;
        private final Placement rule;
        private int open;
        private int silent;
        private int crowded;
        private final Map<String, Integer> tags = new TreeMap<>();
        private final Map<String, Integer> shunned = new TreeMap<>();
        private final Map<Resource, Lacks> lacks = new EnumMap<>(Resource.class);
        private final List<Refused> refused = new ArrayList<>();

        Count(Resources resources, Placement rule) {
            this.resources = resources;
            this.rule = rule;
        }

        void add(Seen host) {
            TreeSet<String> missing = new TreeSet<>(rule.tags());
            host.tags().forEach(missing::remove);
            if (host.silent()) {
                silent++;
            } else if (!missing.isEmpty()) {
                missing.forEach(tag -> tags.merge(tag, 1, Integer::sum));
            } else if (host.crowded()) {
                crowded++;
            } else if (host.shunned() != null) {
                shunned.merge(host.shunned(), 1, Integer::sum);
            } else if (!resources.fitsIn(host.free())) {
                addLacking(host);
            } else if (host.refusal() != null) {
                refused.add(new Refused(
                        host.host(), host.refusal().until(), host.refusal().reason()));
            } else {
                open++;
            }
        }

        private void addLacking(Seen host) {
            for (Resource resource : Resource.values()) {
                long needed = resource.of(resources);
                long most = resource.of(host.free());
                if (most < needed) {
                    lacks.merge(resource, new Lacks(resource, 1, host.host(), most, needed), Count::both);
                }
            }
        }

        private static Lacks both(Lacks one, Lacks other) {
            Lacks nearer = other.most() > one.most() ? other : one;
            return new Lacks(one.resource(), one.hosts() + 1, nearer.nearest(), nearer.most(), one.needed());
        }

        List<Obstacle> list() {
            List<Obstacle> list = new ArrayList<>();
            if (silent > 0) {
                list.add(new Silent(silent));
            }
            tags.forEach((tag, hosts) -> list.add(new LacksTag(tag, hosts)));
            if (crowded > 0) {
                list.add(new Crowded(crowded));
            }
            shunned.forEach((app, hosts) -> list.add(new Shunned(app, hosts)));
            list.addAll(lacks.values());
            refused.stream().limit(MAX_REFUSED).forEach(list::add);
            return list;
        }
    }
}
