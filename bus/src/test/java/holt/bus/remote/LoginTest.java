package holt.bus.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.model.ProblemException;
import io.nats.client.NKey;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, with what, and what is never told. */
final class LoginTest {
    @TempDir
    Path folder;

    @Test
    void aUserWithThePasswordOfTheFileIsLetIn() throws Exception {
        Path login = secret("# who we are\nuser = holt\npassword = open = sesame\n");
        try (NatsServerProcess server =
                        NatsServerProcess.start(folder, "authorization { user: holt, password: \"open = sesame\" }");
                RemoteBus bus = RemoteBus.connect(settings(server).withCredentials(login))) {
            assertThat(bus.isConnected()).isTrue();
        }
    }

    @Test
    void aTokenOfTheFileLetsIn() throws Exception {
        Path login = secret("token = s3cr3t-token\n");
        try (NatsServerProcess server = NatsServerProcess.start(folder, "authorization { token: \"s3cr3t-token\" }");
                RemoteBus bus = RemoteBus.connect(settings(server).withCredentials(login))) {
            assertThat(bus.isConnected()).isTrue();
        }
    }

    @Test
    void theSeedOfAnNkeyLetsIn() throws Exception {
        NKey key = NKey.createUser(new SecureRandom());
        Path login = secret("nkey = " + new String(key.getSeed()) + "\n");
        try (NatsServerProcess server = NatsServerProcess.start(
                        folder, "authorization { users: [ { nkey: " + new String(key.getPublicKey()) + " } ] }");
                RemoteBus bus = RemoteBus.connect(settings(server).withCredentials(login))) {
            assertThat(bus.isConnected()).isTrue();
        }
    }

    @Test
    void aWrongPasswordIsToldAtOnceAndNotRepeated() throws Exception {
        Path login = secret("user = holt\npassword = wrong-Zx4711qW\n");
        try (NatsServerProcess server =
                NatsServerProcess.start(folder, "authorization { user: holt, password: right }")) {
            RemoteSettings patient = settings(server).withPatience(Duration.ofHours(1));
            assertThatThrownBy(() -> RemoteBus.connect(patient.withCredentials(login)))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("does not let us in")
                    .hasMessageContaining("Authorization Violation")
                    .hasMessageContaining(login.toString())
                    .hasMessageNotContaining("Zx4711qW");
            assertThatThrownBy(() -> RemoteBus.connect(patient))
                    .hasMessageContaining("we said nothing of ourselves")
                    .hasMessageContaining("bus.credentials");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "r-----r--"})
    void aFileThatOthersCanOpenIsRefused(String permissions) throws Exception {
        Path login = secret("token = s3cr3t-token\n");
        Files.setPosixFilePermissions(login, PosixFilePermissions.fromString(permissions));
        assertThatThrownBy(
                        () -> RemoteBus.connect(RemoteSettings.of("127.0.0.1:1").withCredentials(login)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("open to others")
                .hasMessageContaining("chmod 600 " + login)
                .hasMessageNotContaining("s3cr3t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user = holt",
                "token = a\nnkey = b",
                "hidden-Zx4711qW",
                "nkey = hidden-Zx4711qW",
                "secret = Zx4711qW"
            })
    void aFileThatSaysSomethingElseIsRefusedWithoutItsContent(String content) throws Exception {
        Path login = secret(content);
        assertThatThrownBy(
                        () -> RemoteBus.connect(RemoteSettings.of("127.0.0.1:1").withCredentials(login)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("lines 'user = ...'")
                .hasMessageNotContaining("Zx4711qW");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() ->
                        RemoteBus.connect(RemoteSettings.of("127.0.0.1:1").withCredentials(folder.resolve("none"))))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(folder.resolve("none").toString());
    }

    @Test
    void addressesAreReadAsPeopleWriteThem() {
        assertThat(Servers.parse("bus1, nats://bus2:5222/ ,tls://[::1]"))
                .isEqualTo(List.of(
                        URI.create("nats://bus1:4222"),
                        URI.create("nats://bus2:5222/"),
                        URI.create("tls://[::1]:4222")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "http://bus",
                "nats://",
                "nats://bus:0",
                "nats://bus:65536",
                "nats://bus:x",
                "nats://bus/a",
                "a b"
            })
    void addressesThatCannotBeAreRefused(String urls) {
        assertThatThrownBy(() -> Servers.parse(urls))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("nats://host:port");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nats://holt:pZx4711qW@bus",
                "pZx4711qW@bus:4222",
                "tls://a,nats://holt:pZx4711qW@bus",
                "nats://x:pZx4711qW@"
            })
    void aLoginInAnAddressIsRefusedAndNotRepeated(String urls) {
        assertThatThrownBy(() -> Servers.parse(urls))
                .isInstanceOf(ProblemException.class)
                .hasMessageNotContaining("Zx4711qW");
        assertThat(Servers.masked(urls)).doesNotContain("Zx4711qW").contains("***@");
    }

    private static RemoteSettings settings(NatsServerProcess server) {
        return RemoteSettings.of(server.url());
    }

    private Path secret(String content) throws IOException {
        Path file = Files.createFile(
                folder.resolve("login"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.write(file, content.getBytes(StandardCharsets.UTF_8));
    }
}
