package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsTest {
    private static Keys keys;
    private static SSLContext trusting;

    private BusServer server;

    @BeforeAll
    static void makeKeys(@TempDir Path folder) throws Exception {
        keys = Keys.in(folder);
        trusting = keys.client();
    }

    @AfterEach
    void stop() {
        server.closeNow();
    }

    private RawClient secured(Socket plain) throws IOException {
        SSLSocket socket =
                (SSLSocket) trusting.getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true);
        socket.startHandshake();
        return new RawClient(socket);
    }

    private RawClient first() throws IOException {
        RawClient client = secured(new Socket("127.0.0.1", server.port()));
        assertThat(client.line()).startsWith("INFO ");
        client.send("CONNECT {\"verbose\":false}\r\n");
        client.flush();
        return client;
    }

    @Test
    void allThatComesInOneGoIsTaken() throws IOException {
        server = Setup.start(setup -> setup.tls = keys.server(true));
        try (RawClient client = first()) {
            for (int size = 200_000; size < 2_000_000; size += 77_777) {
                int messages = size / 1000;
                client.send("PUB nobody 980\r\n"
                        .concat("x".repeat(980))
                        .concat("\r\n")
                        .repeat(messages));
                client.flush();
            }
        }
    }

    @Test
    void aClientThatIsSlowToShakeHandsIsGreetedFirst() throws IOException {
        server = Setup.start(setup -> {
            setup.tls = keys.server(true);
            setup.tlsTimeout = Duration.ofMinutes(1);
            setup.pingInterval = Duration.ofMillis(50);
            setup.pingMax = 100;
        });
        try (Socket slow = new Socket("127.0.0.1", server.port());
                RawClient other = first()) {
            for (int i = 0; i < 4; i++) {
                assertThat(other.line()).isEqualTo("PING");
                other.send("PONG\r\n");
            }
            assertThat(secured(slow).line()).startsWith("INFO ");
        }
    }

    @Test
    void aGoodbyeIsNoFault() throws IOException {
        server = Setup.start(setup -> setup.tls = keys.server(false));
        Socket plain = new Socket("127.0.0.1", server.port());
        assertThat(new RawClient(plain).line()).contains("\"tls_required\":true");
        RawClient client = secured(plain);
        client.send("CONNECT {\"verbose\":false}\r\n");
        client.flush();
        client.close();
        await().untilAsserted(() -> assertThat(Setup.reasons(server)).containsExactly("Client Closed"));
    }

    @Test
    void whoSpeaksPlainlyWhereTlsIsRequiredIsCut() throws IOException {
        server = Setup.start(setup -> setup.tls = keys.server(false));
        try (RawClient client = RawClient.open(server.port())) {
            client.line();
            client.send("CONNECT {\"verbose\":false}\r\nPING\r\n");
            assertThat(client.rest()).doesNotContain("PONG");
        }
        await().untilAsserted(() -> assertThat(Setup.reasons(server)).containsExactly("TLS Error"));
    }

    @Test
    void halfOpenHandshakesEndAndOthersAreServedMeanwhile() throws IOException {
        server = Setup.start(setup -> {
            setup.tls = keys.server(true);
            setup.tlsTimeout = Duration.ofMillis(1500);
        });
        List<Socket> half = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Socket socket = new Socket("127.0.0.1", server.port());
            socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1});
            half.add(socket);
        }
        first().close();
        await().untilAsserted(
                        () -> assertThat(Setup.figure(server, "connections")).isZero());
        assertThat(Setup.reasons(server))
                .filteredOn("TLS Handshake Failure"::equals)
                .hasSize(500);
        for (Socket socket : half) {
            socket.close();
        }
    }

    @Test
    void whatWaitsForASlowReaderOverTlsIsWrittenBeforeTheServerCloses() throws Exception {
        server = Setup.start(setup -> setup.tls = keys.server(true));
        try (RawClient reader = first();
                RawClient publisher = first()) {
            reader.send("SUB s 1\r\n");
            reader.flush();
            byte[] payload = new byte[500_000];
            for (int i = 0; i < 20; i++) {
                publisher.publish("s", payload);
            }
            publisher.flush();
            Thread closing = Thread.startVirtualThread(server::close);
            for (int i = 0; i < 20; i++) {
                assertThat(reader.next().payload()).hasSize(payload.length);
            }
            assertThat(reader.rest()).isEmpty();
            reader.close();
            closing.join();
        }
    }
}
