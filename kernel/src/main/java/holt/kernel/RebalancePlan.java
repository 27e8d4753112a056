package holt.kernel;

import holt.model.Placement;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.Resources;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which processes had better run elsewhere: a pure function of where they are. A few moves at a time, at most one of an
 * app; first those that mend a rule that is not kept, then those that spread an app better, then those that take load
 * from the host that has most. Each makes something better by a measure and nothing above it worse, so that carrying out
 * one plan after the other ends. No move breaks a rule or promises more than a host has.
 */
public final class RebalancePlan {
    static final int MAX_MOVES = 4;
    /** How much less loaded the fuller of the two hosts must be after a move that is for the load alone. */
    static final double GAIN = 0.05;

    /** One process that had better run elsewhere, and why, for people. */
    public record Move(long pid, String app, int index, String from, String to, String reason) {}

    /** A host that takes processes. */
    record Place(String name, String zone, List<String> tags, Resources capacity, Resources free) {}

    /**
     * A process on a host.
     *
     * @param movable whether it may be moved now; one that is not still stands in the way of others
     */
    record Tenant(long pid, String app, int index, String host, Resources need, Placement rule, boolean movable) {}

    private final Map<String, Home> homes = new TreeMap<>();
    private final List<Tenant> tenants;
    private final Map<String, Spread> spreads = new HashMap<>();
    /** For each app those with which it must not share a host, whoever of the two asks for it. */
    private final Map<String, Set<String>> strangers = new HashMap<>();

    private final Set<String> zones = new HashSet<>();
    private final Set<String> moved = new HashSet<>();
    private final List<Move> moves = new ArrayList<>();

    /** A host as it will be after the moves planned so far. */
    private static final class Home {
        final Place place;
        Resources free;
        /** What those take that leave: it is not offered before they are gone, but is no load to be mended. */
        Resources leaving = Resources.NONE;

        Home(Place place) {
            this.place = place;
            this.free = place.free();
        }

        private Resources promised() {
            return place.capacity().minus(free).minus(leaving);
        }

        double load() {
            return loadWith(Resources.NONE);
        }

        double loadWith(Resources more) {
            return promised().plus(more).dominantShareOf(place.capacity());
        }

        double loadWithout(Resources less) {
            return promised().minus(less).dominantShareOf(place.capacity());
        }
    }

    private RebalancePlan(Collection<Place> places, Collection<Tenant> tenants) {
        places.forEach(place -> {
            homes.put(place.name(), new Home(place));
            zones.add(place.zone());
        });
        this.tenants = tenants.stream()
                .filter(tenant -> homes.containsKey(tenant.host()))
                .sorted(Comparator.comparingLong(Tenant::pid))
                .toList();
        for (Tenant tenant : this.tenants) {
            spread(tenant.app()).add(tenant.host(), home(tenant.host()).place.zone());
            for (String other : tenant.rule().notWith()) {
                strangers(tenant.app()).add(other);
                strangers(other).add(tenant.app());
            }
        }
    }

    private Set<String> strangers(String app) {
        return strangers.computeIfAbsent(app, unused -> new TreeSet<>());
    }

    /** An app there that the tenant must not meet; null for none. */
    private @Nullable String strangerOn(String host, Tenant tenant) {
        for (String other : strangers.getOrDefault(tenant.app(), Set.of())) {
            if (!other.equals(tenant.app()) && spread(other).onHost(host) > 0) {
                return other;
            }
        }
        return null;
    }

    /** Plans the next moves of a cluster. Apps on their way to another release are left alone. */
    public static List<Move> of(ClusterView view) {
        List<Place> places = view.hosts().values().stream()
                .filter(HostStatus::isBidding)
                .map(host -> new Place(host.name(), host.zone(), host.tags(), host.capacity(), host.free()))
                .toList();
        List<Tenant> tenants = new ArrayList<>();
        for (AppStatus app : view.apps().values()) {
            app.processes().forEach(status -> tenant(app, status).ifPresent(tenants::add));
        }
        return of(places, tenants);
    }

    private static Optional<Tenant> tenant(AppStatus app, ProcessStatus status) {
        Process row = status.process();
        if (row.host() == null || row.state() == ProcessState.STOPPING) {
            return Optional.empty();
        }
        boolean settled = app.app().started()
                && !app.app().isRolling()
                && row.version() == app.app().targetVersion();
        boolean instance = row.ppid() == app.app().supervisorPid();
        return Optional.of(new Tenant(
                row.pid(),
                row.app(),
                row.index(),
                row.host(),
                status.need(),
                app.rule(row.version()),
                settled && instance && row.state() == ProcessState.RUNNING));
    }

    /** Plans the next moves; none where all is well. */
    static List<Move> of(Collection<Place> places, Collection<Tenant> tenants) {
        RebalancePlan plan = new RebalancePlan(places, tenants);
        plan.mendRules();
        plan.mendSpread();
        plan.mendLoad();
        return List.copyOf(plan.moves);
    }

    private void mendRules() {
        for (Tenant tenant : tenants) {
            if (isMovable(tenant)) {
                String broken = broken(tenant);
                if (broken != null) {
                    best(tenant, home -> true).ifPresent(to -> move(tenant, to, broken));
                }
            }
        }
    }

