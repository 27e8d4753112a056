package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Exit;
import holt.model.Json;
import holt.model.Limits;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Readiness;
import holt.model.RootFileSystem;
import holt.model.StackReference;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers that see another system than this host's; needs root and a static busybox. */
class StackTest {
    private static final List<String> APPLETS = List.of(
            "sh", "cat", "ls", "echo", "id", "httpd", "touch", "mkdir", "rm", "sleep", "env", "pwd", "dd", "stat");

    private static Platform platform;
    private static byte[] busybox;

    @BeforeAll
    static void startPlatform() throws IOException {
        platform = new Platform();
        busybox = Files.readAllBytes(StaticShell.PLACE.orElseThrow());
    }

    @AfterAll
    static void stopPlatform() throws IOException {
        platform.close();
        KernelLeftovers.assertNone(platform);
        assertThat(KernelLeftovers.openNamespaces()).isEmpty();
    }

    private static Tars busyboxTree() {
        Tars tree = new Tars().folder("bin", 0755).folder("etc", 0755).file("bin/busybox", 0755, busybox);
        APPLETS.forEach(each -> tree.hardLink("bin/" + each, "bin/busybox"));
        return tree.file("etc/os-release", "NAME=toy\n").file("etc/passwd", "toy:x:1:1::/:/bin/sh\n");
    }

    private static String stack(RootFileSystem.@Nullable Image image, byte[]... layers) {
        List<RootFileSystem.Layer> list = new ArrayList<>();
        for (byte[] layer : layers) {
            list.add(new RootFileSystem.Layer(platform.blobs.putBytes(layer), layer.length));
        }
        RootFileSystem root = new RootFileSystem("toy", list, image);
        return new StackReference("toy", platform.blobs.putBytes(Json.bytes(root))).toString();
    }

    private static RootFileSystem.Image image(List<String> program, String folder, int port) {
        return new RootFileSystem.Image(Map.of("PATH", "/bin", "COLOUR", "blue"), program, folder, "root", port);
    }

    private static ProcessSpec on(String stack, ProcessSpec spec) {
        return new ProcessSpec(
                spec.pid(),
                spec.ppid(),
                spec.incarnation(),
                spec.instanceId(),
                spec.app(),
                spec.index(),
                spec.version(),
                spec.droplet(),
                spec.command(),
                spec.environment(),
                spec.limits(),
                spec.readiness(),
                spec.routes(),
                spec.group(),
                spec.arguments(),
                spec.lifecycle(),
                stack);
    }

    private static ProcessReport result(String stack, String command) {
        return platform.reported(platform.start(on(stack, platform.spec(command))), ProcessState.EXITED);
    }

    @Test
    void appOnAStackSeesItsSystemAndItsOwnFiles() throws IOException {
        ProcessReport ended = result(
                stack(null, busyboxTree().gzip()),
                "cat /etc/os-release; cat readme; ls /usr 2>&1; cat /etc/passwd; pwd; touch mine && echo wrote");
        assertThat(ended.exit().lastLog())
                .contains("NAME=toy", "hello from the droplet", "toy:x:1:1::/:/bin/sh", "/app", "wrote")
                .anyMatch(line -> line.contains("/usr: No such file"));
        assertThat(ended.exit().code()).isZero();
    }

    @Test
    void rootOfAStackCannotBeWritten() throws IOException {
        ProcessReport ended = result(stack(null, busyboxTree().zstd()), "touch /bin/x 2>&1 || echo refused");
        assertThat(ended.exit().lastLog()).contains("refused").anyMatch(line -> line.contains("Read-only"));
    }

    @Test
    void runtimeThatTheStackLacksIsNamedInTheLog() throws IOException {
        ProcessReport ended = result(stack(null, busyboxTree().bytes()), "python3 app.py");
        assertThat(ended.exit().code()).isEqualTo(127);
        assertThat(ended.exit().lastLog()).anyMatch(line -> line.contains("python3") && line.contains("not found"));
    }

    @Test
    void imageRunsItsProgramInItsFolderWithItsVariables() throws IOException {
        String stack = stack(
                image(List.of("sh", "-c", "pwd; echo $COLOUR; echo $HOME; cat note"), "/work", 0),
                busyboxTree()
                        .folder("work", 0755)
                        .file("work/note", "from the image\n")
                        .gzip());
        ProcessSpec spec = Platform.withDroplet(
                platform.spec("sh -c 'pwd; echo $COLOUR; echo $HOME; cat note'"),
                platform.droplet(Map.of("readme", "x"), Map.of("COLOUR", "blue")));
        ProcessReport ended = platform.reported(platform.start(on(stack, spec)), ProcessState.EXITED);
        assertThat(ended.exit().lastLog()).containsExactly("/work", "blue", "/work", "from the image");
    }

    @Test
    void imageIsWrittenToAnywhereAndNothingOfItStays() throws IOException {
        String stack = stack(
                image(List.of("sh"), "/", 0),
                busyboxTree().folder("var", 0755).folder("var/lib", 0700).gzip());
        String command = "ls /var/lib; touch /var/lib/data /bin/new && rm /etc/os-release && echo done";
        assertThat(result(stack, command).exit().lastLog()).containsExactly("done");
        assertThat(result(stack, command).exit().lastLog()).containsExactly("done");
    }

