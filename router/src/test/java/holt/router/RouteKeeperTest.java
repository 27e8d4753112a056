package holt.router;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Endpoint;
import holt.model.RouteUpdate;
import holt.model.RouterReport;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteKeeperTest {
    private static final Endpoint ONE = new Endpoint("shop", 2, 1, 0, "one", "127.0.0.1", 1001);
    private static final Endpoint TWO = new Endpoint("shop", 3, 1, 1, "two", "127.0.0.1", 1002);

    private final RouteKeeper keeper = new RouteKeeper("r");
    private long now = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();
    private List<RouteEffect> last = keeper.start(now);

    @Test
    void beginsWithAQuestionAndAReport() {
        assertThat(last)
                .containsExactly(
                        new RouteEffect.AskForAll(1, Duration.ofSeconds(2)),
                        report(),
                        wakeAfter(Duration.ofSeconds(2)));
    }

    @Test
    void asksForEverythingBeforeItKnowsAnything() {
        notTold(1);
        updated(step("e", 7, route("a", ONE)));
        assertThat(last).containsExactly(wakeAfter(Duration.ZERO));
        assertThat(keeper.routes()).isEmpty();
        assertThat(keeper.isSynced()).isFalse();
        woken();
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void followsStepsAfterAnAnswer() {
        told(1, complete("e", 7, route("a", ONE)));
        assertThat(last).contains(new RouteEffect.RoutesKnown(1)).contains(change(route("a", ONE)));

        updated(step("e", 8, route("a", ONE, TWO)));
        assertThat(last).containsExactly(change(route("a", ONE, TWO)));
        assertThat(keeper.routes()).containsOnly(Map.entry("a", route("a", ONE, TWO)));
    }

    @Test
    void changesOnlyWhatDiffers() {
        told(1, complete("e", 7, route("a", ONE), route("b", TWO)));
        compare();
        told(2, complete("e", 9, route("a", ONE), route("b", ONE)));
        assertThat(last).contains(new RouteEffect.Change(List.of(route("b", ONE)), List.of(TWO)));
        compare();
        told(3, complete("e", 9, route("a", ONE), route("b", ONE)));
        assertThat(last).noneMatch(RouteEffect.Change.class::isInstance);
    }

    @Test
    void retiresEndpointsThatAreInNoRouteAnyMore() {
        told(1, complete("e", 1, route("a", ONE, TWO), route("b", TWO)));

        updated(step("e", 2, route("a")));
        assertThat(retired()).containsExactly(ONE);
        updated(step("e", 3, gone("b")));
        assertThat(retired()).containsExactly(TWO);
        assertThat(keeper.routes()).containsOnlyKeys("a");
    }

    @Test
    void retiresNothingThatMovesBetweenRoutes() {
        told(1, complete("e", 1, route("a", ONE)));

        updated(step("e", 2, route("a"), route("b", ONE)));
        assertThat(retired()).isEmpty();
        updated(step("e", 3, gone("b"), route("a", ONE)));
        assertThat(retired()).isEmpty();
    }

    @Test
    void countsAnEndpointThatIsTwiceInARouteOnce() {
        told(1, complete("e", 1, route("a", ONE, ONE)));
        updated(step("e", 2, gone("a")));
        assertThat(retired()).containsExactly(ONE);
    }

    @Test
    void asksAgainWhenAStepWasMissedAndAppliesWhatCameEarly() {
        told(1, complete("e", 1));

        updated(step("e", 3, route("b", TWO)));
        assertThat(keeper.routes()).isEmpty();
        woken();
        told(asked(), complete("e", 2, route("a", ONE)));
        assertThat(keeper.routes()).containsOnlyKeys("a", "b");
        assertThat(last).contains(wakeAfter(Duration.ofSeconds(3)));
    }

    @Test
    void asksAgainWhenEvenTheAnswerLeavesAGap() {
        told(1, complete("e", 1));
        updated(step("e", 5, route("b", TWO)));
        woken();

        told(asked(), complete("e", 2));
        assertThat(last).contains(wakeAfter(Duration.ZERO));
        woken();
        assertThat(asked()).isEqualTo(3);
    }

    @Test
    void dropsWhatIsOldOrDoubled() {
        told(1, complete("e", 5, route("a", ONE)));

        updated(step("e", 5, route("a", TWO)));
        updated(complete("e", 4, route("a", TWO)));
        assertThat(last).isEmpty();
        assertThat(keeper.routes()).containsEntry("a", route("a", ONE));
    }

    @Test
    void asksForEverythingWhenTheControllerIsANewOne() {
        told(1, complete("e", 5, route("a", ONE)));

        updated(step("f", 6, route("a", TWO)));
        woken();
        assertThat(asked()).isEqualTo(2);
        assertThat(keeper.routes()).containsEntry("a", route("a", ONE));
        told(2, complete("f", 1, route("a", TWO)));
        assertThat(keeper.routes()).containsEntry("a", route("a", TWO));
    }

    @Test
    void isNotTakenBackByAnAnnouncementOfAControllerThatIsGone() {
        told(1, complete("new", 5, route("a", ONE)));

        updated(complete("old", 9, route("a", TWO)));
        assertThat(keeper.routes()).containsEntry("a", route("a", ONE));
        woken();
        told(asked(), complete("new", 5, route("a", ONE)));
        assertThat(keeper.routes()).containsEntry("a", route("a", ONE));
    }

    @Test
    void dropsAnswersToQuestionsItHasGivenUp() {
        after(Duration.ofSeconds(2));
        after(Duration.ofMillis(50));
        assertThat(asked()).isEqualTo(2);

        told(1, complete("old", 9, route("a", TWO)));
        assertThat(keeper.isSynced()).isFalse();
        told(2, complete("new", 1, route("a", ONE)));
        assertThat(keeper.routes()).containsEntry("a", route("a", ONE));
    }

    @Test
    void forgetsRoutesThatAnAnswerLacks() {
        told(1, complete("e", 1, route("a", ONE), route("b", TWO)));
        compare();
        told(2, complete("e", 2, route("b", TWO)));
        assertThat(retired()).containsExactly(ONE);
        assertThat(keeper.routes()).containsOnlyKeys("b");
    }

    @Test
    void asksAgainAfterSilenceWithGrowingPausesAndSaysOnceThatTheControllerIsAway() {
        told(1, complete("e", 1, route("a", ONE)));
        compare();
        after(Duration.ofSeconds(2));
        assertThat(last).contains(new RouteEffect.ControllerAway("no answer in 2 s"));
        for (long pause : new long[] {50, 100, 200, 400, 800, 1600, 2000, 2000}) {
            after(Duration.ofMillis(pause - 1));
            assertThat(last).noneMatch(RouteEffect.AskForAll.class::isInstance);
            after(Duration.ofMillis(1));
            notTold(asked());
            assertThat(last).noneMatch(RouteEffect.ControllerAway.class::isInstance);
        }
        assertThat(keeper.routes()).containsEntry("a", route("a", ONE));
        after(Duration.ofSeconds(2));
        told(asked(), complete("f", 1));
        assertThat(last).contains(new RouteEffect.ControllerBack());
    }

    @Test
    void saysNotOfAControllerThatWasNeverThereThatItIsAway() {
        notTold(1);
        assertThat(last).noneMatch(RouteEffect.ControllerAway.class::isInstance);
    }

    @Test
    void reportsWhatIsDrainedAtOnceAndForAWhile() {
        told(1, complete("e", 1, route("a", ONE)));
        updated(step("e", 2, route("a")));
        event(new RouteEvent.Drained(ONE));
        assertThat(last).contains(wakeAfter(Duration.ZERO));
        woken();
        assertThat(last).contains(report(ONE));
        after(Duration.ofSeconds(29));
        assertThat(last).contains(report(ONE));
        after(Duration.ofSeconds(3));
        assertThat(last).contains(report());
    }

    @Test
    void reportsNothingThatCameBack() {
        told(1, complete("e", 1, route("a", ONE)));
        updated(step("e", 2, route("a")));
        event(new RouteEvent.Drained(ONE));
        updated(step("e", 3, route("a", ONE)));
        woken();
        assertThat(last).contains(report());
    }

    @Test
    void reportsAnEndpointThatWentTwiceOnlyWhenNothingOfItIsUnderWay() {
        told(1, complete("e", 1, route("a", ONE)));
        updated(step("e", 2, route("a")));
        updated(step("e", 3, route("a", ONE)));
        updated(step("e", 4, route("a")));
        event(new RouteEvent.Drained(ONE));
        woken();
        assertThat(last).noneMatch(RouteEffect.Report.class::isInstance);
        event(new RouteEvent.Drained(ONE));
        woken();
        assertThat(last).contains(report(ONE));
    }

    @Test
    void wakingItTooEarlyDoesNoHarm() {
        told(1, complete("e", 1));
        for (int i = 0; i < 1000; i++) {
            woken();
            assertThat(last).containsExactly(wakeAfter(Duration.ofSeconds(3)));
        }
    }

    @Test
    void keepsABoundedNumberOfEarlySteps() {
        told(1, complete("e", 1));
        for (int version = 3; version < 5000; version++) {
            updated(step("e", version, route("h" + version, ONE)));
        }
        woken();
        told(asked(), complete("e", 2));
        assertThat(keeper.routes()).hasSize(1000);
        compare();
        told(asked(), complete("e", 5000));
        assertThat(keeper.routes()).isEmpty();
    }

    private void event(RouteEvent event) {
        last = keeper.handle(event, now);
    }

    private void updated(RouteUpdate update) {
        event(new RouteEvent.Updated(update));
    }

    private void told(long ask, RouteUpdate update) {
        event(new RouteEvent.Told(ask, update));
    }

    private void notTold(long ask) {
        event(new RouteEvent.NotTold(ask, "nobody listens"));
    }

    private void woken() {
        event(new RouteEvent.Woken());
    }

    private void after(Duration time) {
        now += time.toNanos();
        woken();
    }

    private void compare() {
        after(Duration.ofSeconds(30));
        assertThat(last).anyMatch(RouteEffect.AskForAll.class::isInstance);
    }

    private long asked() {
        return last.stream()
                .filter(RouteEffect.AskForAll.class::isInstance)
                .map(effect -> ((RouteEffect.AskForAll) effect).ask())
                .findFirst()
                .orElseThrow();
    }

    private List<Endpoint> retired() {
        return last.stream()
                .filter(RouteEffect.Change.class::isInstance)
                .flatMap(effect -> ((RouteEffect.Change) effect).retired().stream())
                .toList();
    }

    private RouteEffect wakeAfter(Duration time) {
        return new RouteEffect.WakeAt(now + time.toNanos());
    }

    private static RouteEffect change(RouteUpdate.Route... routes) {
        return new RouteEffect.Change(List.of(routes), List.of());
    }

    private static RouteEffect report(Endpoint... drained) {
        return new RouteEffect.Report(new RouterReport("r", List.of(drained)));
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
