package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.AppCommand;
import holt.model.Endpoint;
import holt.model.Event;
import holt.model.Exit;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Release;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RolloutTest {
    private final Driver driver = new Driver();

    @BeforeEach
    void oneHostAndOneRouter() {
        driver.host("alpha", 4000);
        driver.router("router", List.of());
    }

    @Test
    void theFirstReleaseStartsAllInstancesAtOnceAndIsLiveWhenAllAreReady() {
        driver.push("hello", 3, "d");
        List<ProcessSpec> starts = driver.starts();
        assertThat(starts).extracting(ProcessSpec::index).containsExactly(0, 1, 2);

        driver.running(starts.get(0).pid());
        driver.running(starts.get(1).pid());
        assertThat(driver.app("hello").app().liveVersion()).isZero();
        driver.running(starts.get(2).pid());

        assertThat(driver.app("hello").app().liveVersion()).isEqualTo(1);
        assertThat(driver.app("hello").live().state()).isEqualTo(Release.State.LIVE);
        assertThat(driver.eventKinds()).endsWith(Event.RELEASE_LIVE);
    }

    @Test
    void instancesAreReplacedOneByOne() {
        List<Long> old = driver.serving("hello", 2);

        driver.push("hello", 2, "droplet-2");
        long first = onlyStart();
        assertThat(driver.endpoints("hello.localhost")).isEqualTo(old);

        driver.running(first);
        assertThat(driver.endpoints("hello.localhost")).containsExactly(first, old.get(1));
        long second = onlyStart();
        assertThat(driver.row(second).index()).isEqualTo(1);

        driver.running(second);
        assertThat(driver.endpoints("hello.localhost")).containsExactly(first, second);
        assertThat(driver.app("hello").app().liveVersion()).isEqualTo(2);
    }

    @Test
    void aRouterNotYetHeardOfAfterAStartIsWaitedForToo() {
        long old = driver.serving("hello", 1).getFirst();
        Endpoint endpoint = driver.app("hello").endpoints().getFirst();
        driver.push("hello", 1, "droplet-2");
        driver.running(onlyStart());

        driver.router("router", List.of(endpoint));
        assertThat(driver.stops()).as("another one may not have spoken yet").isEmpty();
        driver.router("late", List.of());
        driver.pass(Duration.ofSeconds(5));
        assertThat(driver.stops()).as("it speaks, and is not through").isEmpty();
        driver.router("late", List.of(endpoint));

        assertThat(driver.stops()).containsExactly(old);
    }

    @Test
    void whereNoOtherRouterSpeaksAfterAStartTheOneIsEnough() {
        long old = driver.serving("hello", 1).getFirst();
        Endpoint endpoint = driver.app("hello").endpoints().getFirst();
        driver.push("hello", 1, "droplet-2");
        driver.running(onlyStart());
        driver.router("router", List.of(endpoint));
        driver.pass(Duration.ofSeconds(5));

        assertThat(driver.stops()).containsExactly(old);
    }

    @Test
    void anOldInstanceIsStoppedWhenAllRoutersAreThroughWithIt() {
        driver.pass(Duration.ofSeconds(5));
        driver.router("router", List.of());
        driver.router("second", List.of());
        long old = driver.serving("hello", 1).getFirst();
        Endpoint endpoint = driver.app("hello").endpoints().getFirst();
        driver.push("hello", 1, "droplet-2");
        driver.running(onlyStart());
        assertThat(driver.stops()).isEmpty();
        assertThat(driver.row(old).state()).isEqualTo(ProcessState.STOPPING);

        driver.router("router", List.of(endpoint));
        assertThat(driver.stops()).isEmpty();
        driver.router("second", List.of(endpoint));

        assertThat(driver.stops()).containsExactly(old);
        driver.exits(old, Exit.Reason.STOPPED);
        assertThat(driver.row(old)).isNull();
    }

    @Test
    void anOldInstanceIsStoppedAfterTheLimitWhenARouterSaysNothing() {
        long old = driver.serving("hello", 1).getFirst();
        driver.push("hello", 1, "droplet-2");
        driver.running(onlyStart());

        driver.pass(Duration.ofSeconds(9));
        assertThat(driver.stops()).isEmpty();
        driver.pass(Duration.ofSeconds(1));

        assertThat(driver.stops()).containsExactly(old);
    }

    @Test
    void aReleaseWhoseFirstInstanceEndsBeforeItIsReadyFails() {
        List<Long> old = driver.serving("hello", 2);
        driver.push("hello", 2, "droplet-2");

        driver.exits(onlyStart(), Exit.Reason.EXITED);

        AppStatus status = driver.app("hello");
        assertThat(status.app().targetVersion()).isEqualTo(1);
        assertThat(status.latest().state()).isEqualTo(Release.State.FAILED);
        assertThat(status.failure()).contains("ended");
        assertThat(driver.endpoints("hello.localhost")).isEqualTo(old);
        assertThat(driver.event(Event.RELEASE_FAILED).data())
                .containsEntry("log", "last words")
                .containsEntry("exit", "ended")
                .containsEntry("version", "2");
    }

    @Test
    void instancesAlreadyReplacedGoBackWhenALaterOneFails() {
        List<Long> old = driver.serving("hello", 2);
        driver.push("hello", 2, "droplet-2");
        long first = onlyStart();
        driver.running(first);
        driver.exits(onlyStart(), Exit.Reason.START_TIMEOUT);

        long back = onlyStart();
        assertThat(driver.row(back).version()).isEqualTo(1);
        assertThat(driver.endpoints("hello.localhost")).containsExactly(first, old.get(1));
        driver.running(back);

        assertThat(driver.endpoints("hello.localhost")).containsExactly(back, old.get(1));
        assertThat(driver.row(first).state()).isEqualTo(ProcessState.STOPPING);
        assertThat(driver.app("hello").health()).isEqualTo(Health.RUNNING);
    }

    @Test
    void anAppWhoseFirstReleaseFailsHasNothingToRun() {
        driver.push("hello", 2, "d");
        List<ProcessSpec> starts = driver.starts();

        driver.exits(starts.get(0).pid(), Exit.Reason.EXITED);

        AppStatus status = driver.app("hello");
        assertThat(status.app().targetVersion()).isZero();
        assertThat(status.app().started()).isFalse();
        assertThat(status.health()).isEqualTo(Health.EMPTY);
        assertThat(driver.stops()).containsExactly(starts.get(1).pid());
        assertThat(driver.routes.get("hello.localhost").reason()).contains("did not come up");
    }

    @Test
    void whatThePlatformDidIsNoFaultOfTheRelease() {
        driver.push("hello", 1, "d");

        driver.exits(onlyStart(), Exit.Reason.UNKNOWN);

        assertThat(driver.app("hello").app().targetVersion()).isEqualTo(1);
        assertThat(driver.starts()).hasSize(1);
    }

    @Test
    void aReleaseThatCrashesAgainAndAgainWhileItRollsFails() {
        List<Long> old = driver.serving("hello", 2);
        driver.push("hello", 2, "droplet-2");
        long first = onlyStart();
        for (int crash = 1; crash <= 4; crash++) {
            driver.running(first);
            driver.exits(first, Exit.Reason.EXITED);
            driver.pass(Duration.ofSeconds(2));
        }

        assertThat(driver.app("hello").app().targetVersion()).isEqualTo(1);
        assertThat(driver.row(old.get(1)).state()).isEqualTo(ProcessState.RUNNING);
    }

    @Test
    void aNewerReleaseSupersedesTheOneOnItsWay() {
        List<Long> old = driver.serving("hello", 1);
        driver.push("hello", 1, "droplet-2");
        long second = onlyStart();

        driver.push("hello", 1, "droplet-3");

        assertThat(driver.stops()).containsExactly(second);
        assertThat(driver.row(onlyStart()).version()).isEqualTo(3);
        assertThat(driver.store.releases.get("hello/2").state()).isEqualTo(Release.State.FAILED);
        assertThat(driver.store.releases.get("hello/2").reason()).contains("superseded");
        assertThat(driver.endpoints("hello.localhost")).isEqualTo(old);
    }

    @Test
    void refusedEverywhereBeyondALimitTheReleaseFails() {
        driver.push("hello", 1, "d");
        long pid = onlyStart();
        for (int refusal = 1; refusal <= 5; refusal++) {
            driver.refuses(pid, "disk full");
            driver.host("alpha", 4000);
            if (refusal < 5) {
                driver.sleep(Duration.ofSeconds(20));
                driver.host("alpha", 4000);
            }
        }

        assertThat(driver.app("hello").app().targetVersion()).isZero();
        assertThat(driver.app("hello").failure()).contains("disk full");
    }

    @Test
    void aHostThatCannotRunTheProgramAtAllIsNoFaultOfTheRelease() {
        driver.host("beta", 4000);
        driver.push("hello", 1, "d");
        long pid = onlyStart();
        String first = driver.row(pid).host();

        driver.exits(pid, Exit.Reason.START_FAILED);

        assertThat(driver.app("hello").app().targetVersion()).isEqualTo(1);
        assertThat(driver.row(pid).host()).isNotEqualTo(first);
        assertThat(driver.row(pid).crashes()).isZero();
    }

    @Test
    void restartReplacesWithTheSameContentUnderANewVersion() {
        driver.serving("hello", 1);

        Effect.Reply reply = driver.command(new AppCommand.RestartApp("hello", "ann"));

        assertThat(reply.version()).isEqualTo(2);
        assertThat(driver.starts().getFirst().droplet()).isEqualTo("droplet-1");
    }

    @Test
    void stopWhileRollingEndsAllAndStartBringsTheTarget() {
        List<Long> old = driver.serving("hello", 1);
        driver.push("hello", 1, "droplet-2");
        long next = onlyStart();

        driver.command(new AppCommand.StopApp("hello", "ann"));
        assertThat(driver.stops()).containsExactly(next);
        assertThat(driver.row(old.getFirst()).state()).isEqualTo(ProcessState.STOPPING);
        driver.command(new AppCommand.StartApp("hello", "ann"));

        assertThat(driver.row(onlyStart()).version()).isEqualTo(2);
    }

    @Test
    void aReleaseOfNoInstancesIsLiveAtOnce() {
        driver.push("hello", 0, "d");

        assertThat(driver.app("hello").app().liveVersion()).isEqualTo(1);
        assertThat(driver.routes.get("hello.localhost").reason()).isEqualTo("app hello is scaled to 0 instances");
    }

    @Test
    void scaleDownTakesTheHighestIndexAndDrainsIt() {
        List<Long> pids = driver.serving("hello", 3);

        driver.command(new AppCommand.ScaleApp("hello", -1, true, "ann"));

        assertThat(driver.endpoints("hello.localhost")).containsExactly(pids.get(0), pids.get(1));
        assertThat(driver.stops()).isEmpty();
        driver.pass(Duration.ofSeconds(10));
        assertThat(driver.stops()).containsExactly(pids.get(2));
    }

    @Test
    void aBrainMadeAnewGoesOnWithTheRolloutWhereItWas() {
        List<Long> old = driver.serving("hello", 2);
        driver.push("hello", 2, "droplet-2");
        long first = onlyStart();

        driver.boot();
        driver.report(
                "alpha",
                4000,
                List.of(
                        driver.reportOf(old.get(0), ProcessState.RUNNING, null),
                        driver.reportOf(old.get(1), ProcessState.RUNNING, null),
                        driver.reportOf(first, ProcessState.RUNNING, null)));

        assertThat(driver.endpoints("hello.localhost")).containsExactly(first, old.get(1));
        assertThat(driver.row(onlyStart()).index()).isEqualTo(1);
    }

    private long onlyStart() {
        assertThat(driver.starts()).hasSize(1);
        return driver.starts().getFirst().pid();
    }
}
