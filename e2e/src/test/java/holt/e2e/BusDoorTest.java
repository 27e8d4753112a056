package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** A NATS client at the door of the platform's own bus, and people with {@code holt bus}. */
@DisabledIfSystemProperty(
        named = "holt.bus.url",
        matches = ".+",
        disabledReason = "the bus is elsewhere, and has no door")
final class BusDoorTest {
    private static RunningHolt holt;

    @BeforeAll
    static void start() {
        holt = RunningHolt.start();
    }

    @AfterAll
    static void stop() {
        holt.close();
    }

    /** A client that speaks the protocol by hand. */
    private record Client(Socket socket, BufferedReader in) implements AutoCloseable {
        static Client connect() throws IOException {
            URI url = URI.create(Json.tree(
                            holt.run("bus", "info", "--json").succeeded().out().getBytes(StandardCharsets.UTF_8))
                    .get("url")
                    .stringValue());
            Socket socket = new Socket(url.getHost(), url.getPort());
            socket.setSoTimeout((int) RunningHolt.PATIENCE.toMillis());
            Client client = new Client(
                    socket, new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)));
            assertThat(client.in.readLine()).startsWith("INFO {").contains("\"auth_required\":true");
            return client;
        }

        void say(String lines) throws IOException {
            socket.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
        }

        void login(String token) throws IOException {
            say("CONNECT {\"verbose\":false,\"auth_token\":\"" + token + "\"}\r\nPING\r\n");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String token() throws IOException {
        return Files.readString(holt.home().resolve("secret/bus.token")).strip();
    }

    @Test
    void aClientWithTheTokenHearsWhatPeopleSayAndAnswersThem() throws IOException, InterruptedException {
        try (Client client = Client.connect()) {
            client.login(token());
            assertThat(client.in.readLine()).isEqualTo("PONG");
            client.say("SUB shop.* 1\r\nPING\r\n");
            assertThat(client.in.readLine()).isEqualTo("PONG");
            holt.run("bus", "pub", "shop.orders", "two teas").succeeded();
            assertThat(client.in.readLine()).isEqualTo("MSG shop.orders 1 8");
            assertThat(client.in.readLine()).isEqualTo("two teas");

            Thread answering = Thread.ofVirtual().start(() -> answer(client));
            assertThat(holt.run("bus", "request", "shop.price", "tea")
                            .succeeded()
                            .out())
                    .isEqualToIgnoringNewLines("3 coins");
            answering.join();
        }
    }

    private static void answer(Client client) {
        try {
            String[] request = client.in.readLine().split(" ");
            client.in.readLine();
            client.say("PUB " + request[3] + " 7\r\n3 coins\r\n");
        } catch (IOException gone) {
            throw new IllegalStateException("The request did not come", gone);
        }
    }

    @Test
    void aClientWithoutTheTokenIsNotLetIn() throws IOException {
        try (Client client = Client.connect()) {
            client.login("wrong");
            assertThat(client.in.readLine()).isEqualTo("-ERR 'Authorization Violation'");
            assertThat(client.in.readLine()).isNull();
        }
    }

    @Test
    void theTokenIsForItsOwnerOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(holt.home().resolve("secret/bus.token"))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(holt.home().resolve("log/server.0.log"))).doesNotContain(token());
    }

    @Test
    void topNamesThePlatformAndItsSubjects() {
        assertThat(holt.run("bus", "top", "--once").succeeded().out()).contains("platform");
        // What is heard between two looks is shown, and agents speak every few seconds.
        await().atMost(RunningHolt.PATIENCE)
                .until(() -> holt.run("bus", "top", "--by", "subject", "--once", "--interval", "3s")
                        .succeeded()
                        .out()
                        .contains("holt."));
    }

    @Test
    void aRequestThatNobodyAnswersSaysSo() {
        assertThat(holt.run("bus", "request", "nobody.home").failed(1).err()).contains("nobody.home");
    }
}
