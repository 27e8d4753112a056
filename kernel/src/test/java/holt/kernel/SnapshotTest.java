package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SnapshotTest {
    private final Driver driver = new Driver();

    @Test
    void isTheSameWhileNothingChanges() {
        driver.push("hello", 1, "d");

        assertThat(driver.cluster.snapshot()).isSameAs(driver.cluster.snapshot());
    }

    @Test
    void keepsWhatItSaidWhenTheBrainGoesOn() {
        driver.push("hello", 1, "d");
        ClusterView before = driver.cluster.snapshot();
        driver.push("hello", 3, "d");

        assertThat(before.app("hello").orElseThrow().app().instances()).isEqualTo(1);
        assertThat(before.processes()).hasSize(1);
        assertThatThrownBy(() -> before.apps().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void remakesOnlyTheAppsThatChanged() {
        driver.push("hello", 1, "d");
        driver.push("other", 1, "d");
        AppStatus hello = driver.app("hello");
        driver.push("other", 2, "d");

        assertThat(driver.app("hello")).isSameAs(hello);
    }

    @Test
    void showsTheTruthBeforeTheBrainHasStarted() {
        driver.push("hello", 1, "d");

        Cluster fresh = new Cluster(driver.store.truth(), "epoch-9", ClusterSettings.standard("localhost"), () -> "id");

        assertThat(fresh.snapshot().app("hello")).isPresent();
    }

    @Test
    void computesCpuFromTwoReports() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        var first = driver.reportOf(pid, holt.model.ProcessState.RUNNING, null);
        driver.tell(new Input.ProcessReported(first));
        driver.now = driver.now.plusSeconds(2);
        var second = driver.reportOf(pid, holt.model.ProcessState.RUNNING, null);
        driver.tell(new Input.ProcessReported(new holt.model.ProcessReport(
                second.host(),
                second.epoch(),
                second.sequence(),
                pid,
                1,
                second.instanceId(),
                "hello",
                0,
                1,
                second.state(),
                second.address(),
                second.port(),
                second.startedAt(),
                5 * Driver.MEGABYTE,
                1_000_000_000,
                null)));

        ProcessStatus status = driver.cluster.snapshot().process(pid).orElseThrow();
        assertThat(status.cpuPercent()).isEqualTo(50.0);
        assertThat(status.memoryBytes()).isEqualTo(5 * Driver.MEGABYTE);
    }

    @Test
    void whatIsUsedIsSeenFromTimeToTimeOnly() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        driver.pass(java.time.Duration.ofSeconds(2));
        AppStatus before = driver.app("hello");
        driver.now = driver.now.plusSeconds(1);
        driver.tell(new Input.ProcessReported(driver.reportOf(pid, holt.model.ProcessState.RUNNING, null)));
        assertThat(driver.app("hello")).isSameAs(before);

        driver.pass(java.time.Duration.ofSeconds(1));

        assertThat(driver.app("hello")).isNotSameAs(before);
    }

    @Test
    void aReportInWhichNothingChangesChangesNoApp() {
        driver.host("alpha", 1000);
        long pid = driver.serving("hello", 1).getFirst();
        var report = driver.reportOf(pid, holt.model.ProcessState.RUNNING, null);
        driver.report("alpha", 1000, java.util.List.of(report));
        driver.pass(java.time.Duration.ofSeconds(5));
        driver.report("alpha", 1000, java.util.List.of(report));
        AppStatus before = driver.app("hello");
        driver.pass(java.time.Duration.ofSeconds(5));

        driver.report("alpha", 1000, java.util.List.of(report));

        assertThat(driver.app("hello")).isSameAs(before);
    }
}
