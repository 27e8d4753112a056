package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {
    private ServerSocket server;
    private final List<String> heads = new CopyOnWriteArrayList<>();

    /** One accepted connection's behaviour. */
    private interface Script {
        void play(Socket socket) throws IOException;
    }

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void readsABodyByItsLengthAndKeepsTheConnection() throws IOException {
        play(socket -> {
            for (int i = 0; i < 2; i++) {
                head(socket);
                say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh" + i);
            }
        });
        try (HttpConnection connection = connection()) {
            assertThat(text(connection.send(get()))).isEqualTo("h0");
            assertThat(text(connection.send(get()))).isEqualTo("h1");
        }
    }

    @Test
    void readsChunksWithExtensionsAndTrailers() throws IOException {
        play(socket -> {
            head(socket);
            say(
                    socket,
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n");
            head(socket);
            say(socket, "HTTP/1.1 204 No Content\r\n\r\n");
        });
        try (HttpConnection connection = connection()) {
            assertThat(text(connection.send(get()))).isEqualTo("abc0123456789");
            assertThat(connection.send(get()).status()).isEqualTo(204);
        }
    }

    @Test
    void readsABodyThatEndsWithTheConnection() throws IOException {
        play(socket -> {
            head(socket);
            say(socket, "HTTP/1.0 200 OK\r\n\r\nall of it");
        });
        try (HttpConnection connection = connection()) {
            assertThat(text(connection.send(get()))).isEqualTo("all of it");
        }
    }

    @Test
    void readsOverInterimAnswers() throws IOException {
        play(socket -> {
            head(socket);
            say(socket, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        try (HttpConnection connection = connection()) {
            assertThat(connection.send(get()).status()).isEqualTo(200);
        }
    }

    @Test
    void sendsAgainWhatCanBeRepeatedWhenAKeptConnectionIsGone() throws IOException {
        Script once = socket -> {
            head(socket);
            say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
            socket.close();
        };
        play(once, once);
        try (HttpConnection connection = connection()) {
            text(connection.send(get()));
            assertThat(text(connection.send(get()))).isEqualTo("x");
        }
    }

    @Test
    void doesNotSendAgainWhatMayHaveBeenDone() throws IOException {
        play(socket -> {
            head(socket);
            say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
            head(socket);
            socket.close();
        });
        try (HttpConnection connection = connection()) {
            text(connection.send(get()));
            assertThatThrownBy(() -> connection.send(request("POST", null, 5_000)))
                    .isInstanceOf(IOException.class);
        }
        assertThat(heads).hasSize(2);
    }

    @Test
    void aRefusalInTheMiddleOfAnUploadIsTheAnswer() throws IOException {
        play(socket -> {
            head(socket);
            say(socket, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            byte[] rest = new byte[4096];
            for (int i = 0; i < 2000 && in.read(rest) >= 0; i++) {
                heads.set(0, "drained");
            }
        });
        HttpBody body = body(64 << 20);
        try (HttpConnection connection = connection()) {
            HttpResponse response = connection.send(request("PUT", body, 5_000));
            assertThat(response.status()).isEqualTo(413);
        }
    }

    @Test
    void aBodyThatCannotBeReadHereIsNotTakenForALostConnection() throws IOException {
        play(HttpConnectionTest::drain);
        HttpBody broken = new HttpBody() {
            @Override
            public long length() {
                return 10;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                throw new IOException("the disk is broken");
            }
        };
        try (HttpConnection connection = connection()) {
            assertThatThrownBy(() -> connection.send(request("PUT", broken, 5_000)))
                    .hasMessage("the disk is broken");
        }
    }

    @Test
    void silenceEndsAtTheLimit() throws IOException {
        play(HttpConnectionTest::drain);
        try (HttpConnection connection = connection()) {
            assertThatThrownBy(() -> connection.send(request("GET", null, 100)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void refusesWhatIsNotHttp() throws IOException {
        for (String answer : List.of(
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000) + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort")) {
            play(socket -> {
                head(socket);
                say(socket, answer);
                socket.close();
            });
            try (HttpConnection connection = connection()) {
                assertThatThrownBy(() -> text(connection.send(get())))
                        .as(answer.strip())
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void nobodyThereIsUnreachable() throws IOException {
        server.close();
        try (HttpConnection connection = connection()) {
            assertThatThrownBy(() -> connection.send(get()))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("connection refused");
        }
    }

    @Test
    void namesBelowLocalhostAreThisMachine() throws IOException {
        play(socket -> {
            head(socket);
            say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        URI uri = URI.create("http://api.holt.localhost:" + server.getLocalPort());
        try (HttpConnection connection = new HttpConnection(uri)) {
            assertThat(connection.send(get()).status()).isEqualTo(200);
        }
        assertThat(heads.getFirst()).contains("Host: api.holt.localhost:" + server.getLocalPort());
    }

    @Test
    void readsServerSentEvents() throws IOException {
        play(socket -> {
            head(socket);
            say(
                    socket,
                    "HTTP/1.1 200 OK\r\n\r\n: hello\n\nid: 7\nevent: log\ndata: one\ndata: two\n\ndata:ü\r\n\r\nevent: none\n\ndata: cut");
        });
        try (HttpConnection connection = connection();
                SseStream stream = new SseStream(connection.send(get()))) {
            assertThat(stream.next().isComment()).isTrue();
            assertThat(stream.next()).isEqualTo(new SseStream.Message("7", "log", "one\ntwo"));
            assertThat(stream.next()).isEqualTo(new SseStream.Message("", "message", "ü"));
            assertThat(stream.next()).isNull();
        }
    }

    private HttpConnection connection() {
        return new HttpConnection(URI.create("http://127.0.0.1:" + server.getLocalPort()));
    }

    private static HttpRequest get() {
        return request("GET", null, 5_000);
    }

    private static HttpRequest request(String method, HttpBody body, int timeoutMillis) {
        return new HttpRequest(method, "/x", Map.of(), body, timeoutMillis);
    }

    private static HttpBody body(int size) {
        return new HttpBody() {
            @Override
            public long length() {
                return size;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                byte[] part = new byte[64 << 10];
                for (int left = size; left > 0; left -= part.length) {
                    out.write(part);
                }
            }
        };
    }

    private static String text(HttpResponse response) throws IOException {
        try (response) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void play(Script... scripts) {
        ServerSocket listening = server;
        Thread.ofVirtual().start(() -> {
            for (Script script : scripts) {
                try (Socket socket = listening.accept()) {
                    script.play(socket);
                } catch (IOException ended) {
                    return;
                }
            }
        });
    }

    private void head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new IOException("gone");
            }
            head.append((char) b);
        }
        heads.add(head.toString());
    }

    private static void drain(Socket socket) throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }
}
