package holt.store;

import static holt.store.TestData.NOW;
import static holt.store.TestData.app;
import static holt.store.TestData.event;
import static holt.store.TestData.process;
import static holt.store.TestData.release;
import static holt.store.TestData.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import holt.model.Api;
import holt.model.Change;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.ProblemException;
import holt.model.Release;
import holt.model.Truth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TruthStoreTest {
    @TempDir
    Path folder;

    private Path file;
    private TruthStore store;

    @BeforeEach
    void open() {
        file = folder.resolve("state/truth.db");
        store = TruthStore.open(file);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void reopen() {
        store.close();
        store = TruthStore.open(file);
    }

    private void commit(Change... changes) {
        store.commit(List.of(changes));
    }

    @Test
    void anewFileHoldsTheEmptyTruth() {
        assertThat(store.load()).isEqualTo(Truth.empty());
    }

    @Test
    void everythingComesBackAsItWasCommittedAfterARestart() {
        commit(
                new Change.PutApp(app("shop", 2, 1)),
                new Change.PutRelease(release("shop", 1)),
                new Change.PutRelease(release("shop", 2)),
                new Change.PutProcess(process("shop", 7, 2)),
                new Change.PutProcess(waiting("shop", 8)),
                new Change.AddEvent(event(1, "shop")));
        reopen();
        assertThat(store.load())
                .isEqualTo(new Truth(
                        List.of(app("shop", 2, 1)),
                        List.of(release("shop", 1), release("shop", 2)),
                        List.of(process("shop", 7, 2), waiting("shop", 8)),
                        8,
                        1));
        assertThat(store.events("shop", 0, 10)).containsExactly(event(1, "shop"));
    }

    @Test
    void puttingAgainReplaces() {
        Release live = release("shop", 1).withState(Release.State.LIVE, null);
        commit(
                new Change.PutApp(app("shop", 1, 0)),
                new Change.PutRelease(release("shop", 1)),
                new Change.PutProcess(process("shop", 7, 1)));
        commit(
                new Change.PutApp(app("shop", 1, 1)),
                new Change.PutRelease(live),
                new Change.PutProcess(waiting("shop", 7)));
        assertThat(store.load())
                .isEqualTo(new Truth(List.of(app("shop", 1, 1)), List.of(live), List.of(waiting("shop", 7)), 7, 0));
    }

    @Test
    void deletingAnAppTakesItsReleasesAndProcessesAndLeavesEventsAndOthers() {
        commit(
                new Change.PutApp(app("shop", 1, 1)),
                new Change.PutRelease(release("shop", 1)),
                new Change.PutProcess(process("shop", 7, 1)),
                new Change.AddEvent(event(1, "shop")),
                new Change.PutApp(app("blog", 1, 1)),
                new Change.PutProcess(process("blog", 8, 1)));
        commit(new Change.DeleteApp("shop"));
        Truth truth = store.load();
        assertThat(truth.apps()).containsExactly(app("blog", 1, 1));
        assertThat(truth.releases()).isEmpty();
        assertThat(truth.processes()).containsExactly(process("blog", 8, 1));
        assertThat(store.events("shop", 0, 10)).hasSize(1);
    }

    @Test
    void pidsOfRowsThatAreGoneAreNeverGivenOutAgain() {
        commit(new Change.PutProcess(process("shop", 70, 1)));
        commit(new Change.DeleteProcess(70));
        reopen();
        assertThat(store.load().lastPid()).isEqualTo(70);
    }

    @Test
    void aCommitThatFailsInTheMiddleChangesNothing() {
        commit(new Change.AddEvent(event(1, "shop")));
        ProblemException refused = catchThrowableOfType(
                ProblemException.class,
                () -> commit(new Change.PutApp(app("shop", 1, 0)), new Change.AddEvent(event(1, "shop"))));
        assertThat(refused.problem().code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(store.load().apps()).isEmpty();
        commit(new Change.PutApp(app("shop", 1, 0)));
        assertThat(store.load().apps()).hasSize(1);
    }

    @Test
    void eventsAreReadFromEitherEndAndByApp() {
        for (long id = 1; id <= 6; id++) {
            commit(new Change.AddEvent(event(id, id % 2 == 0 ? "even" : "odd")));
        }
        assertThat(store.events("even", 2, 10)).extracting(Event::id).containsExactly(4L, 6L);
        assertThat(store.events(null, 0, 3)).extracting(Event::id).containsExactly(1L, 2L, 3L);
        assertThat(store.latestEvents("odd", 2)).extracting(Event::id).containsExactly(3L, 5L);
        assertThat(store.latestEvents(null, 2)).extracting(Event::id).containsExactly(5L, 6L);
        assertThat(store.events("nobody", 0, 10)).isEmpty();
    }

    @Test
    void releasesComeNewestFirst() {
        commit(new Change.PutRelease(release("shop", 1)), new Change.PutRelease(release("shop", 2)));
        assertThat(store.releases("shop")).containsExactly(release("shop", 2), release("shop", 1));
    }

    @Test
    void tokensAreFoundByTheirHashUntilTheyAreDeleted() {
        TokenRow token = new TokenRow("t1", "laptop", "admin", "h".repeat(64), NOW, null);
        store.insertToken(token);
        assertThat(store.tokenByHash(token.hash())).contains(token);
        assertThat(store.tokenByHash("other")).isEmpty();

        store.touchToken("t1", NOW.plusNanos(1));
        assertThat(store.tokens())
                .containsExactly(new TokenRow("t1", "laptop", "admin", token.hash(), NOW, NOW.plusNanos(1)));

        assertThat(store.deleteToken("t1")).isTrue();
        assertThat(store.deleteToken("t1")).isFalse();
        assertThat(store.tokenByHash(token.hash())).isEmpty();
    }

    @Test
    void aBuildThatWasUnderWayIsFailedAfterARestartAndOthersAreNot() {
        store.saveBuild(build("b1", BuildRow.STAGING));
        store.saveBuild(build("b2", BuildRow.STAGING));
        store.saveBuild(build("b2", BuildRow.SUCCEEDED));
        reopen();
        Api.Build failed = store.loadBuild("b1").orElseThrow().build();
        assertThat(failed.state()).isEqualTo(BuildRow.FAILED);
        assertThat(failed.detail()).contains("The server was restarted");
        assertThat(failed.log()).containsExactly("one", "two");
        assertThat(store.loadBuild("b2")).contains(build("b2", BuildRow.SUCCEEDED));
        assertThat(store.loadBuild("b3")).isEmpty();
    }

    private static BuildRow build(String id, String state) {
        Api.Build build = new Api.Build(id, state, null, "node", null, null, null, List.of("one", "two"));
        return new BuildRow(build, null, "a".repeat(64), NOW);
    }

    @Test
    void onlyThePlatformsUserMayReadTheTruth() throws IOException {
        commit(new Change.AddEvent(event(1, "shop")));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        try (var files = Files.list(file.getParent())) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void oldReleasesAreForgottenAndThoseInUseAreNot() {
        List<Change> changes = new ArrayList<>();
        LongStream.rangeClosed(1, 60).forEach(version -> changes.add(new Change.PutRelease(release("shop", version))));
        changes.add(new Change.PutApp(app("shop", 60, 2)));
        changes.add(new Change.PutProcess(process("shop", 7, 3)));
        changes.add(new Change.PutRelease(release("blog", 1)));
        store.commit(changes);
        reopen();
        assertThat(store.releases("shop"))
                .extracting(Release::version)
                .hasSize(52)
                .contains(2L, 3L, 11L, 60L)
                .doesNotContain(1L, 4L, 10L);
        assertThat(store.releases("blog")).hasSize(1);
    }

    @Test
    void oldEventsAreForgottenAndTheNumberingGoesOn() {
        commit(new Change.AddEvent(event(1, "shop")), new Change.AddEvent(event(100_001, "shop")));
        reopen();
        assertThat(store.events(null, 0, 10)).extracting(Event::id).containsExactly(100_001L);
        assertThat(store.load().lastEventId()).isEqualTo(100_001);
    }

    @Test
    void readersSeeNoHalfOfACommit() throws InterruptedException {
        Thread writer = Thread.ofVirtual().start(() -> {
            for (long n = 1; n <= 300; n++) {
                commit(new Change.PutProcess(process("shop", n + 1, 1)), new Change.AddEvent(event(n, "shop")));
            }
        });
        while (writer.isAlive()) {
            Truth truth = store.load();
            assertThat(truth.processes()).hasSize((int) truth.lastEventId());
        }
        writer.join();
        assertThat(store.load().lastEventId()).isEqualTo(300);
    }

    @Test
    void aFileOfANewerHoltIsRefused() throws Exception {
        store.close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE flyway_schema_history SET version = '99'");
        }
        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> TruthStore.open(file).close());
        assertThat(refused).hasMessageContaining("newer Holt").hasMessageContaining("99");
        store = TruthStore.open(folder.resolve("other.db"));
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndLeftAlone() throws IOException {
        Path letter = Files.writeString(folder.resolve("letter.txt"), "Dear Sir or Madam, ".repeat(100));
        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> TruthStore.open(letter).close());
        assertThat(refused.problem().code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(refused).hasMessageContaining("letter.txt");
        assertThat(letter).content().startsWith("Dear Sir");
    }
}
