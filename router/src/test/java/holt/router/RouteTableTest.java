package holt.router;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Endpoint;
import holt.model.RouteUpdate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final Endpoint ONE = new Endpoint("shop", 2, 1, 0, "one", "127.0.0.1", 1001);
    private static final Endpoint TWO = new Endpoint("shop", 3, 1, 1, "two", "127.0.0.1", 1002);

    private final List<Backend> drained = new ArrayList<>();
    private final RouteTable table = new RouteTable(new StatsCollector(), drained::add);

    @Test
    void asksForEverythingBeforeItKnowsAnything() {
        assertThat(table.apply(step("e", 7, route("a", ONE))).syncNeeded()).isTrue();
        assertThat(table.find("a")).isNull();
        assertThat(table.isSynced()).isFalse();
    }

    @Test
    void followsStepsAfterACompleteUpdate() {
        table.apply(complete("e", 7, route("a", ONE)));

        assertThat(table.apply(step("e", 8, route("a", ONE, TWO))).syncNeeded()).isFalse();
        assertThat(endpoints("a")).containsExactly(ONE, TWO);
    }

    @Test
    void tellsWhichEndpointsAreInNoRouteAnyMore() {
        table.apply(complete("e", 1, route("a", ONE, TWO), route("b", TWO)));

        assertThat(removed(step("e", 2, route("a")))).containsExactly(ONE);
        assertThat(removed(step("e", 3, gone("b")))).containsExactly(TWO);
    }

    @Test
    void keepsTheBackendOfAnEndpointThatMovesBetweenRoutes() {
        table.apply(complete("e", 1, route("a", ONE)));
        Backend before = table.find("a").backends().getFirst();

        assertThat(removed(step("e", 2, route("a"), route("b", ONE)))).isEmpty();
        assertThat(table.find("b").backends()).containsExactly(before);
        assertThat(before.isRetired()).isFalse();
    }

    @Test
    void asksAgainWhenAStepWasMissedAndAppliesWhatCameEarly() {
        table.apply(complete("e", 1));

        assertThat(table.apply(step("e", 3, route("b", TWO))).syncNeeded()).isTrue();
        assertThat(table.find("b")).isNull();
        assertThat(table.apply(complete("e", 2, route("a", ONE))).syncNeeded()).isFalse();
        assertThat(endpoints("a")).containsExactly(ONE);
        assertThat(endpoints("b")).containsExactly(TWO);
    }

    @Test
    void asksAgainWhenEvenTheCompleteUpdateLeavesAGap() {
        table.apply(complete("e", 1));
        table.apply(step("e", 5, route("b", TWO)));

        assertThat(table.apply(complete("e", 2)).syncNeeded()).isTrue();
    }

    @Test
    void dropsWhatIsOldOrDoubled() {
        table.apply(complete("e", 5, route("a", ONE)));

        assertThat(table.apply(step("e", 5, route("a", TWO)))).isEqualTo(new RouteTable.Outcome(List.of(), false));
        assertThat(table.apply(complete("e", 4, route("a", TWO)))).isEqualTo(new RouteTable.Outcome(List.of(), false));
        assertThat(endpoints("a")).containsExactly(ONE);
    }

    @Test
    void asksForEverythingWhenTheControllerIsANewOne() {
        table.apply(complete("e", 5, route("a", ONE)));

        assertThat(table.apply(step("f", 6, route("a", TWO))).syncNeeded()).isTrue();
        assertThat(endpoints("a")).containsExactly(ONE);
        table.apply(complete("f", 1, route("a", TWO)));
        assertThat(endpoints("a")).containsExactly(TWO);
    }

    @Test
    void forgetsRoutesThatACompleteUpdateLacks() {
        table.apply(complete("e", 1, route("a", ONE), route("b", TWO)));

        assertThat(removed(complete("e", 2, route("b", TWO)))).containsExactly(ONE);
        assertThat(table.find("a")).isNull();
    }

    @Test
    void letsNoRequestBeginOnWhatWasRemoved() {
        table.apply(complete("e", 1, route("a", ONE)));
        Backend backend = table.find("a").backends().getFirst();
        assertThat(backend.acquire()).isTrue();
        table.apply(step("e", 2, route("a")));

        assertThat(backend.acquire()).isFalse();
        assertThat(backend.isDrained()).isFalse();
        assertThat(drained).isEmpty();
        backend.release();
        assertThat(drained).containsExactly(backend);
    }

    @Test
    void choosesTheBackendWithTheFewestRequestsUnderWay() {
        table.apply(complete("e", 1, route("a", ONE, TWO)));
        RouteTarget target = table.find("a");
        Backend one = target.backends().getFirst();
        Backend two = target.backends().getLast();

        assertThat(one.acquire()).isTrue();
        for (int random = 0; random < 10; random++) {
            assertThat(target.leastLoaded(List.of(), random, 0)).isSameAs(two);
        }
        assertThat(target.leastLoaded(List.of(two), 1, 0)).isSameAs(one);
        assertThat(target.leastLoaded(List.of(one, two), 1, 0)).isNull();
    }

    @Test
    void prefersOthersForAWhileAfterAFailure() {
        table.apply(complete("e", 1, route("a", ONE, TWO)));
        RouteTarget target = table.find("a");
        Backend one = target.backends().getFirst();
        Backend two = target.backends().getLast();
        assertThat(two.acquire()).isTrue();
        one.penalise(100);

        assertThat(target.leastLoaded(List.of(), 0, 50)).isSameAs(two);
        assertThat(target.leastLoaded(List.of(two), 0, 50)).isSameAs(one);
        assertThat(target.leastLoaded(List.of(), 0, 100)).isSameAs(one);
    }

    private List<Endpoint> endpoints(String host) {
        return table.find(host).backends().stream().map(Backend::endpoint).toList();
    }

    private List<Endpoint> removed(RouteUpdate update) {
        return table.apply(update).removed().stream().map(Backend::endpoint).toList();
    }

    private static RouteUpdate.Route route(String host, Endpoint... endpoints) {
        return new RouteUpdate.Route(host, "shop", List.of(endpoints), null);
    }

    private static RouteUpdate.Route gone(String host) {
        return new RouteUpdate.Route(host, null, List.of(), null);
    }

    private static RouteUpdate step(String epoch, long version, RouteUpdate.Route... routes) {
        return new RouteUpdate(epoch, version, false, Arrays.asList(routes));
    }

    private static RouteUpdate complete(String epoch, long version, RouteUpdate.Route... routes) {
        return new RouteUpdate(epoch, version, true, Arrays.asList(routes));
    }
}
