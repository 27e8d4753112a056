package holt.controller.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import holt.model.Droplet;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.ProblemException;
import holt.model.RootFileSystem;
import holt.model.StackReference;
import holt.store.FolderBlobs;
import holt.store.LayerArchive;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With Debian's registry, and images that jib made. */
class ImagePullTest {
    @TempDir
    Path folder;

    private final List<String> log = new ArrayList<>();
    private TestRegistry registry;
    private FolderBlobs blobs;

    @BeforeEach
    void start() throws IOException {
        registry = new TestRegistry(Files.createDirectory(folder.resolve("registry")), "");
        blobs = new FolderBlobs(folder.resolve("blobs"));
    }

    @AfterEach
    void end() {
        registry.close();
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private Droplet pull(String reference) throws IOException, InterruptedException {
        return pull(reference, null, null);
    }

    private Droplet pull(String reference, @Nullable String user, @Nullable String password)
            throws IOException, InterruptedException {
        var result = new ImagePull(reference, user, password, blobs, log::add).run(null);
        return Json.read(blobs.bytes(String.valueOf(result.droplet())), Droplet.class);
    }

    private RootFileSystem root(Droplet droplet) throws IOException {
        String digest = StackReference.parse(droplet.stack()).orElseThrow().digest();
        return Json.read(blobs.bytes(digest), RootFileSystem.class);
    }

    private void refused(String reference, ErrorCode code, String... words) {
        assertThatThrownBy(() -> pull(reference)).isInstanceOfSatisfying(ProblemException.class, refusal -> {
            assertThat(refusal.problem().code()).isEqualTo(code);
            assertThat(refusal.problem().text()).contains(words);
        });
    }

    private TestRegistry.Made simple(String content) throws IOException {
        return TestRegistry.Made.of(List.of(Map.of("/bin/program", file("program", content))), "/bin/program", "it's");
    }

    @Test
    void imageBecomesADropletWithItsLayersAndItsProgram() throws Exception {
        registry.push("team/shop:1", simple("one").at(9000));
        Droplet droplet = pull(registry.reference("team/shop:1"));
        assertThat(droplet.command()).isEqualTo("/bin/program 'it'\\''s'");
        assertThat(droplet.environment()).containsEntry("COLOUR", "blue");
        RootFileSystem root = root(droplet);
        assertThat(root.image().port()).isEqualTo(9000);
        assertThat(root.image().program()).containsExactly("/bin/program", "it's");
        try (InputStream packed = blobs.open(root.layers().getFirst().digest());
                LayerArchive layer = LayerArchive.open(packed, 1 << 20)) {
            List<String> paths = new ArrayList<>();
            for (Optional<LayerArchive.Entry> each = layer.next(); each.isPresent(); each = layer.next()) {
                paths.add(each.get().path());
            }
            assertThat(paths).containsExactly("bin", "bin/program");
        }
    }

    @Test
    void dockersFormatIsUnderstood() throws Exception {
        registry.push("shop", simple("one").docker());
        assertThat(root(pull(registry.reference("shop"))).layers()).hasSize(1);
    }

    @Test
    void manifestOfThisMachineIsTakenOutOfAnIndex() throws Exception {
        registry.push(
                "shop", simple("one").docker().on(new Platform("arm64", "linux"), new Platform("amd64", "linux")));
        assertThat(root(pull(registry.reference("shop"))).layers()).hasSize(1);
    }

    @Test
    void imageForOtherMachinesIsRefused() throws Exception {
        String other = ImageParts.architecture(System.getProperty("os.arch")).equals("amd64") ? "arm64" : "amd64";
        registry.push("shop", simple("one").on(new Platform(other, "linux")));
        refused(registry.reference("shop"), ErrorCode.IMAGE_INVALID, "not for machines like this", other);
    }

    @Test
    void layersOfTwoImagesAreFetchedAndKeptOnce() throws Exception {
        Path base = file("base", "base");
        registry.push("one", TestRegistry.Made.of(List.of(Map.of("/base", base), Map.of("/a", file("a", "a"))), "/a"));
        registry.push("two", TestRegistry.Made.of(List.of(Map.of("/base", base), Map.of("/b", file("b", "b"))), "/b"));
        RootFileSystem one = root(pull(registry.reference("one")));
        long before = files();
        RootFileSystem two = root(pull(registry.reference("two")));
        assertThat(two.layers().getFirst()).isEqualTo(one.layers().getFirst());
        assertThat(files() - before).isEqualTo(3); // one layer, the root file system, the droplet
        assertThat(log).anyMatch(line -> line.contains("is here already"));
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("blobs"))) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void digestNamesExactlyOneImage() throws Exception {
        JibContainer first = registry.push("shop:1", simple("one"));
        registry.push("shop:1", simple("another"));
        String digest = first.getDigest().toString();
        assertThat(pull(registry.reference("shop@" + digest)).stack()).contains("shop@" + digest + "@");
    }

