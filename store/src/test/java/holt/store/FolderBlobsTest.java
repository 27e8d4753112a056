package holt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import holt.model.Digest;
import holt.model.ErrorCode;
import holt.model.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBlobsTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final String HELLO_DIGEST = Digest.of(HELLO);

    @TempDir
    Path home;

    private Path folder;
    private FolderBlobs blobs;

    @BeforeEach
    void open() {
        folder = home.resolve("blobs");
        blobs = new FolderBlobs(folder);
    }

    private static InputStream stream(byte[] content) {
        return new ByteArrayInputStream(content);
    }

    private List<Path> files() throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private ErrorCode refusalOf(String digest, byte[] content, long maxBytes) {
        return catchThrowableOfType(ProblemException.class, () -> blobs.put(digest, stream(content), maxBytes))
                .problem()
                .code();
    }

    @Test
    void keepsWhatItIsGiven() throws IOException {
        assertThat(blobs.has(HELLO_DIGEST)).isFalse();
        blobs.put(HELLO_DIGEST, stream(HELLO), HELLO.length);
        assertThat(blobs.has(HELLO_DIGEST)).isTrue();
        assertThat(blobs.bytes(HELLO_DIGEST)).isEqualTo(HELLO);
        assertThat(blobs.size(HELLO_DIGEST)).isEqualTo(5);
        assertThat(blobs.path(HELLO_DIGEST)).hasBinaryContent(HELLO);
        try (InputStream content = blobs.open(HELLO_DIGEST)) {
            assertThat(content).hasBinaryContent(HELLO);
        }
        assertThat(new FolderBlobs(folder).bytes(HELLO_DIGEST)).isEqualTo(HELLO);
    }

    @Test
    void keepingAgainDoesNoHarm() throws IOException {
        assertThat(blobs.putBytes(HELLO)).isEqualTo(HELLO_DIGEST);
        assertThat(blobs.putBytes(HELLO)).isEqualTo(HELLO_DIGEST);
        blobs.put(HELLO_DIGEST, stream(HELLO), 5);
        assertThat(files()).hasSize(1);
        assertThat(blobs.bytes(blobs.putBytes(new byte[0]))).isEmpty();
    }

    @Test
    void otherContentIsRefusedWithoutATrace() throws IOException {
        assertThat(refusalOf(Digest.of(new byte[] {1}), HELLO, 100)).isEqualTo(ErrorCode.CONTENT_MISMATCH);
        assertThat(files()).isEmpty();
    }

    @Test
    void contentThatIsTooLongIsRefusedWithoutATrace() throws IOException {
        assertThat(refusalOf(HELLO_DIGEST, HELLO, 4)).isEqualTo(ErrorCode.BODY_TOO_LARGE);
        assertThat(files()).isEmpty();
    }

    @Test
    void anUploadThatBreaksOffIsTheCallersFaultAndLeavesNoTrace() throws IOException {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the caller went away");
            }
        };
        assertThatThrownBy(() -> blobs.put(HELLO_DIGEST, broken, 10))
                .isInstanceOf(IOException.class)
                .hasMessage("the caller went away");
        assertThat(files()).isEmpty();
    }

    @Test
    void whatIsNotThereCannotBeOpened() {
        assertThatThrownBy(() -> blobs.open(HELLO_DIGEST)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> blobs.bytes(HELLO_DIGEST)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> blobs.size(HELLO_DIGEST)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aTextThatIsNoDigestLeadsNowhere() {
        assertThat(blobs.has("../../etc/passwd")).isFalse();
        assertThatThrownBy(() -> blobs.path("../../etc/passwd")).isInstanceOf(ProblemException.class);
        assertThat(refusalOf("../../etc/passwd", HELLO, 10)).isEqualTo(ErrorCode.PARAMETER_INVALID);
    }

    @Test
    void onlyThePlatformsUserMayReadBlobs() throws IOException {
        blobs.putBytes(HELLO);
        Path file = blobs.path(HELLO_DIGEST);
        assertThat(mode(file)).isEqualTo("rw-------");
        for (Path each = file.getParent(); !each.equals(home); each = each.getParent()) {
            assertThat(mode(each)).isEqualTo("rwx------");
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void leftoversOfAKilledProgramAreRemovedAndFilesBeingWrittenAreNot() throws IOException {
        Path leftover = Files.createFile(folder.resolve("tmp/blob1.tmp"));
        Path written = folder.resolve("tmp/blob2.tmp");
        try (var channel = FileChannel.open(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            assertThat(new FolderBlobs(folder).has(HELLO_DIGEST)).isFalse();
            assertThat(lock.isValid()).isTrue();
            assertThat(leftover).doesNotExist();
            assertThat(written).exists();
        }
    }

    @Test
    void manyThreadsMayKeepTheSameContent() throws Exception {
        byte[] large = new byte[1 << 20];
        List<Thread> threads = new ArrayList<>();
        for (int count = 0; count < 16; count++) {
            threads.add(Thread.ofVirtual().start(() -> blobs.putBytes(large)));
        }
        for (Thread each : threads) {
            each.join();
        }
        assertThat(blobs.bytes(Digest.of(large))).isEqualTo(large);
        assertThat(files()).hasSize(1);
    }

    @Test
    void keepsManyAtOnceAndNoneBeforeItIsTold() throws IOException {
        List<byte[]> contents = IntStream.range(0, 500)
                .mapToObj(i -> ("content " + i).getBytes(StandardCharsets.UTF_8))
                .toList();
        blobs.putBytes(contents.getFirst());
        try (Blobs.Batch batch = blobs.batch()) {
            for (byte[] each : contents) {
                batch.add(Digest.of(each), stream(each), 100);
            }
            batch.add(Digest.of(contents.getLast()), stream(contents.getLast()), 100);
            assertThat(blobs.has(Digest.of(contents.getLast()))).isFalse();
            batch.keep();
        }
        for (byte[] each : contents) {
            assertThat(blobs.bytes(Digest.of(each))).isEqualTo(each);
        }
        assertThat(files()).hasSize(500);
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
        assertThat(mode(blobs.path(Digest.of(contents.getLast())))).isEqualTo("rw-------");
        assertThat(mode(blobs.path(Digest.of(contents.getLast())).getParent())).isEqualTo("rwx------");
    }

    @Test
    void nothingStaysOfABatchWithABadContent() throws IOException {
        byte[] other = {1};
        try (Blobs.Batch batch = blobs.batch()) {
            batch.add(HELLO_DIGEST, stream(HELLO), 5);
            assertThatThrownBy(() -> batch.add(Digest.of(other), stream(HELLO), 5))
                    .isInstanceOf(ProblemException.class);
            assertThatThrownBy(() -> batch.add(Digest.of(other), stream(HELLO), 4))
                    .isInstanceOf(ProblemException.class);
            assertThatThrownBy(() -> batch.add("../evil", stream(HELLO), 5)).isInstanceOf(ProblemException.class);
        }
        assertThat(files()).isEmpty();
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void aBatchThatCannotBeKeptIsTheStoragesFaultAndLeavesNothingBehind() throws IOException {
        Files.createFile(folder.resolve(HELLO_DIGEST.substring(0, 2)));
        try (Blobs.Batch batch = blobs.batch()) {
            batch.add(HELLO_DIGEST, stream(HELLO), 5);
            assertThat(catchThrowableOfType(ProblemException.class, batch::keep)
                            .problem()
                            .code())
                    .isEqualTo(ErrorCode.INTERNAL);
        }
        assertThat(blobs.has(HELLO_DIGEST)).isFalse();
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void theBatchOfAKilledProgramIsRemovedAndOneUnderWayIsNot() throws IOException {
        Files.createFile(folder.resolve("tmp/batch1.tmp"));
        Path abandoned = Files.createDirectory(folder.resolve("tmp/batch1.tmp.parts"));
        Files.write(abandoned.resolve(HELLO_DIGEST), HELLO);
        try (Blobs.Batch batch = blobs.batch()) {
            batch.add(HELLO_DIGEST, stream(HELLO), 5);
            FolderBlobs other = new FolderBlobs(folder);
            assertThat(abandoned).doesNotExist();
            batch.keep();
            assertThat(other.has(HELLO_DIGEST)).isTrue();
        }
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }
}
