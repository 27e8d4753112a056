package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.AgentRequest;
import holt.model.AppCommand;
import holt.model.Event;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Starts, replacements and stops through the whole brain: so many a second, the most urgent first, all in the end. */
class ActionsTest {
    private static final int RATE = 10;
    private static final int BURST = 5;

    private final Driver driver = driver();

    private static Driver driver() {
        Driver driver = new Driver(ClusterSettings.standard("localhost")
                .withBounds(Bounds.standard().withActions(RATE, BURST)));
        driver.host("alpha", 1_000_000);
        return driver;
    }

    @Test
    void aBurstIsStartedAtOnceAndTheRestWhenItIsItsTurn() {
        driver.push("hello", 8, "d");
        assertThat(driver.starts()).hasSize(BURST);
        assertThat(driver.effects).contains(new Effect.WakeAt(driver.now.plusMillis(100)));

        driver.pass(Duration.ofMillis(99));
        assertThat(driver.starts()).isEmpty();
        driver.pass(Duration.ofMillis(1));
        assertThat(driver.starts()).hasSize(1);
        driver.pass(Duration.ofMillis(200));
        assertThat(driver.starts()).hasSize(2);
        driver.pass(Duration.ofSeconds(5));

        assertThat(driver.starts()).isEmpty();
    }

    @Test
    void anAppNobodyServesComesBeforeTheGrowthOfOthers() {
        driver.push("big", 50, "d");
        driver.push("late", 1, "d");

        driver.pass(Duration.ofMillis(100));

        assertThat(driver.starts()).extracting(ProcessSpec::app).containsExactly("late");
    }

    @Test
    void aCrashComesBeforeGrowthEvenWhereOthersServe() {
        List<Long> pids = driver.serving("old", 2);
        driver.push("big", 50, "d");
        driver.exits(pids.getFirst(), holt.model.Exit.Reason.EXITED);

        driver.pass(Duration.ofMillis(100));

        assertThat(driver.starts()).extracting(ProcessSpec::app).containsExactly("old");
    }

    @Test
    void stopsDoNotWaitForStarts() {
        List<Long> pids = driver.serving("old", 1);
        driver.push("big", 50, "d");

        driver.command(new AppCommand.StopApp("old", "ann"));
        driver.pass(Duration.ofSeconds(10));

        assertThat(driver.stops()).isEqualTo(pids);
    }

    @Test
    void manyStopsWaitForTheirTurnToo() {
        driver.push("big", 20, "d");
        for (int i = 0; i < 15; i++) {
            driver.pass(Duration.ofMillis(100));
        }
        driver.app("big")
                .processes()
                .forEach(each -> driver.running(each.process().pid()));
        driver.command(new AppCommand.StopApp("big", "ann"));

        driver.now = driver.now.plusSeconds(10);
        driver.tell(new Input.Woken());
        assertThat(driver.stops()).hasSize(BURST);
        int stops = 0;
        for (int i = 0; i < 40; i++) {
            driver.pass(Duration.ofMillis(50));
            stops += driver.stops().size();
        }

        assertThat(stops).isEqualTo(15);
    }

    @Test
    void whatWaitsLongerThanAMomentSaysSoOnceAndWithoutAnEvent() {
        driver.push("big", 60, "d");
        int events = driver.store.events.size();
        assertThat(notes()).isEmpty();
        driver.now = driver.now.plusSeconds(2);
        driver.tell(new Input.Woken());

        assertThat(notes()).hasSize(50).first().isEqualTo("waits for its turn: 0 starts before it");
        assertThat(notes()).last().isEqualTo("waits for its turn: 49 starts before it");
        assertThat(driver.store.events.subList(events, driver.store.events.size()))
                .allMatch(event -> event.kind().equals(Event.PROCESS_STARTING));
    }

    @Test
    void whatIsNotWantedAnyMoreGivesItsTurnToOthers() {
        driver.push("big", 60, "d");
        driver.push("other", 3, "d");
        driver.command(new AppCommand.DeleteApp("big", "ann"));
        int starts = 0;
        for (int i = 0; i < 4; i++) {
            driver.pass(Duration.ofMillis(100));
            starts += driver.starts().size();
        }

        assertThat(starts).isEqualTo(3);
        assertThat(driver.effects).doesNotContain(new Effect.WakeAt(driver.now.plusMillis(100)));
    }

    @Test
    void theReplacementOfALostProcessTakesOneTurn() {
        List<Long> pids = driver.serving("hello", 3);
        driver.now = driver.now.plusSeconds(14);
        driver.host("beta", 1_000_000);

        driver.pass(Duration.ofSeconds(1));

        assertThat(driver.starts()).hasSize(pids.size());
    }

    @Test
    void theReasonOfAnAppThatWaitsForItsTurnReadsWell() {
        for (String app : List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l")) {
            driver.push(app, 1, "d");
        }
        driver.push("big", 50, "d");

        driver.now = driver.now.plusSeconds(2);
        driver.tell(new Input.Woken());

        assertThat(driver.app("big").reason()).isEqualTo("app big waits for its turn: 2 starts before it");
    }

