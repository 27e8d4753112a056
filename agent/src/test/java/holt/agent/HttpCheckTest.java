package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Readiness;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One request against programs that answer well, badly, slowly or not at all. */
class HttpCheckTest {
    private ServerSocket server;
    private volatile String asked = "";

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private interface Answer {
        void write(OutputStream out) throws IOException;
    }

    private Check.Result ask(Answer answer, Duration limit) {
        Thread.startVirtualThread(() -> {
            try (Socket client = server.accept()) {
                byte[] bytes = new byte[4096];
                asked = new String(bytes, 0, Math.max(0, client.getInputStream().read(bytes)), StandardCharsets.UTF_8);
                answer.write(client.getOutputStream());
                client.getInputStream().read();
            } catch (IOException gone) {
                asked += "\n" + gone;
            }
        });
        Check check = new Check(Readiness.Kind.HTTP, "/healthz?deep=1", "shop.localhost", limit);
        return HttpCheck.run(check, new Place("127.0.0.1", server.getLocalPort()));
    }

    private Check.Result answered(String text) {
        return ask(out -> out.write(text.getBytes(StandardCharsets.UTF_8)), Duration.ofSeconds(10));
    }

    @Test
    void asksForThePathInTheNameOfTheAppsRoute() {
        assertThat(answered("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
                        .passed())
                .isTrue();
        assertThat(asked).startsWith("GET /healthz?deep=1 HTTP/1.1\r\n").contains("Host: shop.localhost\r\n");
    }

    @Test
    void statusesFrom200To399AreGood() {
        for (int good : new int[] {200, 204, 302, 399}) {
            assertThat(answered("HTTP/1.1 " + good + " X\r\nContent-Length: 0\r\n\r\n"))
                    .isEqualTo(Check.Result.passed("GET /healthz?deep=1 answered " + good));
        }
        for (int bad : new int[] {101, 400, 404, 500, 503}) {
            assertThat(answered("HTTP/1.0 " + bad + "\r\nContent-Length: 0\r\n\r\n"))
                    .isEqualTo(Check.Result.failed("GET /healthz?deep=1 answered " + bad));
        }
    }

    @Test
    void whatIsNoHttpIsNotBelieved() {
        assertThat(answered("SSH-2.0-OpenSSH_9\r\n\r\n").seen())
                .isEqualTo("GET /healthz?deep=1 was not answered in HTTP");
        assertThat(answered("x".repeat(100_000)).passed()).isFalse();
    }

    @Test
    void moreThanTheBoundIsNotRead() {
        byte[] body = new byte[1 << 20];
        Check.Result result = ask(
                out -> {
                    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                    for (int part = 0; part < 64; part++) {
                        out.write(body);
                    }
                    throw new IOException("all was taken");
                },
                Duration.ofSeconds(30));
        assertThat(result.passed()).isTrue();
        assertThat(asked).doesNotContain("all was taken");
    }

    @Test
    void oneThatAcceptsAndSaysNothingHasAnsweredTooLate() {
        assertThat(ask(out -> {}, Duration.ofMillis(100)).seen())
                .isEqualTo("GET /healthz?deep=1 was not answered within 100 ms");
    }

    @Test
    void oneThatNeverEndsItsAnswerHasStillAnswered() {
        Check.Result result = ask(
                out -> out.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".getBytes(StandardCharsets.UTF_8)),
                Duration.ofMillis(200));
        assertThat(result.passed()).isTrue();
    }

    @Test
    void aClosedPortIsNamed() throws IOException {
        int port = server.getLocalPort();
        server.close();
        Check check = new Check(Readiness.Kind.HTTP, "/", "localhost", Duration.ofSeconds(1));
        assertThat(HttpCheck.run(check, new Place("127.0.0.1", port)).seen())
                .isEqualTo("GET /: connection refused at port " + port);
    }
}
