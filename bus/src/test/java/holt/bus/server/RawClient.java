package holt.bus.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that says exactly what a test tells it to. Reading gives up after a while, so that no test hangs. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** A message as it came: the words of its line, and its payload. */
    record Delivery(String subject, String sid, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
    }

    /** Connects and reads nothing. */
    static RawClient open(int port) throws IOException {
        return new RawClient(new Socket("127.0.0.1", port));
    }

    /** Connects with little room for what it does not read. */
    static RawClient narrow(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return greeted(new RawClient(socket));
    }

    /** Connects, and is served. */
    static RawClient to(int port) throws IOException {
        return greeted(open(port));
    }

    private static RawClient greeted(RawClient client) throws IOException {
        client.line();
        client.send("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true}\r\n");
        client.flush();
        return client;
    }

    void send(String text) throws IOException {
        send(Setup.bytes(text));
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    void publish(String subject, byte[] payload) throws IOException {
        byte[] line = Setup.bytes("PUB " + subject + " " + payload.length + "\r\n");
        byte[] whole = new byte[line.length + payload.length + 2];
        System.arraycopy(line, 0, whole, 0, line.length);
        System.arraycopy(payload, 0, whole, line.length, payload.length);
        whole[whole.length - 2] = '\r';
        whole[whole.length - 1] = '\n';
        send(whole);
    }

    /** Returns when the server has taken all that was sent; nothing else may be on its way. */
    void flush() throws IOException {
        send("PING\r\n");
        String line = line();
        while (line.equals("PING")) {
            send("PONG\r\n");
            line = line();
        }
        if (!line.equals("PONG")) {
            throw new IOException("Expected PONG, found: " + line);
        }
    }

    /** The next line without its end. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int each = in.read(); each != '\n'; each = in.read()) {
            if (each < 0) {
                throw new EOFException("Expected a line, found the end after: " + line);
            }
            line.write(each);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** The next message; PINGs before it are answered. */
    Delivery next() throws IOException {
        String line = line();
        while (line.equals("PING")) {
            send("PONG\r\n");
            line = line();
        }
        String[] words = line.split(" ");
        if (!words[0].equals("MSG")) {
            throw new IOException("Expected a message, found: " + line);
        }
        byte[] payload = in.readNBytes(Integer.parseInt(words[words.length - 1]));
        in.skipNBytes(2);
        return new Delivery(words[1], words[2], payload);
    }

    /** All that comes until the server has ended the connection. */
    String rest() throws IOException {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.net.SocketException reset) {
            return "";
        }
    }

    /** Ends without a goodbye: what is on its way is lost. */
    void kill() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
