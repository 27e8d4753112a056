package holt.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection, opened when needed, kept, and opened anew when the other side has closed it. Lean because the
 * JDK's client costs a command more start-up time than everything else together. One thread at a time.
 */
final class HttpConnection implements Closeable {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int BUFFER_BYTES = 64 << 10;

    private final URI base;
    private final String host;
    private final int port;
    private @Nullable Socket socket;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable HttpBodyStream lastBody;
    private boolean keep;

    /**
     * A connection to the server of a URL.
     *
     * @param base {@code http} or {@code https}, checked
     */
    HttpConnection(URI base) {
        this.base = base;
        String named = base.getHost();
        this.host = named.startsWith("[") ? named.substring(1, named.length() - 1) : named;
        this.port = base.getPort() > 0 ? base.getPort() : isSecure() ? 443 : 80;
    }

    /** Sends a request and gives the answer as soon as its head is there. */
    HttpResponse send(HttpRequest request) throws IOException {
        boolean reused = isReusable();
        try {
            return exchange(request);
        } catch (HttpHead.Silence | java.net.SocketException stale) {
            close();
            if (!reused || !request.isRepeatable()) {
                throw stale;
            }
            return exchange(request);
        } catch (IOException broken) {
            close();
            throw broken;
        }
    }

    /** What is left of HTTP after an answer 101. */
    record Raw(Socket socket, InputStream in, OutputStream out) {}

    /** Gives the connection away, after an answer 101. */
    Raw takeOver() {
        Raw raw = new Raw(
                java.util.Objects.requireNonNull(socket),
                java.util.Objects.requireNonNull(in),
                java.util.Objects.requireNonNull(out));
        socket = null;
        close();
        return raw;
    }

    @Override
    public void close() {
        Socket old = socket;
        socket = null;
        in = null;
        out = null;
        lastBody = null;
        keep = false;
        if (old != null) {
            try {
                old.close();
            } catch (IOException alreadyGone) {
                // Closing what is broken may fail; there is nothing left to lose.
            }
        }
    }

    private HttpResponse exchange(HttpRequest request) throws IOException {
        Socket open = connected();
        InputStream input = java.util.Objects.requireNonNull(in);
        open.setSoTimeout(request.timeoutMillis());
        IOException unsent = write(request, java.util.Objects.requireNonNull(out));
        HttpHead head = head(input, unsent);
        HttpBodyStream body = HttpBodyStream.of(head, input, this::close);
        lastBody = body;
        keep = head.keepsConnection() && unsent == null;
        return new HttpResponse(head.status(), head.headers(), body);
    }

    /** A server that refuses a body may answer and close while the body is still on its way: its answer counts. */
    private static HttpHead head(InputStream input, @Nullable IOException unsent) throws IOException {
        try {
            return HttpHead.read(input);
        } catch (SocketTimeoutException late) {
            throw late;
        } catch (IOException noAnswer) {
            throw unsent != null ? unsent : noAnswer;
        }
    }

    private @Nullable IOException write(HttpRequest request, OutputStream output) throws IOException {
        StringBuilder head = new StringBuilder(256);
        head.append(request.method()).append(' ').append(base.getRawPath()).append(request.target());
        head.append(" HTTP/1.1\r\nHost: ").append(base.getRawAuthority()).append("\r\n");
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        HttpBody body = request.body();
        if (body != null && body.length() >= 0) {
            head.append("Content-Length: ").append(body.length()).append("\r\n");
        } else if (body != null) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (!request.method().equals("GET")) {
            head.append("Content-Length: 0\r\n");
        }
        byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        WatchedOutput watched = new WatchedOutput(output);
        try {
            watched.write(bytes);
            if (body != null) {
                writeBody(body, watched);
            }
            watched.flush();
            return null;
        } catch (IOException fault) {
            if (watched.failure == null) {
                throw fault;
            }
            return fault;
        }
    }

    private static void writeBody(HttpBody body, OutputStream output) throws IOException {
        if (body.length() >= 0) {
            body.writeTo(output);
            return;
        }
        ChunkedOutput chunks = new ChunkedOutput(output);
        body.writeTo(chunks);
        chunks.finish();
    }

    private boolean isReusable() {
        return socket != null && keep && (lastBody == null || lastBody.isFinished());
    }

    private Socket connected() throws IOException {
        Socket open = socket;
        if (open != null && isReusable()) {
            return open;
        }
        close();
        open = connect();
        socket = open;
        in = new BufferedInputStream(open.getInputStream(), BUFFER_BYTES);
        out = new BufferedOutputStream(open.getOutputStream(), BUFFER_BYTES);
        return open;
    }

    private Socket connect() throws IOException {
        Socket plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            plain.connect(new InetSocketAddress(address(), port), CONNECT_TIMEOUT_MILLIS);
            return isSecure() ? secured(plain) : plain;
        } catch (IOException failed) {
            plain.close();
            throw new UnreachableException(base, failed);
        }
    }

    private Socket secured(Socket plain) throws IOException {
        plain.setSoTimeout(CONNECT_TIMEOUT_MILLIS);
        SSLSocket secure =
                (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, port, true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    /** Names below {@code localhost} are this machine (RFC 6761), whatever the resolver says. */
    private InetAddress address() throws IOException {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.endsWith(".localhost")
                ? InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1})
                : InetAddress.getByName(host);
    }

    private boolean isSecure() {
        return "https".equalsIgnoreCase(base.getScheme());
    }
}
