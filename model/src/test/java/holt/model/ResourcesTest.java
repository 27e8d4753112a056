package holt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourcesTest {
    @Test
    void boundsWhatCannotBe() {
        Resources wild = new Resources(Long.MAX_VALUE, Long.MIN_VALUE, -1, 1_000_000_000_000_000_000L);

        assertThat(wild).isEqualTo(new Resources(Resources.MAX_BYTES, 0, 0, Resources.MAX_PIDS));
        assertThat(wild.plus(wild).memoryBytes()).isEqualTo(Resources.MAX_BYTES);
        assertThat(Resources.NONE.minus(wild)).isEqualTo(Resources.NONE);
    }

    @Test
    void theDominantShareIsTheLargest() {
        Resources capacity = new Resources(100, 100, 0, 100);

        assertThat(new Resources(10, 30, 0, 20).dominantShareOf(capacity)).isEqualTo(0.3);
        assertThat(new Resources(10, 30, 1, 20).dominantShareOf(capacity)).isEqualTo(1);
        assertThat(Resources.NONE.dominantShareOf(Resources.NONE)).isZero();
    }

    @Test
    void aReportOfAnOlderAgentIsUsable() {
        HostReport report = Json.read("""
                {"host":"h","epoch":"e","sequence":1,"backend":"plain","runtime":"","warnings":[],"cores":2,
                "memoryBytes":1000,"reservedBytes":10,"startedAt":"2026-11-21T12:00:00Z","processes":[]}""", HostReport.class);

        assertThat(report.capacity()).isEqualTo(Resources.ofMemory(1000));
        assertThat(report.reserved()).isEqualTo(new Resources(10, 0, 0, 0));
        assertThat(report.zone()).isEmpty();
        assertThat(report.tags()).isEmpty();
    }

    @Test
    void aReportSurvivesTheWire() {
        HostReport report = report("east-1", List.of("ssd", "gpu"));

        assertThat(Json.read(Json.bytes(report), HostReport.class)).isEqualTo(report);
        assertThat(report.tags()).containsExactly("gpu", "ssd");
    }

    @Test
    void tagsAndZonesThatCannotBeAreLeftOut() {
        HostReport report = report("No Zone", java.util.Arrays.asList("gpu", "", null, "UPPER", "x".repeat(65), "-a"));

        assertThat(report.zone()).isEmpty();
        assertThat(report.tags()).containsExactly("gpu");
        List<String> many = Collections.nCopies(1000, "t");
        assertThat(report("a", many).tags()).containsExactly("t");
    }

    @Test
    void aPlacementIsCheckedAsAWhole() {
        assertThat(new Placement(null, false, null)).isEqualTo(Placement.ANYWHERE);
        assertThatThrownBy(() -> new Placement(List.of("Not a tag"), false, null).check())
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> new Placement(null, false, List.of("UPPER")).check())
                .isInstanceOf(ProblemException.class);
        List<String> many = java.util.stream.IntStream.range(0, 33)
                .mapToObj(number -> "tag-" + number)
                .toList();
        assertThatThrownBy(() -> new Placement(many, false, null).check()).isInstanceOf(ProblemException.class);
    }

    private static HostReport report(String zone, List<String> tags) {
        return new HostReport(
                "h",
                "e",
                1,
                "plain",
                "",
                List.of(),
                2,
                1000,
                10,
                Instant.EPOCH,
                List.of(),
                new Resources(1000, 2000, 3000, 4000),
                Resources.NONE,
                zone,
                tags,
                null);
    }
}
