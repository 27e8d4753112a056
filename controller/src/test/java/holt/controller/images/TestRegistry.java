package holt.controller.images;

import static org.awaitility.Awaitility.await;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Debian's registry on a free port of the loopback, its content in a folder; images come from jib. */
final class TestRegistry implements AutoCloseable {
    private final Path folder;
    private final Process process;
    final int port;

    /** @param passwords file of users; empty text for none */
    TestRegistry(Path folder, String passwords) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String users = passwords.isEmpty() ? "" : """
                auth:
                  htpasswd:
                    realm: test
                    path: %s
                """.formatted(passwords);
        Path configuration =
                Files.writeString(folder.resolve("registry.yml"), """
                version: 0.1
                log:
                  level: error
                storage:
                  filesystem:
                    rootdirectory: %s
                http:
                  addr: 127.0.0.1:%d
                %s""".formatted(folder.resolve("data"), port, users));
        process = new ProcessBuilder("docker-registry", "serve", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(30)).until(this::accepts);
    }

    private boolean accepts() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    String reference(String name) {
        return "127.0.0.1:" + port + "/" + name;
    }

    /** What an image is made of: layers of files by their place in it. */
    record Made(
            List<Map<String, Path>> layers,
            List<String> program,
            Set<Integer> ports,
            Set<Platform> platforms,
            ImageFormat format) {
        static Made of(List<Map<String, Path>> layers, String... program) {
            return new Made(
                    layers, List.of(program), Set.of(), Set.of(new Platform("amd64", "linux")), ImageFormat.OCI);
        }

        Made on(Platform... others) {
            return new Made(layers, program, ports, Set.of(others), format);
        }

        Made at(int port) {
            return new Made(layers, program, Set.of(port), platforms, format);
        }

        Made docker() {
            return new Made(layers, program, ports, platforms, ImageFormat.Docker);
        }
    }

    JibContainer push(String name, Made image) throws Exception {
        return push(RegistryImage.named(reference(name)), image);
    }

    JibContainer push(RegistryImage target, Made image) throws Exception {
        var builder = Jib.fromScratch()
                .setPlatforms(image.platforms())
                .setFormat(image.format())
                .setEntrypoint(image.program())
                .setEnvironment(Map.of("PATH", "/bin", "COLOUR", "blue"));
        for (int port : image.ports()) {
            builder.addExposedPort(Port.tcp(port));
        }
        for (Map<String, Path> files : image.layers()) {
            FileEntriesLayer.Builder layer = FileEntriesLayer.builder();
            files.forEach((place, file) -> layer.addEntry(
                    file,
                    AbsoluteUnixPath.get(place),
                    com.google.cloud.tools.jib.api.buildplan.FilePermissions.fromOctalString("755")));
            builder.addFileEntriesLayer(layer.build());
        }
        return builder.containerize(Containerizer.to(target)
                .setAllowInsecureRegistries(true)
                .setBaseImageLayersCache(folder.resolve("jib"))
                .setApplicationLayersCache(folder.resolve("jib")));
    }

    /** Where the registry has a blob. */
    Path blob(String digest) {
        return folder.resolve("data/docker/registry/v2/blobs/sha256")
                .resolve(digest.substring(0, 2))
                .resolve(digest)
                .resolve("data");
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
