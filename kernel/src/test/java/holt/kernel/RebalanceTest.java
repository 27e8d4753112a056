package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.kernel.RebalancePlan.Move;
import holt.kernel.RebalancePlan.Place;
import holt.kernel.RebalancePlan.Tenant;
import holt.model.AppCommand;
import holt.model.Exit;
import holt.model.Placement;
import holt.model.ProcessState;
import holt.model.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RebalanceTest {

    @Property(tries = 200)
    void eachMoveKeepsTheRulesAndFitsAndThePlansComeToAnEnd(@ForAll long seed) {
        Random random = new Random(seed);
        List<Place> places = new ArrayList<>();
        List<Tenant> tenants = new ArrayList<>();
        for (int i = 0; i < 2 + random.nextInt(8); i++) {
            Resources capacity = new Resources(100 + random.nextInt(200), 100, 1000, 1000);
            List<String> tags = random.nextBoolean() ? List.of("gpu") : List.of();
            places.add(new Place("h" + i, random.nextBoolean() ? "a" : "b", tags, capacity, capacity));
        }
        for (int i = 0; i < random.nextInt(25); i++) {
            String app = "app-" + random.nextInt(5);
            Resources need = new Resources(1 + random.nextInt(60), random.nextInt(30), 1, 1);
            Place place = places.get(random.nextInt(places.size()));
            if (need.fitsIn(place.free())) {
                tenants.add(new Tenant(i, app, i, place.name(), need, rule(app), random.nextInt(5) > 0));
                take(places, place.name(), need);
            }
        }
        int plans = 0;
        List<Move> moves = RebalancePlan.of(places, tenants);
        while (!moves.isEmpty()) {
            assertThat(moves).hasSizeLessThanOrEqualTo(RebalancePlan.MAX_MOVES);
            assertThat(moves).extracting(Move::app).doesNotHaveDuplicates();
            int brokenBefore = broken(places, tenants);
            for (Move move : moves) {
                carryOut(places, tenants, move);
            }
            assertThat(broken(places, tenants)).isLessThanOrEqualTo(brokenBefore);
            assertThat(++plans).as("plans of seed " + seed).isLessThan(500);
            moves = RebalancePlan.of(places, tenants);
        }
    }

    private static Placement rule(String app) {
        return switch (app) {
            case "app-0" -> new Placement(List.of("gpu"), false, List.of());
            case "app-1" -> new Placement(List.of(), true, List.of());
            case "app-2" -> new Placement(List.of(), false, List.of("app-3"));
            default -> Placement.ANYWHERE;
        };
    }

    private static void carryOut(List<Place> places, List<Tenant> tenants, Move move) {
        Tenant tenant = tenants.stream()
                .filter(each -> each.pid() == move.pid())
                .findFirst()
                .orElseThrow();
        assertThat(tenant.movable()).isTrue();
        assertThat(tenant.host()).isEqualTo(move.from());
        Place to = place(places, move.to());
        assertThat(tenant.need().fitsIn(to.free())).isTrue();
        assertThat(allows(to, tenant, tenants)).isTrue();
        take(places, move.to(), tenant.need());
        Place from = place(places, move.from());
        places.remove(from);
        places.add(new Place(
                from.name(),
                from.zone(),
                from.tags(),
                from.capacity(),
                from.free().plus(tenant.need())));
        tenants.remove(tenant);
        tenants.add(
                new Tenant(tenant.pid(), tenant.app(), tenant.index(), move.to(), tenant.need(), tenant.rule(), true));
    }

    private static boolean allows(Place place, Tenant tenant, List<Tenant> tenants) {
        return place.tags().containsAll(tenant.rule().tags())
                && tenants.stream()
                        .filter(other -> other != tenant && other.host().equals(place.name()))
                        .noneMatch(other -> (other.app().equals(tenant.app())
                                        && tenant.rule().apart())
                                || tenant.rule().notWith().contains(other.app())
                                || other.rule().notWith().contains(tenant.app()));
    }

    private static int broken(List<Place> places, List<Tenant> tenants) {
        return (int) tenants.stream()
                .filter(tenant -> !allows(place(places, tenant.host()), tenant, tenants))
                .count();
    }

    private static Place place(List<Place> places, String name) {
        return places.stream()
                .filter(place -> place.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void take(List<Place> places, String name, Resources need) {
        Place place = place(places, name);
        places.remove(place);
        places.add(new Place(
                name, place.zone(), place.tags(), place.capacity(), place.free().minus(need)));
    }

    @Test
    void theReplacementServesBeforeTheOldOneGoes() {
        Driver driver = new Driver();
        driver.host("alpha", 4000);
        List<Long> pids = driver.serving("shop", 2);
        driver.host("beta", 4000);

        driver.command(new AppCommand.Rebalance("ann"));

        assertThat(driver.starts()).hasSize(1);
        assertThat(driver.stops()).isEmpty();
        assertThat(driver.endpoints("shop.localhost")).containsExactlyElementsOf(pids);
        long fresh = driver.starts().getFirst().pid();
        assertThat(driver.row(fresh).host()).isEqualTo("beta");
        driver.running(fresh);
        assertThat(driver.endpoints("shop.localhost")).contains(fresh).hasSize(2);
        long gone = pids.stream()
                .filter(pid -> driver.row(pid).state() == ProcessState.STOPPING)
                .findFirst()
                .orElseThrow();
        driver.pass(Duration.ofSeconds(10));
        assertThat(driver.stops()).containsExactly(gone);
        driver.exits(gone, Exit.Reason.STOPPED);
        assertThat(driver.starts()).isEmpty();
        assertThat(driver.app("shop").processes()).hasSize(2);
    }

    @Test
    void aReplacementThatIsRefusedEndsTheRebalanceAndChangesNothing() {
        Driver driver = new Driver();
        driver.host("alpha", 4000);
        List<Long> pids = driver.serving("shop", 2);
        driver.host("beta", 4000);
        driver.command(new AppCommand.Rebalance("ann"));
        long fresh = driver.starts().getFirst().pid();

        driver.refuses(fresh, "no");

        assertThat(driver.row(fresh)).isNull();
        assertThat(driver.endpoints("shop.localhost")).containsExactlyElementsOf(pids);
        driver.pass(Duration.ofSeconds(5));
        assertThat(driver.starts()).isEmpty();
    }

    @Test
    void aNewReleaseMeanwhileGoesItsOwnWay() {
        Driver driver = new Driver();
        driver.host("alpha", 4000);
        driver.serving("shop", 2);
        driver.host("beta", 4000);
        driver.command(new AppCommand.Rebalance("ann"));

        driver.push("shop", 2, "droplet-2");

        Set<Long> versions = new HashSet<>();
        driver.app("shop").processes().stream()
                .filter(status -> status.process().state() == ProcessState.STARTING)
                .forEach(status -> versions.add(status.process().version()));
        assertThat(versions).containsExactly(2L);
    }

    @Test
    void aRestartOfTheControllerEndsTheRebalanceHarmlessly() {
        Driver driver = new Driver();
        driver.host("alpha", 4000);
        driver.serving("shop", 2);
        driver.host("beta", 4000);
        driver.command(new AppCommand.Rebalance("ann"));

        driver.boot();

        long live = driver.app("shop").processes().stream()
                .filter(status -> status.process().state() != ProcessState.STOPPING)
                .count();
        assertThat(live).isEqualTo(2);
    }

    @Test
    void whatIsWellPlacedStays() {
        Driver driver = new Driver();
        driver.host("alpha", 4000);
        driver.host("beta", 4000);
        driver.serving("shop", 2);

        driver.command(new AppCommand.Rebalance("ann"));

        assertThat(driver.starts()).isEmpty();
    }
}
