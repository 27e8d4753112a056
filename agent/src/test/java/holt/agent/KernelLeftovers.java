package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Looks for what a platform that was taken down may have left in the kernel. */
final class KernelLeftovers {
    private KernelLeftovers() {}

    static void assertNone(Platform platform) throws IOException {
        String id = idOf(platform.home);
        await().atMost(Platform.PATIENCE).untilAsserted(() -> {
            assertThat(Tool.check(List.of("ip", "link"), "")).doesNotContain(id);
            assertThat(Tool.check(List.of("nft", "list", "tables"), "")).doesNotContain(id);
            assertThat(Cgroups.ofHost(id).instances()).isEmpty();
            assertThat(Tool.check(List.of("find", "/sys/fs/cgroup", "-maxdepth", "2", "-name", "holt-" + id), ""))
                    .isEmpty();
            assertThat(loopDevices()).noneMatch(each -> each.contains(platform.home.toString()));
            assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(platform.home.toString());
            assertThat(Tool.check(List.of("ps", "axww", "-o", "args"), "")).doesNotContain(platform.home.toString());
        });
        assertThat(platform.home).doesNotExist();
    }

    /** What lies behind the loop devices of this machine. */
    static List<String> loopDevices() throws IOException {
        List<String> files = new java.util.ArrayList<>();
        for (Path each : Folders.list(Path.of("/sys/block"))) {
            files.add(Counters.text(each.resolve("loop/backing_file")).strip());
        }
        return files;
    }

    /** Network namespaces this program holds open. */
    static List<String> openNamespaces() throws IOException {
        return Folders.list(Path.of("/proc/self/fd")).stream()
                .map(each -> each.toFile())
                .filter(java.io.File::exists)
                .map(each -> {
                    try {
                        return Files.readSymbolicLink(each.toPath()).toString();
                    } catch (IOException closed) {
                        return "";
                    }
                })
                .filter(target -> target.startsWith("net:["))
                .toList();
    }

    private static String idOf(Path home) {
        return holt.model.Digest.of(home.resolve("agent").toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .substring(0, 8);
    }
}