    @Test
    void tamperedLayerIsRefusedAndNothingOfItIsKept() throws Exception {
        registry.push("shop", simple("one"));
        String digest =
                root(pull(registry.reference("shop"))).layers().getFirst().digest();
        blobs = new FolderBlobs(folder.resolve("others"));
        byte[] content = Files.readAllBytes(registry.blob(digest));
        content[content.length / 2] ^= 1;
        Files.write(registry.blob(digest), content);
        refused(registry.reference("shop"), ErrorCode.IMAGE_INVALID, "another layer", digest);
        assertThat(blobs.has(digest)).isFalse();
    }

    @Test
    void layerThatIsNotThereIsNamedAndTheRestIsKept() throws Exception {
        registry.push(
                "shop",
                TestRegistry.Made.of(List.of(Map.of("/a", file("a", "a")), Map.of("/b", file("b", "b"))), "/a"));
        List<RootFileSystem.Layer> layers =
                root(pull(registry.reference("shop"))).layers();
        blobs = new FolderBlobs(folder.resolve("others"));
        Files.delete(registry.blob(layers.getLast().digest()));
        refused(registry.reference("shop"), ErrorCode.IMAGE_NOT_FOUND, "push the image to the registry again");
        assertThat(blobs.has(layers.getFirst().digest())).isTrue();
    }

    @Test
    void unknownNameAndUnknownTagAreToldSo() throws Exception {
        registry.push("shop:1", simple("one"));
        refused(registry.reference("shop:2"), ErrorCode.IMAGE_NOT_FOUND, "Check the name and the tag");
        refused(registry.reference("nothing"), ErrorCode.IMAGE_NOT_FOUND, "nothing");
    }

    @Test
    void registryThatDoesNotAnswerIsToldSo() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        refused("127.0.0.1:" + port + "/shop", ErrorCode.REGISTRY_UNREACHABLE, "does not answer");
    }

    @Test
    void privateImageIsForItsUserOnlyAndThePasswordIsNowhere() throws Exception {
        Path data = Files.createDirectory(folder.resolve("private"));
        String hash = at.favre.lib.crypto.bcrypt.BCrypt.with(at.favre.lib.crypto.bcrypt.BCrypt.Version.VERSION_2Y)
                .hashToString(5, "s3cret".toCharArray());
        Path users = Files.writeString(data.resolve("users"), "ann:" + hash + "\n");
        try (TestRegistry open = new TestRegistry(data, "")) {
            open.push("shop", simple("one")); // jib sends no password without encryption
        }
        try (TestRegistry guarded = new TestRegistry(data, users.toString())) {
            refused(guarded.reference("shop"), ErrorCode.IMAGE_UNAUTHORIZED, "to anybody", "--registry-user");
            assertThatThrownBy(() -> pull(guarded.reference("shop"), "ann", "wr0ng"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refusal -> assertThat(refusal.problem().text())
                                    .contains("the user 'ann'")
                                    .doesNotContain("wr0ng"));
            Droplet droplet = pull(guarded.reference("shop"), "ann", "s3cret");
            assertThat(Json.text(droplet) + log).doesNotContain("s3cret");
        }
    }
}
