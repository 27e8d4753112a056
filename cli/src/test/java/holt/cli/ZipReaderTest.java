package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.model.ErrorCode;
import holt.model.ProblemException;
import holt.model.TreeEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipReaderTest {
    private static final int FILE = 0100644;
    private static final int PROGRAM = 0100755;
    private static final int LINK = 0120777;
    private static final int DEVICE = 0020666;

    @TempDir
    Path folder;

    /** An entry and its mode as Unix has it. */
    private record Item(String name, int mode, byte[] content) {
        static Item of(String name, int mode, String content) {
            return new Item(name, mode, content.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void readsFilesLinksAndEmptyFolders() throws IOException {
        Path zip = zip(
                Item.of("bin/", 0040755, ""),
                Item.of("bin/run", PROGRAM, "#!/bin/sh"),
                Item.of("latest", LINK, "bin/run"),
                Item.of("log/", 0040755, ""),
                Item.of("readme", 0, "hi"));
        try (PackageFiles files = PackageFiles.read(zip)) {
            List<TreeEntry> entries = files.tree().entries();
            assertThat(entries).extracting(TreeEntry::path).containsExactly("bin/run", "latest", "log", "readme");
            assertThat(entries.get(0).executable()).isTrue();
            assertThat(entries.get(1).target()).isEqualTo("bin/run");
            assertThat(entries.get(2).kind()).isEqualTo(TreeEntry.Kind.FOLDER);
            assertThat(entries.get(3).executable()).isFalse();
            String digest = entries.get(3).digest();
            assertThat(files.contents().get(digest).open().readAllBytes())
                    .asString()
                    .isEqualTo("hi");
        }
    }

    @Test
    void leavesOutWhatIsNobodysProgram() throws IOException {
        Path zip = zip(Item.of("a", FILE, "a"), Item.of("__MACOSX/._a", FILE, "b"), Item.of(".git/config", FILE, "c"));
        try (PackageFiles files = PackageFiles.read(zip)) {
            assertThat(files.tree().entries()).extracting(TreeEntry::path).containsExactly("a");
        }
    }

    @Test
    void refusesNamesThatLeadOut() throws IOException {
        for (String name : List.of("../evil", "a/../../evil", "/etc/passwd", "a//b", "./a", "a\\b", "a\nb")) {
            Path zip = zip(Item.of(name, FILE, "x"));
            assertRefused(() -> PackageFiles.read(zip), ErrorCode.PACKAGE_INVALID);
        }
    }

    @Test
    void refusesLinksThatLeadOut() throws IOException {
        for (String target : List.of("/etc/passwd", "../../outside", "b/../../../x", "")) {
            Path zip = zip(Item.of("a/link", LINK, target), Item.of("f", FILE, "x"));
            assertRefused(() -> PackageFiles.read(zip), ErrorCode.PACKAGE_INVALID);
        }
    }

    @Test
    void refusesFilesBelowLinks() throws IOException {
        Path zip = zip(Item.of("a", LINK, "b"), Item.of("a/evil", FILE, "x"));
        assertRefused(() -> PackageFiles.read(zip), ErrorCode.PACKAGE_INVALID);
    }

    @Test
    void refusesDevices() throws IOException {
        Path zip = zip(Item.of("tty", DEVICE, ""));
        assertRefused(() -> PackageFiles.read(zip), ErrorCode.PACKAGE_INVALID);
    }

    @Test
    void refusesNamesThatAreThereTwice() throws IOException {
        Path zip = zip(Item.of("aa", FILE, "1"), Item.of("ab", FILE, "2"));
        byte[] bytes = Files.readAllBytes(zip);
        for (int i = 0; i + 1 < bytes.length; i++) {
            if (bytes[i] == 'a' && bytes[i + 1] == 'b') {
                bytes[i + 1] = 'a';
            }
        }
        Files.write(zip, bytes);
        assertRefused(() -> PackageFiles.read(zip), ErrorCode.PACKAGE_INVALID);
    }

    @Test
    void refusesBombsWithoutUnpackingThem() throws IOException {
        Path zip = zip(new Item("zeros", FILE, new byte[100_000]));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(zip)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(directory(bytes) + 24, 300 << 20);
        Files.write(zip, bytes.array());
        assertThatThrownBy(() -> PackageFiles.read(zip))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("bomb")
                .hasMessageContaining("300M");
    }

    @Test
    void refusesEntriesThatAreLongerThanTheDirectorySays() throws IOException {
        Path zip = zip(new Item("zeros", FILE, new byte[100_000]));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(zip)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(directory(bytes) + 24, 10);
        Files.write(zip, bytes.array());
        assertRefused(() -> PackageFiles.read(zip), ErrorCode.PACKAGE_INVALID);
    }

    @Test
    void refusesEncryptedEntries() throws IOException {
        Path zip = zip(Item.of("secret", FILE, "x"));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(zip)).order(ByteOrder.LITTLE_ENDIAN);
        int flags = directory(bytes) + 8;
        bytes.putShort(flags, (short) (bytes.getShort(flags) | 1));
        Files.write(zip, bytes.array());
        assertRefused(() -> PackageFiles.read(zip), ErrorCode.PACKAGE_INVALID);
    }

    @Test
    void saysWhenThereIsNothingInIt() throws IOException {
        Path zip = zip(Item.of("empty/", 0040755, ""));
        assertRefused(() -> PackageFiles.read(zip), ErrorCode.PACKAGE_EMPTY);
    }

    @Test
    void damagedArchivesAreToldAsSuch() throws IOException {
        byte[] good = Files.readAllBytes(zip(Item.of("a", FILE, "content of a"), Item.of("b", LINK, "a")));
        Random random = new Random(7);
        for (int i = 0; i < 400; i++) {
            byte[] bad = good.clone();
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            Path zip = folder.resolve("bad.zip");
            Files.write(zip, i % 4 == 0 ? java.util.Arrays.copyOf(bad, random.nextInt(bad.length)) : bad);
            try {
                PackageFiles.read(zip).close();
            } catch (ProblemException told) {
                assertThat(told.problem().code()).isIn(ErrorCode.PACKAGE_INVALID, ErrorCode.PACKAGE_EMPTY);
            }
        }
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(code));
    }

    /** Written by the JDK, with the modes put into the directory afterwards. */
    private Path zip(Item... items) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Item item : items) {
                zip.putNextEntry(new ZipEntry(item.name()));
                zip.write(item.content());
                zip.closeEntry();
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        int at = directory(bytes);
        for (Item item : items) {
            bytes.put(at + 5, (byte) (item.mode() == 0 ? 0 : 3));
            bytes.putInt(at + 38, item.mode() << 16);
            at += 46 + bytes.getShort(at + 28) + bytes.getShort(at + 30) + bytes.getShort(at + 32);
        }
        Path file = folder.resolve("test-" + new ArrayList<>(List.of(items)).hashCode() + ".zip");
        return Files.write(file, bytes.array());
    }

    private static int directory(ByteBuffer bytes) {
        return bytes.getInt(bytes.limit() - 22 + 16);
    }
}
