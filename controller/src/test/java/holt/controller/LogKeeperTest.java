package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;

import holt.bus.EmbeddedBus;
import holt.model.LogLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogKeeperTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123456Z");
    private static final LogQuery ALL = new LogQuery(LogQuery.MAX_LINES, null, null);

    @TempDir
    Path folder;

    private Instant now = Instant.now();
    private LogKeeper keeper;

    @BeforeEach
    void start() throws IOException {
        keeper = keeper(64 << 10);
    }

    private LogKeeper keeper(long bytes) throws IOException {
        InstantSource clock = () -> now;
        LogKeeper made = new LogKeeper(folder, bytes, new EmbeddedBus(), clock);
        made.start();
        return made;
    }

    private static LogLine line(String text) {
        return new LogLine(NOW, "shop", 0, 2, "out", text);
    }

    private static List<LogLine> lines(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> line("line " + i))
                .toList();
    }

    private long bytesKept() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("shop"))) {
            long total = 0;
            for (Path file : files.toList()) {
                total += Files.size(file);
            }
            return total;
        }
    }

    @Test
    void keepsTheNewestLinesWithinTheBound() throws IOException {
        for (int i = 0; i < 500; i++) {
            keeper.append("shop", lines(i * 20, 20));
            assertThat(bytesKept()).isLessThanOrEqualTo(64 << 10);
        }
        assertThat(keeper.read("shop", new LogQuery(3, null, null)))
                .extracting(LogLine::text)
                .containsExactly("line 9997", "line 9998", "line 9999");
        assertThat(keeper.read("shop", ALL)).hasSizeGreaterThan(500);
    }

    @Test
    void goesOnAfterARestart() throws IOException {
        keeper.append("shop", lines(0, 5));
        keeper.close();
        LogKeeper next = keeper(64 << 10);
        next.append("shop", lines(5, 5));

        assertThat(next.numbered("shop", ALL))
                .extracting(AppLog.Numbered::number)
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(next.read("shop", ALL)).isEqualTo(lines(0, 10));
    }

    @Test
    void readsOverALineThatACrashCutOff() throws IOException {
        keeper.append("shop", lines(0, 5));
        Path segment;
        try (Stream<Path> files = Files.list(folder.resolve("shop"))) {
            segment = files.findFirst().orElseThrow();
        }
        Files.write(segment, "17322\t0".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
        LogKeeper next = keeper(64 << 10);
        next.append("shop", lines(5, 1));

        assertThat(next.read("shop", ALL)).isEqualTo(lines(0, 6));
        assertThat(next.numbered("shop", ALL))
                .extracting(AppLog.Numbered::number)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void letsOnlyTheOwnerRead() throws IOException {
        keeper.append("shop", lines(0, 1));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("shop"))))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(folder.resolve("shop"))) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void tellsASlowFollowerHowMuchItLostAndHoldsUpNobody() throws Exception {
        try (LogFollower slow = keeper.follow("shop", ALL);
                LogFollower other = keeper.follow("shop", new LogQuery(1, null, 1))) {
            keeper.append("shop", lines(0, 10_000));
            keeper.append("shop", List.of(new LogLine(NOW, "shop", 1, 3, "err", "mine")));

            assertThat(slow.lost()).isGreaterThan(5000);
            assertThat(slow.lost()).isZero();
            assertThat(slow.next(Duration.ZERO).line().text()).isEqualTo("line 0");
            assertThat(other.next(Duration.ZERO).line().text()).isEqualTo("mine");
            assertThat(other.lost()).isZero();
        }
    }

    @Test
    void goesOnWithFollowersWhenTheDiskDoesNotTakeLines() throws Exception {
        keeper.append("shop", lines(0, 2));
        try (Stream<Path> files = Files.list(folder.resolve("shop"))) {
            Path segment = files.findFirst().orElseThrow();
            Files.delete(segment);
            Files.createDirectory(segment);
        }
        try (LogFollower follower = keeper.follow("shop", ALL)) {
            keeper.append("shop", lines(2, 1));
            assertThat(follower.next(Duration.ZERO).line().text()).isEqualTo("line 2");
        }
        keeper.append("shop", lines(3, 1));
    }

    @Test
    void forgetsAnAppAndSweepsThoseThatNobodyKnows() throws IOException {
        keeper.append("shop", lines(0, 1));
        keeper.forget("shop");
        assertThat(folder.resolve("shop")).doesNotExist();
        keeper.append("shop", lines(1, 1));
        keeper.append("kept", lines(1, 1));

        keeper.sweep(Set.of("kept"));
        assertThat(folder.resolve("shop")).exists();
        now = now.plus(1, ChronoUnit.HOURS);
        keeper.sweep(Set.of("kept"));
        assertThat(folder.resolve("shop")).doesNotExist();
        assertThat(folder.resolve("kept")).exists();
        assertThat(keeper.read("shop", ALL)).isEmpty();
    }

    @Property(tries = 500)
    void writesEachLineAsOneLineThatReadsBack(@ForAll String text, @ForAll int index, @ForAll long pid) {
        LogLine line = new LogLine(NOW, "shop", index, pid, "err", text);
        String written = LogCodec.write(line);
        assertThat(written.indexOf('\n')).isEqualTo(written.length() - 1);
        assertThat(LogCodec.read("shop", written.substring(0, written.length() - 1)))
                .hasValue(new LogLine(
                        NOW, "shop", index, pid, "err", text.replace('\n', ' ').replace('\r', ' ')));
    }

    @Property(tries = 500)
    void readsAnyTextWithoutAFault(@ForAll String text) {
        assertThat(LogCodec.read("shop", text)).isNotNull();
    }
}
