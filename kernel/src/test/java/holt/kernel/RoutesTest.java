package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.AppCommand;
import holt.model.RouteUpdate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private final Driver driver = new Driver();

    @Test
    void aReadyInstanceIsRoutedInTheSameStep() {
        driver.host("alpha", 1000);
        driver.push("hello", 1, "d");
        assertThat(driver.routes.get("hello.localhost").reason()).isEqualTo("app hello is starting");

        driver.running(driver.starts().getFirst().pid());

        assertThat(driver.routes.get("hello.localhost").endpoints()).hasSize(1);
        assertThat(driver.routes.get("hello.localhost").reason()).isNull();
    }

    @Test
    void versionsFollowEachOtherByOne() {
        driver.host("alpha", 1000);
        long before = update(driver.effects.isEmpty() ? sync() : sync()).version();

        driver.push("hello", 1, "d");
        assertThat(published().version()).isEqualTo(before + 1);
        driver.running(driver.starts().getFirst().pid());
        assertThat(published().version()).isEqualTo(before + 2);
    }

    @Test
    void aSyncTellsEverythingAsOfTheLastUpdate() {
        driver.host("alpha", 1000);
        driver.push("hello", 1, "d");
        long version = published().version();
        driver.command(new AppCommand.MapRoute("hello", "shop", "ann"));

        RouteUpdate update = update(sync());

        assertThat(update.complete()).isTrue();
        assertThat(update.version()).isEqualTo(version + 1);
        assertThat(update.routes())
                .extracting(RouteUpdate.Route::host)
                .containsExactly("hello.localhost", "shop.localhost");
    }

    @Test
    void aRouterHearsSomethingEveryFewSecondsSoThatItSeesWhatItMissed() {
        driver.push("hello", 1, "d");
        long version = published().version();

        driver.pass(Duration.ofSeconds(5));

        assertThat(published()).isEqualTo(new RouteUpdate("epoch-1", version + 1, false, List.of()));
    }

    @Test
    void anUnchangedRouteIsNotPublishedAgain() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();

        driver.running(pid);

        assertThat(driver.effects).noneMatch(Effect.PublishRoutes.class::isInstance);
    }

    @Test
    void aStoppedAppSaysSo() {
        driver.host("alpha", 1000);
        driver.serving("hello", 1);

        driver.command(new AppCommand.StopApp("hello", "ann"));

        assertThat(driver.routes.get("hello.localhost").reason()).isEqualTo("app hello is stopped");
        assertThat(driver.app("hello").health()).isEqualTo(Health.STOPPED);
    }

    @Test
    void anAppThatWaitsForRoomSaysSo() {
        driver.push("hello", 1, "d");

        assertThat(driver.routes.get("hello.localhost").reason()).isEqualTo("app hello waits: no host is connected");
    }

    @Test
    void mappedAndUnmappedRoutesComeAndGo() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();

        driver.command(new AppCommand.MapRoute("hello", "Shop.Example", "ann"));
        assertThat(driver.endpoints("shop.example")).containsExactly(pid);
        driver.command(new AppCommand.UnmapRoute("hello", "shop.example", "ann"));

        assertThat(driver.routes.get("shop.example").app()).isNull();
        assertThat(driver.endpoints("hello.localhost")).containsExactly(pid);
    }

    private RouteUpdate published() {
        return driver.effects.stream()
                .filter(Effect.PublishRoutes.class::isInstance)
                .map(effect -> ((Effect.PublishRoutes) effect).update())
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private List<Effect> sync() {
        driver.tell(new Input.RoutesWanted(1));
        return driver.effects;
    }

    private static RouteUpdate update(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.AnswerSync.class::isInstance)
                .map(effect -> ((Effect.AnswerSync) effect).update())
                .findFirst()
                .orElseThrow();
    }
}
