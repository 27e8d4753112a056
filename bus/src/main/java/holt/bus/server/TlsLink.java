package holt.bus.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * Bytes through TLS. Buffers are held only while something is in them. The heavy parts of a handshake are done by others,
 * who call back when they are through. Owned by the loop's thread.
 */
final class TlsLink implements Link {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int RECORDS_AT_ONCE = 8;

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final Executor helpers;
    private final Runnable goOn;
    /** Records that have come and are not opened yet; filled from 0 to position. */
    private ByteBuffer incoming = NOTHING;
    /** Records that wait to be written, from position to limit. */
    private ByteBuffer outgoing = NOTHING;

    private boolean waitsForHelper;
    private boolean shaken;
    private boolean ended;

    /**
     * @param helpers do the heavy parts
     * @param goOn called by a helper that is through: {@link #read} has to be called again
     */
    TlsLink(SocketChannel channel, SSLEngine engine, Executor helpers, Runnable goOn) throws SSLException {
        this.channel = channel;
        this.engine = engine;
        this.helpers = helpers;
        this.goOn = goOn;
        engine.beginHandshake();
    }

    /** The version agreed on, as monitoring shows it. */
    String protocol() {
        return engine.getSession().getProtocol().replace("TLSv", "");
    }

    /** Whether the handshake is done. */
    boolean isShaken() {
        return shaken;
    }

    /** Whether reading has to wait for a helper. */
    boolean isWaiting() {
        return waitsForHelper;
    }

    /** A helper is through. */
    void helped() {
        waitsForHelper = false;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int before = into.position();
        boolean end = false;
        while (!waitsForHelper && !ended && into.remaining() >= roomForAll()) {
            if (incoming == NOTHING) {
                incoming = ByteBuffer.allocate(engine.getSession().getPacketBufferSize() * 2);
            }
            int count = channel.read(incoming);
            end = count < 0;
            boolean opened = open(into);
            if (count <= 0 && !opened) {
                break;
            }
        }
        if (incoming.position() == 0) {
            incoming = NOTHING;
        }
        int read = into.position() - before;
        return read == 0 && end ? -1 : read;
    }

    /** Whatever is in the buffer of records has to fit: nobody would call again for what is left there. */
    private int roomForAll() {
        return engine.getSession().getPacketBufferSize() * 2
                + engine.getSession().getApplicationBufferSize();
    }

    /** Whether the client has said goodbye. */
    boolean isEnded() {
        return ended;
    }

    /** Opens the records that are there; tells whether it came any further. */
    private boolean open(ByteBuffer into) throws IOException {
        boolean further = false;
        incoming.flip();
        try {
            while (!waitsForHelper) {
                SSLEngineResult.HandshakeStatus status = engine.getHandshakeStatus();
                if (status == SSLEngineResult.HandshakeStatus.NEED_TASK) {
                    help();
                    return true;
                }
                if (status == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
                    shake();
                    further = true;
                    continue;
                }
                SSLEngineResult result = engine.unwrap(incoming, into);
                note(result);
                if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                    ended = true;
                    return further;
                }
                if (result.getStatus() != SSLEngineResult.Status.OK) {
                    return further;
                }
                further = true;
            }
            return further;
        } finally {
            incoming.compact();
        }
    }

    private void help() {
        Runnable task = engine.getDelegatedTask();
        if (task == null) {
            return;
        }
        waitsForHelper = true;
        helpers.execute(() -> {
            for (Runnable next = task; next != null; next = engine.getDelegatedTask()) {
                next.run();
            }
            goOn.run();
        });
    }

    private void note(SSLEngineResult result) {
        if (result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.FINISHED) {
            shaken = true;
        }
    }

    /** The handshake's own words. */
    private void shake() throws IOException {
        note(wrap(NOTHING.duplicate()));
        drain();
    }

    private SSLEngineResult wrap(ByteBuffer plain) throws SSLException {
        int room = engine.getSession().getPacketBufferSize();
        if (outgoing == NOTHING) {
            outgoing = ByteBuffer.allocate(room * RECORDS_AT_ONCE);
            outgoing.flip();
        }
        outgoing.compact();
        try {
            if (outgoing.remaining() < room) {
                throw new SSLException("the client does not take what its handshake needs");
            }
            return engine.wrap(plain, outgoing);
        } finally {
            outgoing.flip();
        }
    }

    /** Writes records; tells how many bytes. */
    private int drain() throws IOException {
        int written = outgoing.hasRemaining() ? channel.write(outgoing) : 0;
        if (!outgoing.hasRemaining()) {
            outgoing = NOTHING;
        }
        return written;
    }

    @Override
    public long write(OutBuffer out) throws IOException {
        long written = drain();
        if (!shaken) {
            return written;
        }
        while (!out.isEmpty() && outgoing == NOTHING) {
            seal(out);
            written += drain();
        }
        return written;
    }

    /** Fills records with what waits, as many as are written at once. */
    private void seal(OutBuffer out) throws IOException {
        int room = engine.getSession().getPacketBufferSize();
        byte[] first = out.first();
        while (first != null && (outgoing == NOTHING || outgoing.capacity() - outgoing.limit() >= room)) {
            ByteBuffer plain = ByteBuffer.wrap(first, out.firstFrom(), out.firstTo() - out.firstFrom());
            SSLEngineResult result = wrap(plain);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new IOException("TLS is closed");
            }
            out.consume(result.bytesConsumed());
            first = out.first();
        }
    }

    @Override
    public boolean hasUnwritten() {
        return outgoing.hasRemaining();
    }

    @Override
    public void finish() throws IOException {
        engine.closeOutbound();
        wrap(NOTHING.duplicate());
        drain();
        channel.shutdownOutput();
    }
}
