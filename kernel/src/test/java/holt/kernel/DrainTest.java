package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.AppCommand;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.Exit;
import holt.model.ProcessState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Hosts that are emptied without a failed request. */
class DrainTest {
    private final Driver driver = new Driver(PATIENT);

    /** Hosts here speak only once: nobody is lost for it. */
    private static final ClusterSettings PATIENT = patient(ClusterSettings.standard("localhost"));

    private static ClusterSettings patient(ClusterSettings usual) {
        return new ClusterSettings(
                usual.domain(),
                Duration.ofHours(1),
                usual.drainLimit(),
                usual.stopGrace(),
                usual.confirmAfter(),
                usual.startMargin(),
                usual.refusalDelay(),
                usual.refusalMaxDelay(),
                usual.refusalLimit(),
                usual.routesInterval(),
                usual.restart(),
                usual.bounds(),
                usual.trees());
    }

    private Effect.Reply drain(String host) {
        return driver.command(new AppCommand.DrainHost(host, false, "ann"));
    }

    private DrainStatus status(String host) {
        return driver.cluster.snapshot().hosts().get(host).drain();
    }

    @Test
    void theReplacementServesBeforeTheOldOneLeaves() {
        driver.host("alpha", 4000);
        long pid = driver.serving("shop", 1).getFirst();
        driver.host("beta", 4000);

        drain("alpha");

        long fresh = driver.starts().getFirst().pid();
        assertThat(driver.row(fresh).host()).isEqualTo("beta");
        assertThat(driver.stops()).isEmpty();
        assertThat(driver.endpoints("shop.localhost")).containsExactly(pid);
        driver.running(fresh);
        assertThat(driver.endpoints("shop.localhost")).containsExactly(fresh);
        driver.pass(Duration.ofSeconds(30));
        assertThat(driver.stops()).containsExactly(pid);
        driver.exits(pid, Exit.Reason.STOPPED);
        assertThat(status("alpha").left()).isZero();
        assertThat(driver.store.events).extracting(Event::kind).contains(Event.HOST_DRAINING, Event.HOST_DRAINED);
    }

    @Test
    void nothingNewIsPlacedThereUntilItIsTakenBack() {
        driver.host("alpha", 4000);
        driver.host("beta", 500);
        drain("alpha");
        driver.push("shop", 3, "d1");
        assertThat(driver.starts())
                .hasSize(1)
                .allMatch(spec -> "beta".equals(driver.row(spec.pid()).host()));
        driver.command(new AppCommand.UndrainHost("alpha", "ann"));
        assertThat(driver.starts())
                .hasSize(2)
                .allMatch(spec -> "alpha".equals(driver.row(spec.pid()).host()));
        assertThat(status("alpha")).isNull();
    }

    @Test
    void aDrainOfTheOnlyHostSaysAtOnceThatNothingCanMove() {
        driver.host("alpha", 4000);
        List<Long> pids = driver.serving("shop", 1);
        drain("alpha");
        assertThat(status("alpha").stuck())
                .containsExactly(new DrainStatus.Stuck(pids.getFirst(), "shop", 0, "there is no other host"));
        assertThat(driver.starts()).isEmpty();
        assertThat(driver.endpoints("shop.localhost")).isEqualTo(pids);
    }

    @Test
    void whatFindsNoRoomStaysAndGoesWhenThereIsSome() {
        driver.host("alpha", 4000);
        driver.serving("shop", 2);
        driver.host("beta", 100);
        drain("alpha");
        assertThat(status("alpha").stuck()).hasSize(2);
        assertThat(status("alpha").stuck().getFirst().reason())
                .isEqualTo("no host has 256M of memory free; the most is 100M on beta");
        driver.host("gamma", 4000);
        driver.pass(Duration.ofSeconds(6));
        assertThat(driver.starts())
                .hasSize(1)
                .allMatch(spec -> "gamma".equals(driver.row(spec.pid()).host()));
    }

