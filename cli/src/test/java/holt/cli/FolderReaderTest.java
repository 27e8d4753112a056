package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.model.Digest;
import holt.model.ErrorCode;
import holt.model.ProblemException;
import holt.model.TreeEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderReaderTest {
    @TempDir
    Path folder;

    @Test
    void readsFilesWithTheirModesAndDigests() throws IOException {
        write("server.js", "run()");
        Files.setPosixFilePermissions(write("bin/run", "x"), PosixFilePermissions.fromString("rwxr-xr-x"));
        try (PackageFiles files = PackageFiles.read(folder)) {
            assertThat(files.tree().entries())
                    .containsExactly(
                            TreeEntry.file("bin/run", true, digest("x"), 1),
                            TreeEntry.file("server.js", false, digest("run()"), 5));
        }
    }

    @Test
    void keepsLinksAndEmptyFolders() throws IOException {
        write("a", "x");
        Files.createDirectories(folder.resolve("log/deep"));
        Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));
        Files.createSymbolicLink(folder.resolve("c"), Path.of("log"));
        try (PackageFiles files = PackageFiles.read(folder)) {
            assertThat(files.tree().entries())
                    .extracting(TreeEntry::path, TreeEntry::kind)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("a", TreeEntry.Kind.FILE),
                            org.assertj.core.groups.Tuple.tuple("b", TreeEntry.Kind.LINK),
                            org.assertj.core.groups.Tuple.tuple("c", TreeEntry.Kind.LINK),
                            org.assertj.core.groups.Tuple.tuple("log/deep", TreeEntry.Kind.FOLDER));
        }
    }

    @Test
    void refusesLinksThatLeadOut() throws IOException {
        write("a", "x");
        for (String target : new String[] {"/etc/passwd", "../x", "a/../../x"}) {
            Path link = folder.resolve("link");
            Files.createSymbolicLink(link, Path.of(target));
            assertThatThrownBy(() -> PackageFiles.read(folder))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("'link'")
                    .hasMessageContaining("outside")
                    .hasMessageContaining(".holtignore");
            Files.delete(link);
        }
    }

    @Test
    void anIgnoredLinkMayLeadAnywhere() throws IOException {
        write("a", "x");
        write(".holtignore", "link\n");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc/passwd"));
        try (PackageFiles files = PackageFiles.read(folder)) {
            assertThat(files.tree().entries()).extracting(TreeEntry::path).containsExactly("a");
        }
        Files.delete(folder.resolve("link"));
    }

    @Test
    void anEmptyFolderIsRefused() {
        assertThatThrownBy(() -> PackageFiles.read(folder))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ErrorCode.PACKAGE_EMPTY));
    }

    @Test
    void aFolderWhoseFilesAreAllIgnoredIsRefused() throws IOException {
        write("a.log", "x");
        write(".holtignore", "*.log\n");
        assertThatThrownBy(() -> PackageFiles.read(folder))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ErrorCode.PACKAGE_EMPTY));
    }

    @Test
    void namesThatNoPackageCanHaveAreToldWithTheirRemedy() throws IOException {
        write("a\nb", "x");
        assertThatThrownBy(() -> PackageFiles.read(folder))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("control character")
                .hasMessageContaining(".holtignore");
    }

    @Test
    void pipesStayBehindAndAreNamed() throws Exception {
        write("a", "x");
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        try (PackageFiles files = PackageFiles.read(folder)) {
            assertThat(files.skipped()).containsExactly("pipe");
        }
    }

    @Test
    void aJarIsOneFile() throws IOException {
        Path jar = write("target/shop.jar", "PK");
        try (PackageFiles files = PackageFiles.read(jar)) {
            assertThat(files.tree().entries()).containsExactly(TreeEntry.file("shop.jar", false, digest("PK"), 2));
        }
    }

    private Path write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static String digest(String content) {
        return Digest.of(content.getBytes(StandardCharsets.UTF_8));
    }
}
