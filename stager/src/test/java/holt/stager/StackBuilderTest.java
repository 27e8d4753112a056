package holt.stager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.ProblemException;
import holt.model.RootFileSystem;
import holt.model.StackRequest;
import holt.store.LayerArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** With Debian's debootstrap; needs root. */
class StackBuilderTest {
    @TempDir
    Path home;

    private final List<String> log = new ArrayList<>();
    private StagingFixture packages;
    private StackBuilder builder;

    @BeforeEach
    void make() {
        packages = new StagingFixture(home);
        builder = new StackBuilder(home.resolve("stacks"), packages.blobs, log::add);
    }

    @Test
    void mirrorThatDoesNotAnswerIsToldSoAndNothingIsLeft() throws IOException {
        StackRequest request = new StackRequest("b", "bookworm", "http://127.0.0.1:1/none", List.of());
        assertThatThrownBy(() -> builder.run(request)).isInstanceOfSatisfying(ProblemException.class, refusal -> {
            assertThat(refusal.problem().code()).isEqualTo(ErrorCode.STAGING_FAILED);
            assertThat(refusal.problem().text()).contains("127.0.0.1:1/none", "--mirror");
        });
        assertThat(home.resolve("stacks")).isEmptyDirectory();
    }

    @Test
    void suiteThatNobodyKnowsIsToldSo() {
        StackRequest request = new StackRequest("b", "nosuchsuite", "http://127.0.0.1:1/none", List.of());
        assertThatThrownBy(() -> builder.run(request)).hasMessageContaining("nosuchsuite");
    }

    @Test
    void whatAKilledBuilderLeftIsRemoved() throws IOException, InterruptedException {
        Files.createDirectories(home.resolve("stacks/stack-1/root/etc"));
        StackBuilder.removeLeftovers(home.resolve("stacks"));
        assertThat(home.resolve("stacks")).isEmptyDirectory();
    }

    /** Fetches some 30 MB of packages from where this machine's own come from. */
    @Test
    @EnabledIfSystemProperty(
            named = "holt.debootstrap",
            matches = "true",
            disabledReason = "fetches packages from Debian; -Dholt.debootstrap=true does it")
    void smallestDebianIsMadeAndPacked() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        var result = builder.run(new StackRequest("b", "bookworm", null, List.of()));
        RootFileSystem root = Json.read(packages.blobs.bytes(String.valueOf(result.droplet())), RootFileSystem.class);
        RootFileSystem.Layer layer = root.layers().getFirst();
        Set<String> paths = new HashSet<>();
        long bytes = 0;
        try (InputStream packed = packages.blobs.open(layer.digest());
                LayerArchive archive = LayerArchive.open(packed, LayerArchive.MAX_BYTES)) {
            for (Optional<LayerArchive.Entry> each = archive.next(); each.isPresent(); each = archive.next()) {
                paths.add(each.get().path());
                bytes += each.get().size();
            }
        }
        System.out.println("stack: " + (System.nanoTime() - begin) / 1_000_000 + " ms, " + layer.bytes()
                + " bytes packed, " + bytes + " unpacked, " + paths.size() + " entries");
        assertThat(paths).contains("etc/debian_version", "usr/bin/bash", "bin");
        assertThat(paths).noneMatch(path -> path.startsWith("dev/") || path.startsWith("proc/"));
        assertThat(home.resolve("stacks")).isEmptyDirectory();
    }
}
