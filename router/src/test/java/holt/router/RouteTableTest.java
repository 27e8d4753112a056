package holt.router;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Endpoint;
import holt.model.RouteUpdate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final Endpoint ONE = new Endpoint("shop", 2, 1, 0, "one", "127.0.0.1", 1001);
    private static final Endpoint TWO = new Endpoint("shop", 3, 1, 1, "two", "127.0.0.1", 1002);

    private final List<Backend> drained = new ArrayList<>();
    private final RouteTable table = new RouteTable(new StatsCollector(), drained::add);

    @Test
    void knowsNothingUntilItIsToldThatItKnowsAll() {
        table.put(route("a", ONE));
        assertThat(table.isSynced()).isFalse();
        table.known();
        assertThat(table.isSynced()).isTrue();
    }

    @Test
    void leadsNowhereWhereARouteIsNobodys() {
        table.put(route("a", ONE));
        table.put(new RouteUpdate.Route("a", null, List.of(), null));
        assertThat(table.find("a")).isNull();
    }

    @Test
    void keepsTheBackendOfAnEndpointThatMovesBetweenRoutes() {
        table.put(route("a", ONE));
        Backend before = table.find("a").backends().getFirst();

        table.put(route("a"));
        table.put(route("b", ONE));
        assertThat(table.find("b").backends()).containsExactly(before);
        assertThat(before.isRetired()).isFalse();
    }

    @Test
    void tellsAtOnceWhatIsIdleWhenItIsRetiredAndOnlyOnce() {
        table.put(route("a", ONE));
        Backend backend = table.find("a").backends().getFirst();
        table.retire(List.of(ONE));

        assertThat(drained).containsExactly(backend);
        assertThat(backend.acquire()).isFalse();
        assertThat(drained).hasSize(2);
        assertThat(table.forget(backend)).isTrue();
        assertThat(table.forget(backend)).isFalse();
    }

    @Test
    void givesAnEndpointThatComesBackABackendOfItsOwn() {
        table.put(route("a", ONE));
        Backend before = table.find("a").backends().getFirst();
        table.put(route("a"));
        table.retire(List.of(ONE));
        table.put(route("a", ONE));

        assertThat(table.find("a").backends()).doesNotContain(before);
        assertThat(table.find("a").backends().getFirst().acquire()).isTrue();
    }

    @Test
    void letsNoRequestBeginOnWhatWasRemoved() {
        table.put(route("a", ONE));
        Backend backend = table.find("a").backends().getFirst();
        assertThat(backend.acquire()).isTrue();
        table.put(route("a"));
        assertThat(table.retire(List.of(ONE))).containsExactly(backend);

        assertThat(backend.acquire()).isFalse();
        assertThat(backend.isDrained()).isFalse();
        assertThat(drained).isEmpty();
        backend.release();
        assertThat(drained).containsExactly(backend);
    }

    @Test
    void choosesTheBackendWithTheFewestRequestsUnderWay() {
        table.put(route("a", ONE, TWO));
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
        table.put(route("a", ONE, TWO));
        RouteTarget target = table.find("a");
        Backend one = target.backends().getFirst();
        Backend two = target.backends().getLast();
        assertThat(two.acquire()).isTrue();
        one.penalise(100);

        assertThat(target.leastLoaded(List.of(), 0, 50)).isSameAs(two);
        assertThat(target.leastLoaded(List.of(two), 0, 50)).isSameAs(one);
        assertThat(target.leastLoaded(List.of(), 0, 100)).isSameAs(one);
    }

    private static RouteUpdate.Route route(String host, Endpoint... endpoints) {
        return new RouteUpdate.Route(host, "shop", List.of(endpoints), null);
    }
}
