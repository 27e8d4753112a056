import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A wire with TLS, which trusts anybody: the certificate was made for this run. */
final class BusTlsWire extends BusWire {
    private static final SSLContext CONTEXT = context();
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine = CONTEXT.createSSLEngine();
    /** Sealed bytes that came and are not opened yet; ready to be filled. */
    private final ByteBuffer sealedIn = ByteBuffer.allocateDirect(256 << 10);
    /** Sealed bytes the server has not taken yet; ready to be read. */
    private final ByteBuffer sealedOut = ByteBuffer.allocateDirect(128 << 10).flip();

    BusTlsWire(SocketChannel channel) throws IOException {
        super(channel);
        engine.setUseClientMode(true);
        engine.beginHandshake();
        shakeHands();
    }

    @Override
    int read(ByteBuffer into) throws IOException {
        int before = into.position();
        while (true) {
            sealedIn.flip();
            SSLEngineResult result = engine.unwrap(sealedIn, into);
            sealedIn.compact();
            runTasks();
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                return into.position() - before;
            }
            if (result.getStatus() == Status.CLOSED) {
                return -1;
            }
            if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                if (into.position() > before) {
                    return into.position() - before;
                }
                int count = channel.read(sealedIn);
                if (count <= 0) {
                    return count;
                }
            }
        }
    }

    @Override
    void write(ByteBuffer from) throws IOException {
        if (!flushed()) {
            return;
        }
        sealedOut.clear();
        while (from.hasRemaining() && engine.wrap(from, sealedOut).getStatus() == Status.OK) {
            // as many records as there is room for
        }
        sealedOut.flip();
        channel.write(sealedOut);
    }

    @Override
    boolean flushed() throws IOException {
        if (sealedOut.hasRemaining()) {
            channel.write(sealedOut);
        }
        return !sealedOut.hasRemaining();
    }

    private void shakeHands() throws IOException {
        ByteBuffer none = ByteBuffer.allocate(64 << 10);
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED) {
            if (status == HandshakeStatus.NEED_WRAP) {
                sealedOut.clear();
                engine.wrap(NOTHING, sealedOut);
                sealedOut.flip();
                while (!flushed()) {
                    Thread.onSpinWait();
                }
            } else {
                openRecord(none);
            }
            runTasks();
            status = engine.getHandshakeStatus();
        }
    }

    private void openRecord(ByteBuffer none) throws IOException {
        sealedIn.flip();
        SSLEngineResult result = engine.unwrap(sealedIn, none);
        sealedIn.compact();
        if (result.getStatus() == Status.BUFFER_UNDERFLOW && channel.read(sealedIn) < 0) {
            throw new EOFException("The server closed the connection in the handshake");
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            return context;
        } catch (GeneralSecurityException fault) {
            throw new IllegalStateException(fault);
        }
    }

    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