    @Test
    void aClusterThatLosesManyHostsReplacesWhatNobodyServesFirstAndFloodsNobody() {
        Driver driver = new Driver(ClusterSettings.standard("localhost")
                .withBounds(Bounds.standard().withActions(RATE, BURST)));
        List<String> hosts = List.of("h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7");
        hosts.forEach(host -> driver.host(host, 8 * 256));
        runAll(driver, "wide", 32);
        for (int i = 0; i < 8; i++) {
            runAll(driver, "single-" + i, 1);
        }
        reportAll(driver, hosts);
        List<String> lost = hosts.subList(0, 4);
        List<String> names = driver.cluster.snapshot().processes().stream()
                .map(ProcessStatus::process)
                .filter(process -> lost.contains(process.host()))
                .map(process -> process.app())
                .toList();
        long singles = names.stream().filter(name -> name.startsWith("single")).count();
        List<String> restarted = new ArrayList<>();
        List<Instant> starts = new ArrayList<>();
        for (int step = 0; step < 400; step++) {
            driver.now = driver.now.plusMillis(100);
            driver.tell(new Input.Woken());
            driver.starts().forEach(start -> restarted.add(start.app()));
            driver.starts().forEach(start -> starts.add(driver.now));
            reportAll(driver, hosts.subList(4, 8));
            driver.starts().forEach(start -> restarted.add(start.app()));
            driver.starts().forEach(start -> starts.add(driver.now));
        }

        assertThat(singles).isPositive();
        assertThat(restarted.subList(0, (int) singles + 1))
                .as("all but the share of the oldest")
                .filteredOn(name -> !name.startsWith("single"))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(restarted).hasSameSizeAs(names);
        assertRate(starts);
    }

    private static void runAll(Driver driver, String app, int instances) {
        driver.push(app, instances, "d");
        for (int i = 0; i < 10 * instances; i++) {
            driver.starts().stream().map(ProcessSpec::pid).toList().forEach(driver::running);
            driver.now = driver.now.plusMillis(20);
            driver.tell(new Input.Woken());
        }
    }

    private static void reportAll(Driver driver, List<String> hosts) {
        for (String host : hosts) {
            List<ProcessReport> reports = new ArrayList<>();
            for (ProcessStatus each : driver.cluster.snapshot().processes()) {
                if (host.equals(each.process().host())) {
                    reports.add(driver.reportOf(each.process().pid(), ProcessState.RUNNING, null));
                }
            }
            driver.report(host, 16 * 256, reports);
        }
    }

    @Property(tries = 100)
    void neverMoreThanTheRateInAnyWindowAndAllInTheEnd(@ForAll long seed) {
        Random random = new Random(seed);
        Driver driver = driver();
        List<Instant> starts = new ArrayList<>();
        Set<Long> started = new HashSet<>();
        for (int step = 0; step < 60; step++) {
            act(driver, random);
            take(driver, starts, started);
            driver.now = driver.now.plusMillis(random.nextInt(500));
            driver.tell(new Input.Woken());
            take(driver, starts, started);
        }
        for (int step = 0; step < 300; step++) {
            keepAlive(driver);
            take(driver, starts, started);
            driver.now = driver.now.plusMillis(200);
            driver.tell(new Input.Woken());
            take(driver, starts, started);
        }

        assertRate(starts);
        assertThat(driver.cluster.snapshot().processes())
                .allMatch(each -> each.process().state() == ProcessState.RUNNING);
    }

    private static void act(Driver driver, Random random) {
        String app = "app-" + random.nextInt(4);
        switch (random.nextInt(5)) {
            case 0, 1 -> driver.push(app, random.nextInt(12), "droplet");
            case 2 -> {
                if (driver.cluster.snapshot().app(app).isPresent()) {
                    driver.command(new AppCommand.DeleteApp(app, "ann"));
                }
            }
            case 3 -> keepAlive(driver);
            default ->
                driver.cluster.snapshot().processes().stream()
                        .filter(each -> each.process().state() == ProcessState.RUNNING)
                        .findFirst()
                        .ifPresent(each -> driver.exits(each.process().pid(), holt.model.Exit.Reason.SIGNALED));
        }
    }

    /** The host says that all that was started there runs. */
    private static void keepAlive(Driver driver) {
        List<ProcessReport> reports = new ArrayList<>();
        for (ProcessStatus each : driver.cluster.snapshot().processes()) {
            ProcessState state = each.process().state();
            if (state == ProcessState.STARTING || state == ProcessState.RUNNING) {
                reports.add(driver.reportOf(each.process().pid(), ProcessState.RUNNING, null));
            }
        }
        driver.report("alpha", 1_000_000, reports);
    }

    private static void take(Driver driver, List<Instant> starts, Set<Long> started) {
        for (Effect effect : driver.effects) {
            if (effect instanceof Effect.Ask ask && ask.request() instanceof AgentRequest.Start start) {
                if (started.add(start.spec().pid() * 1000 + start.spec().incarnation())) {
                    starts.add(driver.now);
                }
            }
        }
    }

    private static void assertRate(List<Instant> starts) {
        for (int first = 0; first < starts.size(); first++) {
            for (int last = first; last < starts.size(); last++) {
                long millis =
                        Duration.between(starts.get(first), starts.get(last)).toMillis();
                assertThat(last - first + 1.0).isLessThanOrEqualTo(BURST + millis * RATE / 1000.0);
            }
        }
    }

    private List<String> notes() {
        return driver.app("big").processes().stream()
                .map(ProcessStatus::note)
                .filter(note -> note != null)
                .toList();
    }
}
