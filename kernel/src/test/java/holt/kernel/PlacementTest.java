package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.AppCommand;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.Exit;
import holt.model.HostReport;
import holt.model.Limits;
import holt.model.Placement;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Resources;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Placement through the brain: what people ask for is kept, and what cannot be is explained. */
class PlacementTest {
    private static final long M = Driver.MEGABYTE;

    private final Driver driver = new Driver();
    private long sequence;

    @Test
    void instancesThatMustBeApartWaitForAHostOfTheirOwn() {
        host("alpha", 4000, "");
        push("shop", 2, new Placement(List.of(), true, List.of()));
        assertThat(driver.starts()).hasSize(1);

        host("beta", 4000, "");

        assertThat(driver.starts()).hasSize(1);
        assertThat(hosts("shop")).containsExactlyInAnyOrder("alpha", "beta");
    }

    @Test
    void anAppWithAnInstanceOnEveryHostCanStillBeRenewed() {
        host("alpha", 4000, "");
        host("beta", 4000, "");
        Placement apart = new Placement(List.of(), true, List.of());
        push("shop", 2, apart);
        starts().forEach(driver::running);
        driver.command(new AppCommand.RestartApp("shop", "ann"));
        for (int round = 0; round < 4; round++) {
            in(ProcessState.STARTING).forEach(driver::running);
            in(ProcessState.STOPPING).forEach(pid -> driver.exits(pid, Exit.Reason.STOPPED));
        }

        assertThat(driver.app("shop").app().isRolling()).isFalse();
        assertThat(hosts("shop")).containsExactlyInAnyOrder("alpha", "beta");
    }

    @Test
    void twoAppsThatMustNotMeetKeepAwayWhicheverCameFirst() {
        host("alpha", 4000, "");
        push("quiet", 1, new Placement(List.of(), false, List.of("loud")));
        push("loud", 1, Placement.ANYWHERE);
        assertThat(driver.starts()).isEmpty();

        host("beta", 4000, "");

        assertThat(hosts("quiet")).containsExactly("alpha");
        assertThat(hosts("loud")).containsExactly("beta");
    }

    @Test
    void theRuleIsCarriedOverToTheNextRelease() {
        host("alpha", 4000, "", "gpu");
        push("shop", 1, new Placement(List.of("gpu"), false, List.of()));

        driver.command(new AppCommand.RestartApp("shop", "ann"));

        assertThat(driver.app("shop").rule(2).tags()).containsExactly("gpu");
    }

    @Test
    void aRuleThatCannotBeIsRefusedWithAReason() {
        Effect.Reply reply = push("shop", 1, new Placement(List.of("Not A Tag"), false, List.of()));

        assertThat(reply.problem().code()).isEqualTo(ErrorCode.PARAMETER_INVALID);
        assertThat(push("shop", 1, new Placement(List.of(), false, List.of("UPPER")))
                        .problem()
                        .code())
                .isEqualTo(ErrorCode.APP_NAME_INVALID);
    }

    @Test
    void aHostThatLiesAboutEverythingHarmsNobodyElse() {
        for (long wild : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1_000_000_000_000_000_000L}) {
            driver.tell(new Input.HostReported(lie("liar", new Resources(wild, -1, -1, -1))));
            driver.tell(new Input.HostReported(lie("liar", new Resources(wild, wild, wild, wild))));
        }
        host("honest", 4000, "");

        driver.push("shop", 4, "d");

