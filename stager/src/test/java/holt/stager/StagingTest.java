package holt.stager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import holt.model.Digest;
import holt.model.Droplet;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.ProblemException;
import holt.model.StageProgress;
import holt.model.StageRequest;
import holt.model.Tree;
import holt.model.TreeEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StagingTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    @TempDir
    Path home;

    private final List<String> log = new ArrayList<>();
    private StagingFixture packages;

    @BeforeEach
    void open() {
        packages = new StagingFixture(home);
    }

    private StageProgress.Result stage(String tree, @Nullable String command) throws IOException {
        return new Staging(packages.blobs, log::add).run(new StageRequest("b1", tree, command));
    }

    private Droplet droplet(StageProgress.Result result) throws IOException {
        return Json.read(packages.blobs.bytes(result.droplet()), Droplet.class);
    }

    private ErrorCode refusal(String tree) {
        return catchThrowableOfType(ProblemException.class, () -> stage(tree, null))
                .problem()
                .code();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    hello     | procfile | java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto Hello.java
                    node      | node     | node server.js
                    python    | python   | python3 app.py
                    ruby      | ruby     | ruby server.rb
                    native    | procfile | ./server
                    misbehave | procfile | python3 misbehave.py
                    """)
    void eachExampleIsRecognised(String example, String buildpack, String command) throws IOException {
        StageProgress.Result result = stage(packages.uploadFolder(EXAMPLES.resolve(example)), null);
        assertThat(result.buildpack()).isEqualTo(buildpack);
        assertThat(result.command()).isEqualTo(command);
        assertThat(droplet(result).command()).isEqualTo(command);
        assertThat(log).noneMatch(line -> line.contains("WARNING"));
    }

    @Test
    void theStaticExampleGetsItsWebServer() throws IOException {
        StageProgress.Result result = stage(packages.uploadFolder(EXAMPLES.resolve("static")), null);
        assertThat(result.buildpack()).isEqualTo("static");
        TreeEntry jar = droplet(result).tree().entries().stream()
                .filter(entry -> entry.path().equals(".holt/static-site.jar"))
                .findFirst()
                .orElseThrow();
        assertThat(packages.blobs.size(jar.digest())).isEqualTo(jar.size());
    }

    @Test
    void aJarIsRecognisedByWhatItsManifestSays() throws IOException {
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(jar)) {
            zip.putNextEntry(new ZipEntry("META-INF/"));
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write("Manifest-Version: 1.0\r\nMain-Class: Server\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        }
        String digest = packages.blobs.putBytes(jar.toByteArray());
        String tree = packages.upload(new Tree(List.of(TreeEntry.file("server.jar", false, digest, jar.size()))));
        assertThat(stage(tree, null).command()).endsWith("-jar server.jar");
    }

    @Test
    void aFileThatIsOnlyCalledJarIsToldToHaveNoMainClass() {
        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> stage(packages.upload("a.jar", "PK no jar at all"), null));
        assertThat(refused).hasMessageContaining("no manifest names a Main-Class: a.jar");
    }

    @Test
    void equalPackagesGiveEqualDroplets() throws IOException {
        String first = stage(packages.upload("index.html", "hi"), null).droplet();
        assertThat(stage(packages.upload("index.html", "hi"), null).droplet()).isEqualTo(first);
        assertThat(stage(packages.upload("index.html", "ho"), null).droplet()).isNotEqualTo(first);
        assertThat(StaticSiteJar.bytes()).isEqualTo(StaticSiteJar.bytes());
    }

    @Test
    void theLogTellsWhatWasFoundAndWarnsOfWhatIsMissing() throws IOException {
        stage(packages.upload("app.py", "x", "requirements.txt", "flask\n"), null);
        assertThat(log)
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("==> Package: 2 files, 7 bytes"),
                        line -> assertThat(line).isEqualTo("==> Found: Python, by app.py"),
                        line -> assertThat(line)
                                .contains("WARNING: requirements.txt")
                                .contains("pip install"),
                        line -> assertThat(line).isEqualTo("==> Start command: python3 app.py"),
                        line -> assertThat(line).matches("==> Droplet [0-9a-f]{12} is ready"));
    }

    @Test
    void theGivenCommandIsUsed() throws IOException {
        StageProgress.Result result = stage(packages.upload("a.txt", "x"), "sleep 1");
        assertThat(result.buildpack()).isEqualTo("command");
        assertThat(droplet(result).processTypes()).containsEntry("web", "sleep 1");
    }

    @Test
    void aPackageWithoutFilesIsEmpty() {
        assertThat(refusal(packages.upload(new Tree(List.of())))).isEqualTo(ErrorCode.PACKAGE_EMPTY);
        assertThat(refusal(packages.upload(new Tree(List.of(TreeEntry.folder("a"))))))
                .isEqualTo(ErrorCode.PACKAGE_EMPTY);
    }

    @Test
    void contentThatWasNotUploadedIsNamed() {
        String missing = Digest.of(new byte[] {42});
        String tree = packages.upload(new Tree(List.of(TreeEntry.file("app.py", false, missing, 1))));
        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> stage(tree, null));
        assertThat(refused.problem().code()).isEqualTo(ErrorCode.CONTENT_MISSING);
        assertThat(refused).hasMessageContaining("app.py");
        assertThat(refusal(StagingFixture.digestOfNothingUploaded())).isEqualTo(ErrorCode.CONTENT_MISSING);
    }

    @Test
    void wrongTreesAreInvalid() {
        String content = packages.blobs.putBytes(new byte[] {1, 2});
        assertThat(refusal(packages.upload(new Tree(List.of(TreeEntry.file("a", false, content, 3))))))
                .isEqualTo(ErrorCode.PACKAGE_INVALID);
        assertThat(refusal(packages.blobs.putBytes("not json".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(ErrorCode.PACKAGE_INVALID);
        String leadsOut = "{\"entries\":[{\"path\":\"../a\",\"kind\":\"FOLDER\",\"executable\":false,\"size\":0}]}";
        assertThat(refusal(packages.blobs.putBytes(leadsOut.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(ErrorCode.PACKAGE_INVALID);
    }

    @Test
    void thePlatformsOwnFolderCannotBePushed() {
        assertThat(refusal(packages.upload(".holt/static-site.jar", "mine", "index.html", "")))
                .isEqualTo(ErrorCode.PACKAGE_INVALID);
    }
}
