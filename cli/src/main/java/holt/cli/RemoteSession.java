package holt.cli;

import holt.model.AccessApi;
import holt.model.Frame;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A session with an instance over a connection of its own. One thread receives; any may send. As long as it is open the
 * platform is told that we live; closing it, or ending this process, ends what runs at the other end.
 */
final class RemoteSession implements Closeable {
    private static final int SILENCE_MILLIS = 20_000;
    private static final long ALIVE_MILLIS = 2_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String address;
    private final String path;
    private final ReentrantLock sending = new ReentrantLock();
    private final Thread alive;
    /** Written by whoever closes. */
    private volatile boolean closed;

    private final AccessApi.Started started;

    /**
     * Takes a connection over that was upgraded.
     *
     * @param address of the platform, for people
     * @param path that was asked for
     */
    RemoteSession(HttpConnection.Raw raw, String address, String path) throws IOException {
        this.socket = raw.socket();
        this.in = raw.in();
        this.out = raw.out();
        this.address = address;
        this.path = path;
        socket.setSoTimeout(SILENCE_MILLIS);
        Frame first = receive();
        if (first.kind() != Frame.Kind.STARTED) {
            throw new IOException("the session began with " + first.kind());
        }
        this.started = LeanJson.read(first.content(), AccessApi.Started.class);
        this.alive = Thread.ofVirtual().name("holt-alive").start(this::stayAlive);
    }

    /** Where it leads. */
    AccessApi.Started started() {
        return started;
    }

    void send(Frame frame) throws IOException {
        sending.lock();
        try {
            out.write(frame.onWire());
            out.flush();
        } finally {
            sending.unlock();
        }
    }

    /**
     * The next frame that says something.
     *
     * @throws RefusedException where the session failed, with the reason
     */
    Frame receive() throws IOException {
        try {
            Frame frame = Frame.read(in);
            while (frame != null && frame.kind() == Frame.Kind.ALIVE) {
                frame = Frame.read(in);
            }
            if (frame == null) {
                throw new IOException("The connection to Holt was lost before the session's end.");
            }
            if (frame.kind() == Frame.Kind.FAILED) {
                throw ProblemText.read(503, address, path, "application/problem+json", frame.content());
            }
            return frame;
        } catch (SocketTimeoutException silent) {
            throw new IOException("Holt was not heard for " + SILENCE_MILLIS / 1000 + " seconds.", silent);
        }
    }

    private void stayAlive() {
        try {
            while (!closed) {
                TimeUnit.MILLISECONDS.sleep(ALIVE_MILLIS);
                send(Frame.of(Frame.Kind.ALIVE));
            }
        } catch (IOException | InterruptedException over) {
            // Whoever receives finds out why; there is nothing to be done here.
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        alive.interrupt();
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // Closing what is broken may fail; there is nothing left to lose.
        }
    }
}
