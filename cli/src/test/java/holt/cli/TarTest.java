package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarTest {
    @TempDir
    Path folder;

    private Path target;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarWriter tar = new TarWriter(bytes);

    @BeforeEach
    void choose() {
        target = folder.resolve("target");
    }

    private void add(String name, TarEntry.Kind kind, int mode, String content, String link) throws IOException {
        byte[] text = content.getBytes(StandardCharsets.UTF_8);
        tar.entry(new TarEntry(name, kind, mode, text.length, 1_000_000, link));
        tar.content(new ByteArrayInputStream(text), text.length, count -> {});
    }

    private void file(String name, String content) throws IOException {
        add(name, TarEntry.Kind.FILE, 0640, content, "");
    }

    private void link(String name, String to) throws IOException {
        add(name, TarEntry.Kind.LINK, 0777, "", to);
    }

    private TarTarget unpack() throws IOException {
        tar.finish();
        TarReader reader = new TarReader(new ByteArrayInputStream(bytes.toByteArray()));
        TarTarget unpacked = new TarTarget(target, count -> {});
        unpacked.unpack(reader.next(), reader);
        return unpacked;
    }

    @Test
    void foldersFilesAndLinksComeOutAsTheyWentIn() throws IOException {
        String deep = "a".repeat(90) + "/" + "ü".repeat(90) + "/file";
        add(".", TarEntry.Kind.FOLDER, 0755, "", "");
        add("./bin", TarEntry.Kind.FOLDER, 0500, "", "");
        add("./bin/run", TarEntry.Kind.FILE, 0755, "#!/bin/sh\n", "");
        file("./" + deep, "deep");
        link("./bin/link", "../" + "a".repeat(90));
        add("./bin/twice", TarEntry.Kind.HARD_LINK, 0755, "", "./bin/run");
        TarTarget unpacked = unpack();
        assertThat(target.resolve(deep)).hasContent("deep");
        assertThat(target.resolve("bin/twice")).hasContent("#!/bin/sh\n");
        assertThat(Files.readSymbolicLink(target.resolve("bin/link"))).hasToString("../" + "a".repeat(90));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("bin"))))
                .isEqualTo("r-x------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("bin/run"))))
                .isEqualTo("rwxr-xr-x");
        assertThat(Files.getLastModifiedTime(target.resolve("bin/run")).toMillis())
                .isEqualTo(1_000_000_000);
        assertThat(unpacked.files()).isEqualTo(3);
        assertThat(unpacked.leftOut()).isEmpty();
    }

    @Test
    void namesThatLeadOutEndIt() throws IOException {
        for (String name : List.of("../evil", "./a/../../evil", "/evil", "a/..", "x/../y")) {
            assertThatThrownBy(() -> TarTarget.parts(name)).hasMessageContaining("leads out");
        }
        file("./fine", "fine");
        file("../evil", "evil");
        assertThatThrownBy(this::unpack).hasMessageContaining("leads out of the target");
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    @Test
    void nothingIsWrittenThroughALinkOfTheArchive() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        link("./way", "../outside");
        file("./way/evil", "evil");
        unpackAndIgnore();
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void nothingIsWrittenThroughALinkThatIsThere() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Path kept = Files.writeString(outside.resolve("kept"), "kept");
        Files.createDirectory(target);
        Files.createSymbolicLink(target.resolve("way"), outside);
        Files.createSymbolicLink(target.resolve("file"), kept);
        file("./file", "replaced");
        assertThat(unpack().files()).isEqualTo(1);
        assertThat(kept).hasContent("kept");
        assertThat(Files.isSymbolicLink(target.resolve("file"))).isFalse();
        bytes.reset();
        file("./way/evil", "evil");
        assertThatThrownBy(this::unpack).hasMessageContaining("way");
        assertThat(outside.resolve("evil")).doesNotExist();
    }

    private void unpackAndIgnore() {
        try {
            unpack();
        } catch (IOException refused) {
            assertThat(refused).hasMessageContaining("way");
        }
    }

    @Test
    void linksThatLeadOutAreLeftOut() throws IOException {
        add(".", TarEntry.Kind.FOLDER, 0755, "", "");
        link("./one", "/etc/passwd");
        link("./two", "../outside");
        link("./three", "in/../../outside");
        link("./fine", "in/there");
        assertThat(unpack().leftOut()).hasSize(3);
        assertThat(target.resolve("one")).doesNotExist();
        assertThat(Files.isSymbolicLink(target.resolve("fine"))).isTrue();
    }

    @Test
    void hardLinksReachNothingOutside() throws IOException {
        Path outside = Files.writeString(folder.resolve("secret"), "secret");
        Files.createDirectory(target);
        Files.createSymbolicLink(target.resolve("way"), outside);
        add("./copy", TarEntry.Kind.HARD_LINK, 0644, "", "../secret");
        assertThatThrownBy(this::unpack).hasMessageContaining("leads out");
        bytes.reset();
        add("./copy", TarEntry.Kind.HARD_LINK, 0644, "", "way");
        assertThatThrownBy(this::unpack).hasMessageContaining("not there");
        assertThat(target.resolve("copy")).doesNotExist();
    }

    @Test
    void specialPermissionsAreNotGiven() throws IOException {
        add("./root", TarEntry.Kind.FILE, 06755, "x", "");
        unpack();
        assertThat((int) Files.getAttribute(target.resolve("root"), "unix:mode") & 07777)
                .isEqualTo(0755);
    }

    @Test
    void archivesOfTheSystemsTarAreRead() throws Exception {
        // Longer than a header's name, each part short enough for the oldest format.
        String path = "n".repeat(80) + "/" + "m".repeat(80) + "/übung";
        Path source = folder.resolve("source");
        Files.createDirectories(source.resolve(path).getParent());
        Files.writeString(source.resolve(path), "content");
        for (String format : List.of("gnu", "pax", "ustar")) {
            Process process = new ProcessBuilder("tar", "--format=" + format, "-cf", "-", ".")
                    .directory(source.toFile())
                    .start();
            target = folder.resolve(format);
            TarReader reader = new TarReader(process.getInputStream());
            new TarTarget(target, count -> {}).unpack(reader.next(), reader);
            assertThat(target.resolve(path)).hasContent("content");
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void theSystemsTarReadsOurs() throws Exception {
        file("./" + "long/".repeat(40) + "ünïcode", "content");
        tar.finish();
        Files.createDirectory(target);
        Process process =
                new ProcessBuilder("tar", "-xf", "-").directory(target.toFile()).start();
        process.getOutputStream().write(bytes.toByteArray());
        process.getOutputStream().close();
        assertThat(process.waitFor()).isZero();
        assertThat(target.resolve("long/".repeat(40) + "ünïcode")).hasContent("content");
    }

    @Property(tries = 500)
    void whateverComesIsReadOrRefused(@ForAll byte[] noise, @ForAll int at, @ForAll byte value) throws IOException {
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        TarWriter writer = new TarWriter(made);
        writer.entry(new TarEntry("x".repeat(200), TarEntry.Kind.FILE, 0644, noise.length, 1, ""));
        writer.content(new ByteArrayInputStream(noise), noise.length, count -> {});
        writer.finish();
        byte[] damaged = made.toByteArray();
        damaged[Math.floorMod(at, damaged.length)] = value;
        TarReader reader = new TarReader(new ByteArrayInputStream(damaged));
        try {
            int entries = 0;
            while (reader.next() != null) {
                entries++;
            }
            assertThat(entries).isLessThanOrEqualTo(damaged.length / TarWriter.BLOCK);
        } catch (IOException refused) {
            assertThat(refused).hasMessageMatching("(?s).*(archive|EOF|end|skip).*|null");
        }
    }
}
