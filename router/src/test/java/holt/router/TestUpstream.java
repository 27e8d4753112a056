package holt.router;

import holt.model.Endpoint;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An instance: a server on a port of its own that does with each connection what a test wants. */
final class TestUpstream implements AutoCloseable {
    @FunctionalInterface
    interface Talk {
        void with(Connection connection) throws Exception;
    }

    @FunctionalInterface
    interface Answer {
        String to(Request request) throws Exception;
    }

    record Request(String line, Map<String, String> fields, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }

        String path() {
            return line.split(" ")[1];
        }
    }

    record Connection(Socket socket, InputStream in, OutputStream out) {
        Request request() throws IOException {
            String line = RawClient.line(in);
            Map<String, String> fields = RawClient.fields(in);
            return new Request(line, fields, RawClient.body(in, fields, false));
        }

        void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    private final ServerSocket server;
    private final Talk talk;
    private final Thread acceptor;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private TestUpstream(Talk talk) {
        this.talk = talk;
        try {
            server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        acceptor = Thread.ofVirtual().start(this::accept);
    }

    static TestUpstream talking(Talk talk) {
        return new TestUpstream(talk);
    }

    /** Answers each request of a connection with a whole response. */
    static TestUpstream answering(Answer answer) {
        TestUpstream[] self = new TestUpstream[1];
        self[0] = new TestUpstream(connection -> {
            while (true) {
                Request request = connection.request();
                self[0].requests.incrementAndGet();
                connection.send(answer.to(request));
            }
        });
        return self[0];
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            talk.with(
                    new Connection(socket, new BufferedInputStream(socket.getInputStream()), socket.getOutputStream()));
        } catch (EOFException | SocketException ended) {
            // The router closed the connection.
        } catch (Exception fault) {
            Thread.currentThread().getThreadGroup().uncaughtException(Thread.currentThread(), fault);
        } finally {
            open.remove(socket);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    int openConnections() {
        return open.size();
    }

    Endpoint endpoint(int index) {
        return new Endpoint("shop", 100 + port(), 1, index, "id-" + port(), "127.0.0.1", port());
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            // The socket listens until the thread that accepts has let go of it.
            acceptor.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        for (Socket each : open) {
            each.close();
        }
    }
}