    @Test
    void aNewBrainGoesOn() {
        driver.host("alpha", 4000);
        long pid = driver.serving("shop", 1).getFirst();
        drain("alpha");
        driver.boot();
        driver.report("alpha", 4000, List.of(driver.reportOf(pid, ProcessState.RUNNING, null)));
        driver.host("beta", 4000);
        driver.pass(Duration.ofSeconds(20));
        assertThat(driver.starts()).isNotEmpty();
        assertThat(driver.store.processes.values()).anyMatch(row -> "beta".equals(row.host()));
    }

    @Test
    void aMoveIsGivenUpWhenTheHostIsTakenBack() {
        driver.host("alpha", 4000);
        List<Long> pids = driver.serving("shop", 1);
        driver.host("beta", 4000);
        drain("alpha");
        driver.command(new AppCommand.UndrainHost("alpha", "ann"));
        assertThat(driver.endpoints("shop.localhost")).isEqualTo(pids);
        driver.pass(Duration.ofSeconds(30));
        assertThat(driver.store.processes.values())
                .filteredOn(row -> row.state() == ProcessState.RUNNING)
                .singleElement()
                .matches(row -> row.pid() == pids.getFirst());
    }

    @Test
    void aHostThatNobodyKnowsIsRefused() {
        Effect.Reply reply = drain("gamma");
        assertThat(reply.problem().code()).isEqualTo(ErrorCode.HOST_NOT_FOUND);
    }

    @Test
    void forkedProcessesStayWithTheirParentUnlessForced() {
        driver.host("alpha", 4000);
        long parent = driver.serving("shop", 1).getFirst();
        Effect.Reply forked = driver.command(new holt.model.ProcessCommand.Fork(
                "shop", parent, 1, List.of(), holt.model.RestartPolicy.NEVER, null, false, "", "ann"));
        long child = forked.pids().getFirst();
        driver.running(child);
        driver.host("beta", 4000);
        drain("alpha");
        assertThat(driver.starts()).isEmpty();
        assertThat(status("alpha").stuck()).extracting(DrainStatus.Stuck::pid).containsExactly(parent, child);
        driver.command(new AppCommand.DrainHost("alpha", true, "ann"));
        assertThat(driver.starts()).hasSize(1);
        assertThat(driver.row(child).state()).isEqualTo(ProcessState.STOPPING);
    }

    /** Never fewer endpoints than instances, never a start on the drained host, and in the end it is empty. */
    @Property(tries = 60)
    void noRequestFindsFewerInstancesBecauseOfADrain(@ForAll long seed) {
        Random random = new Random(seed);
        Driver each = new Driver(PATIENT);
        each.host("alpha", 8000);
        List<String> apps = new ArrayList<>();
        int instances = 0;
        for (int app = 0; app < 1 + random.nextInt(4); app++) {
            int count = 1 + random.nextInt(4);
            instances += count;
            each.serving("app-" + app, count);
            apps.add("app-" + app);
        }
        each.host("beta", 8000);
        each.host("gamma", 8000);
        each.command(new AppCommand.DrainHost("alpha", false, "ann"));
        Set<Long> stopping = new HashSet<>();
        for (int round = 0;
                round < 400 && each.cluster.snapshot().hosts().get("alpha").processes() > 0;
                round++) {
            assertThat(each.starts())
                    .noneMatch(spec -> "alpha".equals(each.row(spec.pid()).host()));
            stopping.addAll(each.stops());
            List<Long> starting = each.store.processes.values().stream()
                    .filter(row -> row.state() == ProcessState.STARTING)
                    .map(holt.model.Process::pid)
                    .toList();
            if (!starting.isEmpty() && random.nextBoolean()) {
                each.running(starting.get(random.nextInt(starting.size())));
            } else if (!stopping.isEmpty() && random.nextBoolean()) {
                long gone = stopping.iterator().next();
                stopping.remove(gone);
                each.exits(gone, Exit.Reason.STOPPED);
            } else {
                each.pass(Duration.ofSeconds(1 + random.nextInt(5)));
            }
            int served = apps.stream()
                    .mapToInt(app -> each.endpoints(app + ".localhost").size())
                    .sum();
            assertThat(served).isGreaterThanOrEqualTo(instances);
        }
        assertThat(each.cluster.snapshot().hosts().get("alpha").processes()).isZero();
    }
}
