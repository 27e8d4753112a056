package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.nats.client.NKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NATS's own client for node. Fetched once into the build's folder, by npm. */
final class NodeClientTest {
    private static final String PACKAGE = "nats@2.29.3";
    private static final Path FOLDER = Path.of("target", "node-client").toAbsolutePath();

    private record Ended(int code, String said) {}

    private static Ended run(Path folder, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }

    private static boolean isThere(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static void fetch() throws IOException, InterruptedException {
        if (Files.exists(FOLDER.resolve("node_modules/nats/package.json"))) {
            return;
        }
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve("package.json"), "{\"private\": true}");
        Ended npm = run(FOLDER, List.of("npm", "install", "--no-audit", "--no-fund", "--no-save", PACKAGE));
        assertThat(npm.code()).as("npm fetches %s: %s", PACKAGE, npm.said()).isZero();
    }

    @Test
    void publishesSubscribesAsksDrainsAndComesInByEachDoor(@TempDir Path folder) throws Exception {
        assumeThat(isThere("node") && isThere("npm"))
                .as("node and npm are installed (./verify does it)")
                .isTrue();
        fetch();
        Path script = FOLDER.resolve("check.js");
        Files.write(
                script,
                NodeClientTest.class.getResourceAsStream("/foreign/check.js").readAllBytes());
        NKey key = NKey.createUser(null);
        String signer = new String(key.getPublicKey());
        Keys keys = Keys.in(folder);
        BusUser.Permissions limited =
                new BusUser.Permissions(BusUser.Subjects.ALL, new BusUser.Subjects(List.of(), List.of("hidden")), null);
        try (BusServer open = Setup.start(setup -> {});
                BusServer users = Setup.start(setup -> setup.users = List.of(new BusUser("ann", "secret", limited)));
                BusServer signed = Setup.start(
                        setup -> setup.users = List.of(new BusUser(signer, null, BusUser.Permissions.ALL)));
                BusServer secure = Setup.start(setup -> setup.tls = keys.server(false))) {
            Ended node = run(
                    FOLDER,
                    List.of(
                            "node",
                            script.toString(),
                            "" + open.port(),
                            "" + users.port(),
                            "" + signed.port(),
                            new String(key.getSeed()),
                            "" + secure.port(),
                            keys.certificate().toString()));
            assertThat(node.code()).as(node.said()).isZero();
            assertThat(node.said()).isEqualTo("ok pubsub\nok queues\nok requests\nok drain\nok doors\n");
        }
    }
}
