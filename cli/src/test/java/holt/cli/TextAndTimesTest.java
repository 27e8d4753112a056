package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TextAndTimesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void spansAreToldInTheirTwoLargestUnits() {
        assertThat(Times.span(Duration.ofSeconds(-3))).isEqualTo("0s");
        assertThat(Times.span(Duration.ofSeconds(59))).isEqualTo("59s");
        assertThat(Times.span(Duration.ofSeconds(61))).isEqualTo("1m 1s");
        assertThat(Times.span(Duration.ofMinutes(125))).isEqualTo("2h 5m");
        assertThat(Times.span(Duration.ofHours(49))).isEqualTo("2d 1h");
    }

    @Test
    void pointsInTimeCanBeWrittenInManyWays() {
        ZoneId zone = ZoneOffset.ofHours(9);
        assertThat(Times.since("90s", NOW, zone)).isEqualTo("2026-11-21T11:58:30Z");
        assertThat(Times.since("1d", NOW, zone)).isEqualTo("2026-11-20T12:00:00Z");
        assertThat(Times.since("20:30", NOW, zone)).isEqualTo("2026-11-21T11:30:00Z");
        assertThat(Times.since("9:05:10", NOW, zone)).isEqualTo("2026-11-21T00:05:10Z");
        assertThat(Times.since("22:00", NOW, zone)).isEqualTo("2026-11-20T13:00:00Z");
        assertThat(Times.since("2026-11-21", NOW, zone)).isEqualTo("2026-11-20T15:00:00Z");
        assertThat(Times.since("2026-11-21 10:00", NOW, zone)).isEqualTo("2026-11-21T01:00:00Z");
        assertThat(Times.since("2026-11-21T10:00:00Z", NOW, zone)).isEqualTo("2026-11-21T10:00:00Z");
    }

    @Test
    void stampsHaveTheirDateWhereItIsNotToday() {
        assertThat(Times.stamp(NOW.plusMillis(7), NOW, ZoneOffset.UTC)).isEqualTo("12:00:00.007");
        assertThat(Times.stamp(NOW.minusSeconds(86_400), NOW, ZoneOffset.UTC)).isEqualTo("2026-11-20 12:00:00.000");
    }

    @Test
    void nearWordsAreFound() {
        List<String> words = List.of("push", "ps", "apps", "app", "restart", "start", "stop", "--follow");
        assertThat(Mistakes.near("psuh", words)).first().isEqualTo("push");
        assertThat(Mistakes.near("strat", words)).contains("start");
        assertThat(Mistakes.near("rest", words)).contains("restart");
        assertThat(Mistakes.near("--folow", words)).containsExactly("--follow");
        assertThat(Mistakes.near("xyzzy", words)).isEmpty();
    }

    @Test
    void assignmentsKeepAllBehindTheFirstEqualsSign() {
        assertThat(Assignments.parse(List.of("A=b=c", "B=", "A=d")))
                .containsEntry("A", "d")
                .containsEntry("B", "");
    }

    @Test
    void progressIsDrawnFromEmptyToFull() {
        Cli cli = new Cli(java.nio.file.Path.of("/tmp"));
        cli.onTerminal(80, false);
        long[] nanos = {0};
        Progress progress = new Progress(new Output(cli.context(), false), () -> nanos[0], 200);
        assertThat(progress.line()).contains("─".repeat(28), "  0%", "0B of 200B");
        nanos[0] = 1_000_000_000L;
        progress.advance(100);
        assertThat(progress.line()).contains("━".repeat(14) + "─".repeat(14), " 50%", "100B/s");
        progress.advance(1_000);
        assertThat(progress.line()).contains("100%");
    }

    @Property(tries = 300)
    void wrappingLosesNoWordAndKeepsTheWidth(
            @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 12) Integer> lengths) {
        String text = String.join(" ", lengths.stream().map("x"::repeat).toList());
        String wrapped = Text.wrapped(text, 20);
        assertThat(wrapped.replace('\n', ' ')).isEqualTo(text);
        assertThat(wrapped.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(20));
    }

    @Property(tries = 300)
    void printableTextHasNoControlCharacter(@ForAll String text) {
        assertThat(Text.printable(text).chars()).noneMatch(Character::isISOControl);
        assertThat(LogText.forScreen(text + "\u001b[31m" + text)
                        .replaceAll("\u001b\\[[0-9;]*m", "")
                        .chars())
                .noneMatch(Character::isISOControl);
    }

    @Test
    void spareColumnsAreLeftOutFromTheRightBeforeTextBecomesUnreadable() {
        Table table = new Table("NAME", "->AGE", "-HOST", "~NOTE");
        table.row("n".repeat(10), "5m", "box", "o".repeat(40));
        assertThat(headings(table, 60)).isEqualTo("NAME        AGE  HOST  NOTE");
        assertThat(headings(table, 44)).isEqualTo("NAME        AGE  NOTE");
        assertThat(headings(table, 30)).isEqualTo("NAME        NOTE");
        assertThat(headings(table, 5)).isEqualTo("NAME        NOTE");
    }

    private static String headings(Table table, int width) {
        return table.lines(new Terminal(false, true, true, false, true, () -> width))
                .getFirst();
    }

    @Property(tries = 300)
    void tablesFitWhereTheirColumnsMayShrink(
            @ForAll @IntRange(min = 30, max = 120) int width,
            @ForAll @Size(min = 1, max = 5) List<@IntRange(max = 80) Integer> lengths) {
        Table table = new Table("~NAME", ">COUNT", "~REST");
        lengths.forEach(length -> table.row("n".repeat(length), 7, "r".repeat(80 - length)));
        Terminal terminal = new Terminal(false, true, true, false, true, () -> width);
        assertThat(table.lines(terminal))
                .hasSize(lengths.size() + 1)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
    }
}