        assertThat(driver.starts()).hasSize(4);
        assertThat(hosts("shop")).contains("honest");
        assertThat(driver.cluster.snapshot().hosts().get("honest").free().memoryBytes())
                .isEqualTo(4000 * M - 2 * 256 * M);
    }

    @Test
    void thousandsThatWaitAreStartedAsFarAsTheRoomOfAHostGoes() {
        push("big", 1000, Placement.ANYWHERE);
        assertThat(driver.starts()).isEmpty();
        driver.pass(Duration.ofSeconds(1)); // a thousand looks for a host used up the actions of a second

        host("alpha", 256 * 10, "");

        assertThat(driver.starts()).hasSize(10);
        assertThat(driver.starts()).extracting(ProcessSpec::index).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void whyNamesWhatStandsInTheWayAndWhatWouldChangeIt() {
        host("alpha", 100, "");
        push("shop", 1, Placement.ANYWHERE);
        Why why = why(pid("shop"));

        assertThat(why.summary())
                .endsWith("waits since 12:00:00 UTC: no host has 256M of memory free; the most is 100M on alpha");
        assertThat(why.remedies())
                .containsExactly(
                        "free 156M of memory on alpha",
                        "push with --memory 100M or less",
                        "add a host with 256M of memory free");
    }

    @Test
    void whySaysThatThereIsNoHostAtAll() {
        push("shop", 1, Placement.ANYWHERE);

        assertThat(why(pid("shop")).summary()).endsWith("no host is connected");
        assertThat(why(pid("shop")).remedies()).containsExactly("add a host with 256M of memory free");
    }

    @Test
    void whyOfARunningProcessTellsWhatItsPlacementSaw() {
        host("alpha", 4000, "east");
        host("beta", 4000, "west");
        List<Long> pids = driver.serving("shop", 2);

        assertThat(why(pids.get(1)).summary()).endsWith(" runs on beta since 12:00:00 UTC");
        assertThat(why(pids.get(1)).reasons())
                .containsExactly("of 2 hosts it was the best: it held 0 instances of the app, its zone west 0, and 0 %"
                        + " of it was promised");
    }

    @Test
    void whyRemembersWhoRefused() {
        host("alpha", 4000, "");
        push("shop", 1, Placement.ANYWHERE);
        driver.refuses(pid("shop"), "no disk");

        assertThat(why(pid("shop")).summary()).contains("alpha refused it until 12:00:01 UTC: no disk");
    }

    @Test
    void whyOfOneThatIsHeldBackNamesItsCrashes() {
        host("alpha", 4000, "");
        long pid = driver.serving("shop", 1).getFirst();
        for (int i = 0; i < 3; i++) {
            driver.exits(pid, Exit.Reason.EXITED);
            if (driver.row(pid).state() == ProcessState.STARTING) {
                driver.running(pid);
            }
        }

        assertThat(why(pid).summary()).endsWith("is held back until 12:00:01 UTC");
        assertThat(why(pid).reasons()).containsExactly("it crashed 3 times in a row; the last time: ended");
    }

    @Test
    void whyOfASilentHostsProcessSaysHowLong() {
        host("alpha", 4000, "");
        long pid = driver.serving("shop", 1).getFirst();
        driver.pass(Duration.ofSeconds(16));

        assertThat(why(pid).reasons()).contains("host alpha has been silent since 12:00:00 UTC");
        assertThat(why(pid).remedies()).contains("bring alpha back", "add a host with 256M of memory free");
    }

    @Test
    void whyKnowsThePlatformsOwnAndNobodyElse() {
        push("shop", 1, Placement.ANYWHERE);
        long supervisor = driver.app("shop").app().supervisorPid();

        assertThat(why(1).summary()).contains("the platform");
        assertThat(why(supervisor).summary()).contains("supervisor of the app shop");
        assertThat(Why.of(driver.cluster.snapshot(), 4711, driver.now)).isEmpty();
    }

    @Test
    void aWaitingProcessIsToldOfOnceWithTheShortForm() {
        host("alpha", 100, "");
        push("shop", 1, Placement.ANYWHERE);

        assertThat(driver.event(Event.PROCESS_WAITING).message())
                .endsWith("waits: no host has 256M of memory free; the most is 100M on alpha");
    }

    private Why why(long pid) {
        return Why.of(driver.cluster.snapshot(), pid, driver.now).orElseThrow();
    }

    private long pid(String app) {
        return driver.app(app).processes().getFirst().process().pid();
    }

    private List<Long> starts() {
        return driver.starts().stream().map(ProcessSpec::pid).toList();
    }

    private List<Long> in(ProcessState state) {
        return driver.app("shop").processes().stream()
                .map(ProcessStatus::process)
                .filter(row -> row.state() == state)
                .map(holt.model.Process::pid)
                .toList();
    }

    private List<String> hosts(String app) {
        return driver.app(app).processes().stream()
                .map(ProcessStatus::process)
                .filter(row -> row.state() != ProcessState.STOPPING)
                .flatMap(row -> Stream.ofNullable(row.host()))
                .toList();
    }

    private void host(String name, long megabytes, String zone, String... tags) {
        driver.host(name, Resources.ofMemory(megabytes * M), zone, tags);
    }

    private HostReport lie(String name, Resources capacity) {
        return Estate.report(name, ++sequence, capacity, "x".repeat(1000), "UPPER", "", "y".repeat(1000));
    }

    private Effect.Reply push(String app, int instances, Placement rule) {
        return driver.command(new AppCommand.PutApp(
                app,
                true,
                instances,
                List.of(),
                null,
                new AppCommand.ReleaseContent("d", "command", "run", null, new Limits(256 * M, 0, 100), null, rule),
                "ann"));
    }
}
