package holt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import holt.model.Change;
import holt.model.Digest;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a disk of one mebibyte. Needs root, because only root may mount one; ./verify runs it as root. */
class FullDiskTest {
    @TempDir
    Path home;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount a small disk");
        disk = Files.createDirectory(home.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "holt-test", disk.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        if (disk != null) {
            run("umount", disk.toString());
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        java.lang.Process program = new ProcessBuilder(command).inheritIO().start();
        assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isZero();
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(1).nextBytes(noise);
        return noise;
    }

    @Test
    void aBlobThatDoesNotFitIsRefusedAndItsRoomIsFreeAgain() throws IOException {
        FolderBlobs blobs = new FolderBlobs(disk.resolve("blobs"));
        byte[] tooMuch = noise(2 << 20);
        ProblemException refused = catchThrowableOfType(
                ProblemException.class,
                () -> blobs.put(Digest.of(tooMuch), new ByteArrayInputStream(tooMuch), tooMuch.length));
        assertThat(refused.problem().code()).isEqualTo(ErrorCode.STORAGE_FULL);
        assertThat(blobs.has(Digest.of(tooMuch))).isFalse();
        byte[] fits = noise(600 << 10);
        assertThat(blobs.bytes(blobs.putBytes(fits))).isEqualTo(fits);
    }

    @Test
    void aBatchThatDoesNotFitIsRefusedAndItsRoomIsFreeAgain() throws IOException {
        FolderBlobs blobs = new FolderBlobs(disk.resolve("blobs"));
        byte[] fits = noise(600 << 10);
        byte[] tooMuch = noise(800 << 10);
        try (Blobs.Batch batch = blobs.batch()) {
            batch.add(Digest.of(fits), new ByteArrayInputStream(fits), fits.length);
            ProblemException refused = catchThrowableOfType(
                    ProblemException.class,
                    () -> batch.add(Digest.of(tooMuch), new ByteArrayInputStream(tooMuch), tooMuch.length));
            assertThat(refused.problem().code()).isEqualTo(ErrorCode.STORAGE_FULL);
        }
        assertThat(blobs.has(Digest.of(fits))).isFalse();
        assertThat(blobs.bytes(blobs.putBytes(fits))).isEqualTo(fits);
    }

    @Test
    void anArchiveThatDoesNotFitIsRefused() {
        FolderBlobs blobs = new FolderBlobs(disk.resolve("blobs"));
        ZipPackage packages = new ZipPackage(blobs, disk.resolve("uploads"));
        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> packages.read(new ByteArrayInputStream(noise(2 << 20)), Long.MAX_VALUE));
        assertThat(refused.problem().code()).isEqualTo(ErrorCode.STORAGE_FULL);
        assertThat(disk.resolve("uploads")).isEmptyDirectory();
    }

    @Test
    void aCommitThatDoesNotFitChangesNothingAndLaterOnesWork() throws IOException {
        try (TruthStore store = TruthStore.open(disk.resolve("truth.db"))) {
            Path ballast = Files.write(disk.resolve("ballast"), new byte[300 << 10]);
            ProblemException refused = catchThrowableOfType(ProblemException.class, () -> fill(store));
            assertThat(refused.problem().code()).isEqualTo(ErrorCode.STORAGE_FULL);
            long kept = store.load().lastEventId();

            Files.delete(ballast);
            store.commit(List.of(new Change.AddEvent(TestData.event(kept + 1, "shop"))));
            assertThat(store.load().lastEventId()).isEqualTo(kept + 1);
        }
    }

    private static void fill(TruthStore store) {
        for (long id = 1; id < 1_000; id++) {
            store.commit(List.of(
                    new Change.AddEvent(new Event(id, TestData.NOW, "shop", "note", "x".repeat(20_000), Map.of()))));
        }
    }
}
