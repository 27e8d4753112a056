package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.App;
import holt.model.AppCommand;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.Limits;
import holt.model.Release;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private final Driver driver = new Driver();

    @Test
    void aNewAppGetsItsDefaultRouteAndOneInstance() {
        Effect.Reply reply =
                driver.command(new AppCommand.PutApp("hello", true, null, null, null, Driver.release("d"), "ann"));

        App app = driver.app("hello").app();
        assertThat(reply.problem()).isNull();
        assertThat(reply.created()).isTrue();
        assertThat(reply.version()).isEqualTo(1);
        assertThat(reply.afterEvent()).isZero();
        assertThat(app.routes()).containsExactly("hello.localhost");
        assertThat(app.instances()).isEqualTo(1);
        assertThat(app.started()).isTrue();
        assertThat(app.supervisorPid()).isEqualTo(2);
    }

    @Test
    void theTruthIsWrittenBeforeAnybodyIsTold() {
        driver.host("alpha", 1000);
        driver.push("hello", 1, "d");

        assertThat(driver.effects.stream().map(effect -> effect.getClass().getSimpleName()))
                .containsSubsequence("Persist", "PublishRoutes", "Ask", "Reply");
        assertThat(driver.effects.getFirst()).isInstanceOf(Effect.Persist.class);
    }

    @Test
    void anUnknownAppIsRefusedAndTheNearNameProposed() {
        driver.push("hello", 1, "d");

        Effect.Reply reply = driver.command(new AppCommand.StopApp("helo", "ann"));

        assertThat(reply.problem().code()).isEqualTo(ErrorCode.APP_NOT_FOUND);
        assertThat(reply.problem().remedy()).contains("'hello'");
    }

    @Test
    void aRefusedCommandChangesNothing() {
        driver.push("hello", 1, "d");
        int events = driver.store.events.size();

        driver.command(new AppCommand.PutApp("hello", true, 5, List.of("bad route!"), false, null, "ann"));

        assertThat(driver.app("hello").app().instances()).isEqualTo(1);
        assertThat(driver.app("hello").app().started()).isTrue();
        assertThat(driver.store.events).hasSize(events);
        assertThat(driver.effects).noneMatch(Effect.Persist.class::isInstance);
    }

    @Test
    void anIllegalNameIsRefusedWithALegalOneProposed() {
        assertThat(driver.push("Hello World", 1, "d").problem().remedy()).contains("hello-world");
        assertThat(driver.push("api", 1, "d").problem().code()).isEqualTo(ErrorCode.APP_NAME_RESERVED);
    }

    @Test
    void anAppThatShouldNotBeMadeIsNotMade() {
        Effect.Reply reply =
                driver.command(new AppCommand.PutApp("hello", false, 1, null, null, Driver.release("d"), "ann"));

        assertThat(reply.problem().code()).isEqualTo(ErrorCode.APP_NOT_FOUND);
    }

    @Test
    void aRouteOfAnotherAppIsTaken() {
        driver.push("hello", 1, "d");

        Effect.Reply reply = driver.command(
                new AppCommand.PutApp("other", true, 1, List.of("hello.localhost"), null, Driver.release("d"), "ann"));

        assertThat(reply.problem().code()).isEqualTo(ErrorCode.ROUTE_TAKEN);
        assertThat(reply.problem().detail()).contains("hello");
        assertThat(driver.cluster.snapshot().app("other")).isEmpty();
    }

    @Test
    void aRouteIsFreeAgainWhenItIsUnmappedOrItsAppDeleted() {
        driver.push("hello", 1, "d");
        driver.push("other", 1, "d");

        driver.command(new AppCommand.UnmapRoute("hello", "HELLO.localhost", "ann"));
        assertThat(driver.command(new AppCommand.MapRoute("other", "hello", "ann"))
                        .problem())
                .isNull();
        driver.command(new AppCommand.DeleteApp("other", "ann"));

        assertThat(driver.command(new AppCommand.MapRoute("hello", "hello.localhost", "ann"))
                        .problem())
                .isNull();
        assertThat(driver.app("hello").app().routes()).containsExactly("hello.localhost");
    }

    @Test
    void aRouteTheAppDoesNotHaveCannotBeUnmapped() {
        driver.push("hello", 1, "d");

        Effect.Reply reply = driver.command(new AppCommand.UnmapRoute("hello", "helo", "ann"));

        assertThat(reply.problem().code()).isEqualTo(ErrorCode.ROUTE_NOT_FOUND);
        assertThat(reply.problem().remedy()).contains("hello.localhost");
    }

    @Test
    void instancesHaveBounds() {
        driver.push("hello", 3, "d");

        assertThat(scale(-4, true).problem().code()).isEqualTo(ErrorCode.INSTANCES_INVALID);
        assertThat(scale(1001, false).problem().code()).isEqualTo(ErrorCode.INSTANCES_INVALID);
        assertThat(scale(Integer.MAX_VALUE, true).problem().code()).isEqualTo(ErrorCode.INSTANCES_INVALID);
        assertThat(scale(-3, true).problem()).isNull();
        assertThat(driver.app("hello").app().instances()).isZero();
    }

    @Test
    void limitsHaveBounds() {
        AppCommand.ReleaseContent tiny =
                new AppCommand.ReleaseContent("d", "command", "run", null, new Limits(1, 0, 10), null);

        Effect.Reply reply = driver.command(new AppCommand.PutApp("hello", true, 1, null, null, tiny, "ann"));

        assertThat(reply.problem().code()).isEqualTo(ErrorCode.MEMORY_INVALID);
    }

    @Test
    void withoutAReleaseThereIsNothingToStart() {
        driver.command(new AppCommand.PutApp("hello", true, 1, null, null, null, "ann"));

        assertThat(driver.command(new AppCommand.StartApp("hello", "ann"))
                        .problem()
                        .code())
                .isEqualTo(ErrorCode.APP_HAS_NO_RELEASE);
        assertThat(driver.command(new AppCommand.RestartApp("hello", "ann"))
                        .problem()
                        .code())
                .isEqualTo(ErrorCode.APP_HAS_NO_RELEASE);
        assertThat(driver.command(new AppCommand.ChangeRelease("hello", 0, AppCommand.Settings.of(null, "x"), "ann"))
                        .problem()
                        .code())
                .isEqualTo(ErrorCode.APP_HAS_NO_RELEASE);
        assertThat(driver.app("hello").health()).isEqualTo(Health.EMPTY);
    }

    @Test
    void aChangeBasedOnAnOldReleaseIsAConflict() {
        driver.push("hello", 1, "d");

        Effect.Reply reply =
                driver.command(new AppCommand.ChangeRelease("hello", 7, AppCommand.Settings.of(null, "other"), "ann"));

        assertThat(reply.problem().code()).isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void aChangeCarriesOverWhatItDoesNotName() {
        driver.push("hello", 1, "d");

        driver.command(new AppCommand.ChangeRelease(
                "hello",
                1,
                new AppCommand.Settings(
                        "sealed", new Limits(64 * Driver.MEGABYTE, 0, 100), null, null, null, null, null),
                "bob"));

        Release release = driver.app("hello").target();
        assertThat(release.version()).isEqualTo(2);
        assertThat(release.droplet()).isEqualTo("d");
        assertThat(release.command()).isEqualTo("run");
        assertThat(release.environment()).isEqualTo("sealed");
        assertThat(release.limits().memoryBytes()).isEqualTo(64 * Driver.MEGABYTE);
        assertThat(release.createdBy()).isEqualTo("bob");
    }

    @Test
    void aPushWithoutChangeMakesNoRelease() {
        driver.host("alpha", 2000);
        driver.serving("hello", 1);

        Effect.Reply reply = driver.push("hello", 2, "droplet-1");

        assertThat(reply.version()).isEqualTo(1);
        assertThat(driver.app("hello").app().isRolling()).isFalse();
        assertThat(driver.starts()).hasSize(1);
        assertThat(driver.eventKinds()).endsWith(Event.APP_UPDATED, Event.PROCESS_STARTING);
    }

    @Test
    void everyCommandLeavesAnEventWithItsActor() {
        driver.push("hello", 1, "d");
        List<AppCommand> commands = List.of(
                new AppCommand.StopApp("hello", "ann"),
                new AppCommand.StartApp("hello", "ann"),
                new AppCommand.RestartApp("hello", "ann"),
                new AppCommand.ScaleApp("hello", 1, true, "ann"),
                new AppCommand.MapRoute("hello", "shop", "ann"),
                new AppCommand.UnmapRoute("hello", "shop", "ann"),
                new AppCommand.DeleteApp("hello", "ann"));
        for (AppCommand command : commands) {
            int before = driver.store.events.size();
            assertThat(driver.command(command).problem()).isNull();
            assertThat(driver.store.events.subList(before, driver.store.events.size()))
                    .as("%s", command)
                    .anyMatch(event -> "ann".equals(event.data().get("actor")));
        }
    }

    @Test
    void aDeletedAppsNameIsFreeAtOnceAndItsPidsAreNeverUsedAgain() {
        driver.host("alpha", 2000);
        long old = driver.serving("hello", 1).getFirst();

        driver.command(new AppCommand.DeleteApp("hello", "ann"));
        assertThat(driver.stops()).containsExactly(old);
        assertThat(driver.routes.get("hello.localhost").app()).isNull();
        assertThat(driver.store.processes).isEmpty();

        assertThat(driver.push("hello", 1, "d").created()).isTrue();
        assertThat(driver.starts().getFirst().pid()).isGreaterThan(old);
    }

    private Effect.Reply scale(int count, boolean relative) {
        return driver.command(new AppCommand.ScaleApp("hello", count, relative, "ann"));
    }
}