    /** The rule that is not kept where it runs; null for none. */
    private @Nullable String broken(Tenant tenant) {
        Place place = home(tenant.host()).place;
        if (!place.tags().containsAll(tenant.rule().tags())) {
            return tenant.host() + " lacks a tag that it demands";
        }
        if (tenant.rule().apart() && spread(tenant.app()).onHost(tenant.host()) > 1) {
            return "its instances must be apart";
        }
        String stranger = strangerOn(tenant.host(), tenant);
        return stranger == null ? null : "it must not share a host with " + stranger;
    }

    private void mendSpread() {
        for (Tenant tenant : tenants) {
            Spread spread = spread(tenant.app());
            String zone = home(tenant.host()).place.zone();
            if (!isMovable(tenant) || !isCrowded(tenant, zone)) {
                continue;
            }
            best(tenant, home -> spread.inZone(home.place.zone()) + 1 < spread.inZone(zone))
                    .or(() -> best(
                            tenant,
                            home -> home.place.zone().equals(zone)
                                    && spread.onHost(home.place.name()) + 1 < spread.onHost(tenant.host())))
                    .ifPresent(to -> move(tenant, to, "its app is spread better"));
        }
    }

    /** Whether there may be a better zone or host at all: cheap, because nearly always there is none. */
    private boolean isCrowded(Tenant tenant, String zone) {
        Spread spread = spread(tenant.app());
        return spread.onHost(tenant.host()) > 1
                || zones.stream().anyMatch(other -> spread.inZone(other) + 1 < spread.inZone(zone));
    }

    private void mendLoad() {
        while (moves.size() < MAX_MOVES) {
            Optional<Tenant> tenant = homes.values().stream()
                    .max(Comparator.comparingDouble(Home::load).thenComparing(home -> home.place.name()))
                    .flatMap(this::largestMovable);
            Optional<Home> to = tenant.flatMap(this::lighter);
            if (tenant.isEmpty() || to.isEmpty()) {
                return;
            }
            move(tenant.get(), to.get(), tenant.get().host() + " is the fullest host");
        }
    }

    /** The tenant whose move would help most without making the other host the fuller one. */
    private Optional<Tenant> largestMovable(Home fullest) {
        return tenants.stream()
                .filter(tenant -> tenant.host().equals(fullest.place.name()))
                .filter(this::isMovable)
                .filter(tenant -> lighter(tenant).isPresent())
                .max(Comparator.<Tenant>comparingDouble(
                                tenant -> tenant.need().dominantShareOf(fullest.place.capacity()))
                        .thenComparing(Comparator.comparingLong(Tenant::pid).reversed()));
    }

    /** A host where it would do good, and the spread of its app is not harmed. */
    private Optional<Home> lighter(Tenant tenant) {
        Home from = home(tenant.host());
        Spread spread = spread(tenant.app());
        String zone = from.place.zone();
        return best(
                tenant,
                home -> Math.max(home.loadWith(tenant.need()), from.loadWithout(tenant.need())) + GAIN < from.load()
                        && (home.place.zone().equals(zone) || spread.inZone(home.place.zone()) < spread.inZone(zone))
                        && spread.onHost(home.place.name()) < spread.onHost(tenant.host()));
    }

    private interface Wish {
        boolean isMet(Home home);
    }

    /** Of the hosts that may have it and meet the wish, the one a placement would choose. */
    private Optional<Home> best(Tenant tenant, Wish wish) {
        Spread spread = spread(tenant.app());
        return homes.values().stream()
                .filter(home -> !home.place.name().equals(tenant.host()))
                .filter(home -> wish.isMet(home) && admits(home, tenant))
                .min(Comparator.<Home>comparingInt(home -> spread.inZone(home.place.zone()))
                        .thenComparingInt(home -> spread.onHost(home.place.name()))
                        .thenComparingDouble(Home::load)
                        .thenComparing(home -> home.place.name()));
    }

    private boolean admits(Home home, Tenant tenant) {
        String name = home.place.name();
        return tenant.need().fitsIn(home.free)
                && home.place.tags().containsAll(tenant.rule().tags())
                && !(tenant.rule().apart() && spread(tenant.app()).onHost(name) > 0)
                && strangerOn(name, tenant) == null;
    }

    private boolean isMovable(Tenant tenant) {
        return tenant.movable() && moves.size() < MAX_MOVES && !moved.contains(tenant.app());
    }

    /** Both hosts are counted as having it: it leaves the one only when it is up on the other. */
    private void move(Tenant tenant, Home to, String reason) {
        Home from = home(tenant.host());
        from.leaving = from.leaving.plus(tenant.need());
        to.free = to.free.minus(tenant.need());
        spread(tenant.app()).add(to.place.name(), to.place.zone());
        moved.add(tenant.app());
        moves.add(new Move(tenant.pid(), tenant.app(), tenant.index(), tenant.host(), to.place.name(), reason));
    }

    private Spread spread(String app) {
        return spreads.computeIfAbsent(app, unused -> new Spread());
    }

    private Home home(String name) {
        Home home = homes.get(name);
        if (home == null) {
            throw new IllegalStateException("There is no host " + name);
        }
        return home;
    }
}
