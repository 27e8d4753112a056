package holt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import holt.model.Digest;
import holt.model.ErrorCode;
import holt.model.ProblemException;
import holt.model.Tree;
import holt.model.TreeEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipPackageTest {
    private static final long MAX_BYTES = 10 << 20;

    @TempDir
    Path home;

    private FolderBlobs blobs;
    private ZipPackage packages;

    @BeforeEach
    void open() {
        blobs = new FolderBlobs(home.resolve("blobs"));
        packages = new ZipPackage(blobs, home.resolve("uploads"));
    }

    private Tree read(byte[] archive) throws IOException {
        return packages.read(new ByteArrayInputStream(archive), MAX_BYTES);
    }

    /** Reads what must be refused, and sees that nothing of it stayed. */
    private ProblemException refused(byte[] archive) throws IOException {
        ProblemException refusal = catchThrowableOfType(ProblemException.class, () -> read(archive));
        assertThat(refusal).isNotNull();
        assertNothingStayed();
        return refusal;
    }

    private void assertNothingStayed() throws IOException {
        try (var files = Files.walk(home)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private void assertInvalid(byte[] archive, String sentence) throws IOException {
        ProblemException refusal = refused(archive);
        assertThat(refusal.problem().code()).isEqualTo(ErrorCode.PACKAGE_INVALID);
        assertThat(refusal).hasMessageContaining(sentence);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void filesFoldersProgramsAndLinksBecomeATree() throws IOException {
        Tree tree = read(new ZipBuilder()
                .file("app.js", "one")
                .add("bin/", ZipBuilder.FOLDER, new byte[0])
                .add("bin/run", ZipBuilder.PROGRAM, bytes("two"))
                .add("bin/alias", ZipBuilder.LINK, bytes("run"))
                .file("ünï/ç", "")
                .bytes());
        assertThat(tree.entries())
                .containsExactly(
                        TreeEntry.file("app.js", false, Digest.of(bytes("one")), 3),
                        TreeEntry.folder("bin"),
                        TreeEntry.link("bin/alias", "run"),
                        TreeEntry.file("bin/run", true, Digest.of(bytes("two")), 3),
                        TreeEntry.file("ünï/ç", false, Digest.of(new byte[0]), 0));
        assertThat(blobs.bytes(Digest.of(bytes("two")))).isEqualTo(bytes("two"));
        assertThat(home.resolve("uploads")).isEmptyDirectory();
    }

    @Test
    void anArchiveOfJavasOwnToolsIsUnderstood() throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(bytes("Main-Class: Hello\n"));
        }
        assertThat(read(archive.toByteArray()).entries())
                .extracting(TreeEntry::path)
                .containsExactly("META-INF/MANIFEST.MF");
    }

    @Test
    void anArchiveWithMoreThan65535EntriesIsUnderstood() throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            for (int count = 0; count < 70_000; count++) {
                zip.putNextEntry(new ZipEntry("f" + count));
            }
        }
        assertThat(read(archive.toByteArray()).fileCount()).isEqualTo(70_000);
    }

    @Test
    void tooManyEntriesAreRefusedBeforeTheyAreRead() throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            for (int count = 0; count <= Tree.MAX_ENTRIES; count++) {
                zip.putNextEntry(new ZipEntry("f" + count));
            }
        }
        ProblemException refusal = catchThrowableOfType(
                ProblemException.class,
                () -> packages.read(new ByteArrayInputStream(archive.toByteArray()), Long.MAX_VALUE));
        assertThat(refusal).hasMessageContaining("200001 entries");
        assertNothingStayed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "a/../../evil",
                "/etc/passwd",
                "..\\evil",
                "C:\\evil",
                "a//b",
                "./a",
                "a/./b",
                "a\nb",
                ".."
            })
    void namesThatLeadOutAreRefused(String name) throws IOException {
        assertThat(refused(new ZipBuilder().file("good", "x").file(name, "x").bytes())
                        .problem()
                        .code())
                .isEqualTo(ErrorCode.PACKAGE_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "/etc/passwd", "a/../../..", ""})
    void linksThatLeadOutAreRefused(String target) throws IOException {
        byte[] archive = new ZipBuilder()
                .file("good", "x")
                .add("folder/link", ZipBuilder.LINK, bytes(target.isEmpty() ? "" : "../" + target))
                .bytes();
        byte[] absolute = new ZipBuilder()
                .file("good", "x")
                .add("link", ZipBuilder.LINK, bytes(target))
                .bytes();
        assertInvalid(target.startsWith("/") ? absolute : archive, "outside of the package");
    }

    @Test
    void filesBelowALinkAreRefused() throws IOException {
        assertInvalid(
                new ZipBuilder()
                        .add("here", ZipBuilder.LINK, bytes("."))
                        .file("here/evil", "x")
                        .bytes(),
                "not a folder");
    }

    @Test
    void namesThatStandThereTwiceAreRefused() throws IOException {
        assertInvalid(new ZipBuilder().file("a", "x").file("a", "y").bytes(), "twice");
    }

    @Test
    void encryptedEntriesAreRefused() throws IOException {
        byte[] secret = bytes("secret");
        assertInvalid(
                new ZipBuilder()
                        .add("a", ZipBuilder.FILE, secret, secret.length, 1, ZipBuilder.crc(secret))
                        .bytes(),
                "encrypted");
    }

    @Test
    void pipesAndDevicesAreRefused() throws IOException {
        assertInvalid(new ZipBuilder().add("a", ZipBuilder.PIPE, new byte[0]).bytes(), "neither a file");
    }

    @Test
    void aFileThatUnpacksToMoreThanItSaysIsRefused() throws IOException {
        byte[] much = new byte[100_000];
        assertInvalid(
                new ZipBuilder()
                        .add("a", ZipBuilder.FILE, much, 10, 0, ZipBuilder.crc(much))
                        .bytes(),
                "does not have the 10 bytes");
    }

    @Test
    void aFileThatUnpacksToLessThanItSaysIsRefused() throws IOException {
        byte[] little = bytes("abc");
        assertThat(refused(new ZipBuilder()
                                .add("a", ZipBuilder.FILE, little, 10, 0, ZipBuilder.crc(little))
                                .bytes())
                        .problem()
                        .code())
                .isEqualTo(ErrorCode.PACKAGE_INVALID);
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        assertInvalid(
                new ZipBuilder()
                        .add("a", ZipBuilder.FILE, bytes("abc"), 3, 0, 12345)
                        .bytes(),
                "checksum");
    }

    @Test
    void aBombOfOneEntryIsRefused() throws IOException {
        ProblemException refusal = refused(new ZipBuilder()
                .add("zeros", ZipBuilder.FILE, new byte[20 << 20])
                .bytes());
        assertThat(refusal.problem().code()).isEqualTo(ErrorCode.PACKAGE_TOO_LARGE);
        assertThat(refusal).hasMessageContaining("zeros").hasMessageContaining("200 times");
    }

    @Test
    void aBombOfManySmallEntriesIsRefused() throws IOException {
        ZipBuilder bomb = new ZipBuilder();
        for (int count = 0; count < 40; count++) {
            bomb.add("zeros" + count, ZipBuilder.FILE, new byte[1 << 20]);
        }
        assertThat(refused(bomb.bytes()).problem().code()).isEqualTo(ErrorCode.PACKAGE_TOO_LARGE);
    }

    @Test
    void anArchiveThatSaysItUnpacksToTooMuchIsRefusedUnread() throws IOException {
        byte[] noise = new byte[6 << 20];
        new Random(1).nextBytes(noise);
        assertThat(refused(new ZipBuilder()
                                .add("a", ZipBuilder.FILE, noise, 600L << 20, 0, 0)
                                .file("b", "x")
                                .add("c", ZipBuilder.FILE, bytes("x"), 1 << 20, 0, 0)
                                .add("d", ZipBuilder.FILE, bytes("x"), 500L << 20, 0, 0)
                                .bytes())
                        .problem()
                        .code())
                .isEqualTo(ErrorCode.PACKAGE_TOO_LARGE);
    }

    @Test
    void anArchiveThatIsItselfTooLargeIsRefused() throws IOException {
        byte[] noise = new byte[(int) MAX_BYTES + 1];
        new Random(1).nextBytes(noise);
        assertThat(refused(noise).problem().code()).isEqualTo(ErrorCode.PACKAGE_TOO_LARGE);
    }

    @Test
    void anArchiveWithoutFilesIsEmpty() throws IOException {
        assertThat(refused(new ZipBuilder().bytes()).problem().code()).isEqualTo(ErrorCode.PACKAGE_EMPTY);
        assertThat(refused(new ZipBuilder()
                                .add("a/", ZipBuilder.FOLDER, new byte[0])
                                .bytes())
                        .problem()
                        .code())
                .isEqualTo(ErrorCode.PACKAGE_EMPTY);
    }

    @Test
    void whatIsNoZipIsRefused() throws IOException {
        assertInvalid(bytes("Dear Sir or Madam"), "cannot be read");
        assertInvalid(new byte[0], "cannot be read");
    }

    @Test
    void aTableOfContentsThatLiesAboutItsLengthIsRefused() throws IOException {
        assertInvalid(
                new ZipBuilder().file("a", "x").file("b", "y").sayingCount(1).bytes(), "cannot be read");
        assertInvalid(new ZipBuilder().file("a", "x").sayingCount(3).bytes(), "cannot be read");
    }

    @Test
    void leftoversOfAKilledProgramAreRemoved() throws IOException {
        Path leftover = Files.createFile(home.resolve("uploads/upload1.zip"));
        packages = new ZipPackage(blobs, home.resolve("uploads"));
        assertThat(leftover).doesNotExist();
    }

    @Property(tries = 1000)
    void noDamageToAnArchiveLeadsToAnythingButATreeOrARefusal(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("zip-fuzz");
        Random random = new Random(seed);
        byte[] archive = new ZipBuilder()
                .file("app.js", "one")
                .add("bin/run", ZipBuilder.PROGRAM, bytes("two"))
                .add("bin/alias", ZipBuilder.LINK, bytes("run"))
                .bytes();
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            archive[random.nextInt(archive.length)] = (byte) random.nextInt(256);
        }
        try {
            ZipPackage fuzzed = new ZipPackage(new FolderBlobs(folder.resolve("blobs")), folder.resolve("uploads"));
            assertThat(fuzzed.read(new ByteArrayInputStream(archive), MAX_BYTES).entries())
                    .isNotEmpty();
        } catch (ProblemException refusal) {
            assertThat(refusal.problem().code()).isNotEqualTo(ErrorCode.INTERNAL);
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> assertThat(file.toFile().delete()).isTrue());
            }
        }
    }
}
