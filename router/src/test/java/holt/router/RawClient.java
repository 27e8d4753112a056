package holt.router;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client's socket: sends bytes exactly as a test wants them, and reads responses by the letter. */
final class RawClient implements AutoCloseable {
    record Response(String statusLine, Map<String, String> fields, byte[] body) {
        int status() {
            return Integer.parseInt(statusLine.split(" ")[1]);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String field(String name) {
            return fields.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        boolean has(String name) {
            return fields.containsKey(name.toLowerCase(Locale.ROOT));
        }
    }

    final Socket socket = new Socket();
    final InputStream in;
    final OutputStream out;

    RawClient(int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    Response get(String host, String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read();
    }

    Response read() throws IOException {
        return read(false);
    }

    /** @param toHead whether it answers HEAD, so that no body follows */
    Response read(boolean toHead) throws IOException {
        String statusLine = line(in);
        Map<String, String> fields = fields(in);
        int status = Integer.parseInt(statusLine.split(" ")[1]);
        boolean empty = toHead || status < 200 || status == 204 || status == 304;
        return new Response(statusLine, fields, empty ? new byte[0] : body(in, fields, true));
    }

    /** The rest until the other side closes. */
    byte[] rest() throws IOException {
        return in.readAllBytes();
    }

    boolean isClosedByPeer() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new java.io.EOFException("closed after '" + line + "'");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    static Map<String, String> fields(InputStream in) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            fields.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (one, other) -> one + ", " + other);
        }
        return fields;
    }

    static byte[] body(InputStream in, Map<String, String> fields, boolean untilClose) throws IOException {
        if ("chunked".equals(fields.get("transfer-encoding"))) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = size(in); size > 0; size = size(in)) {
                body.write(exactly(in, size));
                line(in);
            }
            fields.putAll(fields(in));
            return body.toByteArray();
        }
        String length = fields.get("content-length");
        return length != null ? exactly(in, Integer.parseInt(length)) : untilClose ? in.readAllBytes() : new byte[0];
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in).split(";")[0].strip(), 16);
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new java.io.EOFException("closed after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
