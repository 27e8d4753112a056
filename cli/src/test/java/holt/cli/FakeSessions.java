package holt.cli;

import holt.model.AccessApi;
import holt.model.Frame;
import holt.model.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A platform that upgrades every connection and then does as it is told. */
final class FakeSessions implements AutoCloseable {
    private final ServerSocket server;
    private final Other other;
    /** What was asked: request line, headers and body of each. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** The other end of a session, after its first frame. */
    interface Other {
        void talk(InputStream in, OutputStream out) throws IOException;
    }

    FakeSessions(Other other) throws IOException {
        this.other = other;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::serve);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    private void serve() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.startVirtualThread(() -> serve(socket));
            }
        } catch (IOException closed) {
            requests.add("closed");
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            StringBuilder request = new StringBuilder();
            int length = 0;
            for (String line = HttpHead.line(in, true); !line.isEmpty(); line = HttpHead.line(in, false)) {
                request.append(line).append('\n');
                if (line.startsWith("Content-Length: ")) {
                    length = Integer.parseInt(line.substring(16));
                }
            }
            request.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
            requests.add(request.toString());
            OutputStream out = socket.getOutputStream();
            out.write(("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: " + AccessApi.PROTOCOL
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(new Frame(Frame.Kind.STARTED, Json.bytes(new AccessApi.Started(17, 0))).onWire());
            other.talk(in, out);
        } catch (IOException gone) {
            requests.add("broken: " + gone.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
