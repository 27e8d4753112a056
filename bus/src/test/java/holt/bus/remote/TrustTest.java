package holt.bus.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.model.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS: to the right server only. */
final class TrustTest {
    @TempDir
    Path folder;

    @Test
    void aServerWithACertificateOfTheAuthorityIsTalkedToInSecret() throws Exception {
        Path certificate = certificate("IP:127.0.0.1,DNS:localhost");
        try (NatsServerProcess server = secured();
                RemoteBus bus = RemoteBus.connect(
                        RemoteSettings.of("tls://localhost:" + server.port()).withAuthority(certificate))) {
            bus.subscribe("echo", message -> message.reply(message.payload()));
            assertThat(bus.request("echo", new byte[] {7}, Duration.ofMinutes(1))
                            .get())
                    .isEqualTo(new byte[] {7});
        }
    }

    @Test
    void aServerThatNobodyVouchesForIsRefused() throws Exception {
        certificate("IP:127.0.0.1,DNS:localhost");
        try (NatsServerProcess server = secured()) {
            assertThatThrownBy(() -> RemoteBus.connect(RemoteSettings.of("tls://127.0.0.1:" + server.port())
                            .withPatience(Duration.ZERO)))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("cannot be reached");
        }
    }

    @Test
    void aServerWithAnothersCertificateIsRefused() throws Exception {
        Path certificate = certificate("DNS:other.test");
        try (NatsServerProcess server = secured()) {
            assertThatThrownBy(() -> RemoteBus.connect(RemoteSettings.of("tls://127.0.0.1:" + server.port())
                            .withAuthority(certificate)
                            .withPatience(Duration.ZERO)))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("cannot be reached");
        }
    }

    @Test
    void aServerWithoutTlsIsRefusedWhereTlsIsWanted() throws Exception {
        Path certificate = certificate("IP:127.0.0.1");
        try (NatsServerProcess server = NatsServerProcess.start(folder)) {
            assertThatThrownBy(() -> RemoteBus.connect(RemoteSettings.of(server.url())
                            .withAuthority(certificate)
                            .withPatience(Duration.ZERO)))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("cannot be reached");
        }
    }

    @Test
    void aFileWithoutCertificatesIsRefused() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        for (Path file : List.of(empty, folder.resolve("none.pem"))) {
            assertThatThrownBy(() ->
                            RemoteBus.connect(RemoteSettings.of("127.0.0.1:1").withAuthority(file)))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("bus.ca");
        }
    }

    private NatsServerProcess secured() throws IOException {
        return NatsServerProcess.start(
                folder,
                "tls { cert_file: \"" + folder.resolve("cert.pem") + "\", key_file: \"" + folder.resolve("key.pem")
                        + "\" }");
    }

    /** A certificate that vouches for itself. */
    private Path certificate(String names) throws IOException, InterruptedException {
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:prime256v1",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=holt-test",
                        "-addext",
                        "subjectAltName=" + names,
                        "-keyout",
                        folder.resolve("key.pem").toString(),
                        "-out",
                        folder.resolve("cert.pem").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.out").toFile())
                .start();
        assertThat(openssl.waitFor())
                .as(Files.readString(folder.resolve("openssl.out")))
                .isZero();
        return folder.resolve("cert.pem");
    }
}