    @Test
    void staticProgramWithoutAnythingElseRunsAndItsExitIsSeen(@TempDir Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("p.c"), """
                #include <stdio.h>
                #include <stdlib.h>
                int main(void) { printf("alone, port %s\\n", getenv("PORT")); return 7; }
                """);
        Path program = folder.resolve("p");
        Tool.check(List.of("gcc", "-static", "-o", program.toString(), source.toString()), "");
        String stack = stack(
                image(List.of("/p"), "/", 9000),
                new Tars().file("p", 0755, Files.readAllBytes(program)).bytes());
        ProcessReport ended = result(stack, "/p");
        assertThat(ended.exit().lastLog()).containsExactly("alone, port 9000");
        assertThat(ended.exit().code()).isEqualTo(7);
    }

    @Test
    void imageListensWhereItSays() throws IOException {
        String stack = stack(
                image(List.of("httpd", "-f", "-p", "9123", "-h", "/www"), "/", 9123),
                busyboxTree().folder("www", 0755).file("www/page", "a page\n").gzip());
        ProcessSpec spec = on(stack, platform.spec("httpd -f -p 9123 -h /www", new Readiness(Readiness.Kind.PORT, 20)));
        ProcessReport running = platform.run(spec);
        assertThat(running.port()).isEqualTo(9123);
        try (InputStream page =
                URI.create("http://" + running.address() + ":9123/page").toURL().openStream()) {
            assertThat(new String(page.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("a page\n");
        }
        platform.stop(spec, java.time.Duration.ofSeconds(5));
        platform.reported(spec, ProcessState.EXITED);
    }

    @Test
    void upperLayersHideWhatTheyTakeAway() throws IOException {
        String stack = stack(
                image(List.of("sh"), "/", 0),
                busyboxTree()
                        .folder("d", 0755)
                        .file("d/a", "1")
                        .file("d/b", "2")
                        .folder("o", 0755)
                        .file("o/x", "3")
                        .gzip(),
                new Tars()
                        .file("d/.wh.a", "")
                        .file("d/c", "4")
                        .folder("o", 0755)
                        .file("o/.wh..wh..opq", "")
                        .file("o/y", "5")
                        .gzip());
        assertThat(result(stack, "ls /d; echo -; ls /o").exit().lastLog()).containsExactly("b", "c", "-", "y");
    }

    @Test
    void instancesAndImagesShareTheLayersOnTheDisk() throws IOException {
        byte[] base = busyboxTree().file("shared", "shared by both").gzip();
        String one = stack(
                image(List.of("sh"), "/", 0), base, new Tars().file("one", "1").gzip());
        String two = stack(
                image(List.of("sh"), "/", 0), base, new Tars().file("two", "2").gzip());
        int before = layers();
        ProcessSpec first = on(one, platform.spec("sleep 1000"));
        ProcessSpec second = on(one, platform.spec("sleep 1000"));
        ProcessSpec third = on(two, platform.spec("sleep 1000"));
        List.of(first, second, third).forEach(platform::run);
        assertThat(layers() - before).isEqualTo(3);
        assertThat(inode(first)).isEqualTo(inode(second)).isEqualTo(inode(third));
        for (ProcessSpec each : List.of(first, second, third)) {
            platform.stop(each, java.time.Duration.ofSeconds(1));
            platform.reported(each, ProcessState.EXITED);
        }
    }

    private static int layers() throws IOException {
        return Folders.list(platform.home.resolve("agent/layers")).size();
    }

    /** An overlay shows the inode of the file below it. */
    private static Object inode(ProcessSpec spec) throws IOException {
        String pid = platform.folder(spec).text("init.pid").strip();
        return Files.getAttribute(Path.of("/proc", pid, "root/shared"), "unix:ino");
    }

    @Test
    void diskLimitHoldsForAllThatAnImageWrites() throws IOException {
        String stack = stack(
                image(List.of("sh"), "/", 0), busyboxTree().folder("data", 0755).gzip());
        ProcessSpec spec = on(
                stack,
                Platform.with(
                        platform.spec("dd if=/dev/zero of=/data/big bs=1M count=64 2>&1; echo ended $?"),
                        new Limits(128L << 20, 0, 100, 16L << 20)));
        spec = on(stack, spec);
        ProcessReport ended = platform.reported(platform.start(spec), ProcessState.EXITED);
        assertThat(ended.exit().lastLog()).contains("ended 1");
    }

    @Test
    void hostileLayerFailsTheStartWithItsReasonAndLeavesNothing() throws IOException {
        int before = layers();
        String stack = stack(
                image(List.of("sh"), "/", 0),
                new Tars().link("etc", "/etc").file("etc/holt-was-here", "x").gzip());
        ProcessReport ended = result(stack, "sh");
        assertThat(ended.exit().reason()).isNotEqualTo(Exit.Reason.STOPPED);
        assertThat(ended.exit().toString()).contains("goes through a link");
        assertThat(Path.of("/etc/holt-was-here")).doesNotExist();
        assertThat(layers()).isEqualTo(before);
    }

    @Test
    void nothingStaysMountedOnTheHost() throws IOException {
        ProcessSpec spec = on(stack(null, busyboxTree().gzip()), platform.spec("sleep 1000"));
        platform.run(spec);
        await().untilAsserted(() -> assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .doesNotContain(platform.folder(spec).path().toString() + "/root"));
        platform.stop(spec, java.time.Duration.ofSeconds(1));
        platform.reported(spec, ProcessState.EXITED);
    }
}
