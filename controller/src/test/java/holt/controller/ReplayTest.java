package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.bus.EmbeddedBus;
import holt.kernel.Brain;
import holt.kernel.ClusterSettings;
import holt.kernel.Effect;
import holt.kernel.Input;
import holt.model.AppCommand;
import holt.model.Change;
import holt.model.ErrorCode;
import holt.model.HostReport;
import holt.model.Limits;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Readiness;
import holt.model.RouterReport;
import holt.model.Truth;
import holt.store.TruthStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recording and replaying. No recording is kept with the sources: it would pin every decision of the kernel, and each
 * change of a rule would have to make it anew, which proves nothing that the kernel's own tests do not. What a replay
 * does prove, that the same inputs lead to the same effects in another process, is tried here with recordings made on
 * the spot and in e2e's RecordingTest with the real platform's.
 */
class ReplayTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456789Z");

    @TempDir
    Path home;

    private Path file;

    @BeforeEach
    void name() {
        file = home.resolve("recording.jsonl");
    }

    /** Two brains: one with an app that runs, one that begins with what the first committed. */
    private void record(long maxBytes) {
        try (Recorder recorder = Recorder.open(file, maxBytes)) {
            Brain brain = brain(recorder, Truth.empty());
            brain.start(NOON);
            brain.handle(new Input.HostReported(host(1)), NOON.plusMillis(1));
            brain.handle(new Input.Command(1, put("shop")), NOON.plusMillis(2));
            brain.handle(new Input.Command(2, put("no such name!")), NOON.plusMillis(3));
            brain.handle(new Input.Command(3, new AppCommand.ScaleApp("shop", 3, false, "t")), NOON.plusMillis(4));
            brain.handle(new Input.RouterReported(new RouterReport("r", List.of())), NOON.plusMillis(5));
            brain.handle(new Input.RoutesWanted(4), NOON.plusMillis(6));
            brain.handle(new Input.Woken(), NOON.plusSeconds(20));
            brain.handle(new Input.HostReported(host(2)), NOON.minusSeconds(100));
        }
        try (Recorder recorder = Recorder.open(file, maxBytes)) {
            Brain brain = brain(recorder, Truth.empty());
            brain.start(NOON.plusSeconds(30));
            brain.handle(new Input.RoutesWanted(1), NOON.plusSeconds(31));
        }
    }

    private static Brain brain(Recorder recorder, Truth truth) {
        return recorder.brain(
                truth,
                UUID.randomUUID().toString(),
                ClusterSettings.standard("localhost"),
                () -> UUID.randomUUID().toString());
    }

    private static HostReport host(long sequence) {
        return new HostReport("h1", "e1", sequence, "container", "crun", List.of(), 2, 4L << 30, 0, NOON, List.of());
    }

    private static AppCommand put(String app) {
        return new AppCommand.PutApp(
                app,
                true,
                2,
                List.of(app + ".localhost"),
                true,
                new AppCommand.ReleaseContent(
                        "sha256:0", "static", "run", "sealed", Limits.standard(), Readiness.port()),
                "t");
    }

    private List<String> lines() throws IOException {
        return new ArrayList<>(Files.readAllLines(file));
    }

    private void write(List<String> lines) throws IOException {
        Files.write(file, lines);
    }

    @Test
    void decidesAgainWhatWasDecided() throws IOException {
        record(Recorder.MAX_BYTES);
        Replay.Result result = Replay.of(file);

        assertThat(result.difference()).isNull();
        assertThat(result.brains()).isEqualTo(2);
        assertThat(result.inputs()).isEqualTo(9);
        assertThat(result.effects()).isGreaterThan(10);
        assertThat(result.torn()).isFalse();
        assertThat(String.join("", lines())).contains("\"type\":\"Ask\"");
    }

    /** A commit that fails costs a brain: what it decided last is recorded all the same, and so is its successor. */
    @Test
    void recordsTheLoopThroughAFailedCommit() {
        FailingStore store = new FailingStore(TruthStore.open(home.resolve("truth.db")));
        try (EmbeddedBus bus = new EmbeddedBus();
                Recorder recorder = Recorder.open(file, Recorder.MAX_BYTES)) {
            ControlLoop loop =
                    new ControlLoop(bus, store, truth -> brain(recorder, truth), InstantSource.system(), events -> {});
            loop.start();
            loop.command(put("before"));
            assertThatThrownBy(() -> loop.command(put("lost"))).isInstanceOf(ProblemException.class);
            loop.command(put("after"));
            loop.close();
        } finally {
            store.store.close();
        }
        Replay.Result result = Replay.of(file);
        assertThat(result.difference()).isNull();
        assertThat(result.brains()).isEqualTo(2);
        assertThat(result.inputs()).isGreaterThanOrEqualTo(3);
    }

    private static boolean makesLost(Change change) {
        return change instanceof Change.PutApp put && put.app().name().equals("lost");
    }

    /** Has no space for the app "lost". */
    private static final class FailingStore implements ControlLoop.Store {
        final TruthStore store;

        FailingStore(TruthStore store) {
            this.store = store;
        }

        @Override
        public Truth load() {
            return store.load();
        }

        @Override
        public void commit(List<Change> changes) {
            if (changes.stream().anyMatch(ReplayTest::makesLost)) {
                throw Problem.of(ErrorCode.STORAGE_FULL, "There is no space left.")
                        .exception();
            }
            store.commit(changes);
        }
    }

    @Test
    void nobodyElseCanReadARecording() throws IOException {
        record(Recorder.MAX_BYTES);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void showsTheFirstDecisionThatIsAnotherOne() throws IOException {
        record(Recorder.MAX_BYTES);
        List<String> lines = lines();
        RecordedLine.Step step = (RecordedLine.Step) RecordingCodec.read(lines.get(4), RecordedLine.class);
        List<Effect> others = new ArrayList<>(step.effects());
        others.set(0, new Effect.Persist(List.of(new Change.DeleteApp("shop"))));
        lines.set(
                4,
                RecordingCodec.text(new RecordedLine.Step(step.at(), step.input(), step.ids(), others, step.fault())));
        write(lines);

        Replay.Difference difference = Replay.of(file).difference();
        assertThat(difference).isNotNull();
        assertThat(difference.line()).isEqualTo(5);
        assertThat(difference.input()).contains("ScaleApp");
        assertThat(difference.recorded()).contains("DeleteApp");
        assertThat(difference.now()).contains("Persist").doesNotContain("DeleteApp");
    }

    @Test
    void findsAnInputThatIsMissing() throws IOException {
        record(Recorder.MAX_BYTES);
        List<String> lines = lines();
        lines.remove(1);
        write(lines);
        assertThat(Replay.of(file).difference()).isNotNull();
    }

    @Test
    void findsIdsThatNobodyDrawsOrThatAreMissing() throws IOException {
        record(Recorder.MAX_BYTES);
        List<String> whole = lines();
        int drawing = 0;
        while (!whole.get(drawing).contains("\"ids\":[\"")) {
            drawing++;
        }
        List<String> more = new ArrayList<>(whole);
        more.set(drawing, whole.get(drawing).replace("\"ids\":[", "\"ids\":[\"other\","));
        write(more);
        assertThat(Replay.of(file).difference()).isNotNull();
        List<String> fewer = new ArrayList<>(whole);
        fewer.set(drawing, whole.get(drawing).replaceFirst("\"ids\":\\[[^\\]]*\\]", "\"ids\":[]"));
        write(fewer);
        assertThat(Replay.of(file).difference()).isNotNull();
    }

    @Test
    void leavesOutWhatAKilledServerWroteInPart() throws IOException {
        record(Recorder.MAX_BYTES);
        String text = Files.readString(file);
        for (int cut : new int[] {1, 2, 100}) {
            Files.writeString(file, text.substring(0, text.length() - cut));
            Replay.Result result = Replay.of(file);
            assertThat(result.difference()).isNull();
            assertThat(result.torn()).isTrue();
        }
    }

    @Test
    void goesOnAfterWhatAKilledServerWroteInPart() throws IOException {
        record(Recorder.MAX_BYTES);
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 100));
        record(Recorder.MAX_BYTES);

        Replay.Result result = Replay.of(file);
        assertThat(result.difference()).isNull();
        assertThat(result.brains()).isEqualTo(4);
        assertThat(result.inputs()).isEqualTo(17);
    }

    @Test
    void stopsWhenTheFileIsFullAndIsStillOfUse() throws IOException {
        record(8_000);
        assertThat(Files.size(file)).isBetween(1L, 8_000L);
        Replay.Result result = Replay.of(file);
        assertThat(result.difference()).isNull();
        assertThat(result.inputs()).isPositive().isLessThan(9);
    }

    @Test
    void namesTheLineThatIsDamagedAndWhatWasExpected() throws IOException {
        record(Recorder.MAX_BYTES);
        List<String> whole = lines();
        for (String damage : new String[] {"", "null", "{}", "{\"type\":\"Step\"}", "nonsense", "\u0000"}) {
            List<String> lines = new ArrayList<>(whole);
            lines.set(2, damage);
            write(lines);
            assertThatThrownBy(() -> Replay.of(file))
                    .as(damage)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("line 3")
                    .hasMessageContaining("Expected: a line of JSON");
        }
    }

    @Test
    void namesARecordingOfAnotherFormatAndOneWithoutABeginning() throws IOException {
        record(Recorder.MAX_BYTES);
        List<String> whole = lines();
        List<String> other = new ArrayList<>(whole);
        other.set(0, whole.getFirst().replace("\"format\":1", "\"format\":2"));
        write(other);
        assertThatThrownBy(() -> Replay.of(file)).hasMessageContaining("format 2");
        write(whole.subList(1, whole.size()));
        assertThatThrownBy(() -> Replay.of(file))
                .hasMessageContaining("line 1")
                .hasMessageContaining("beginning of a brain");
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatThrownBy(() -> Replay.of(home.resolve("none")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("none");
    }

    @Test
    void anEmptyRecordingHoldsNothing() throws IOException {
        Files.createFile(file);
        assertThat(Replay.of(file)).isEqualTo(new Replay.Result(0, 0, 0, false, null));
    }
}
