package holt.bus.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** A client that knows nothing of the protocol but PING and PONG, and keeps all that the server says. */
final class WireClient implements AutoCloseable {
    private static final Pattern PING = Pattern.compile("(?i)ping[ \\t]*\\r?\\n");
    private static final Pattern PONG = Pattern.compile("PONG\r\n");
    private static final long PATIENCE_SECONDS = 10;
    private static final long QUIET_MILLIS = 150;

    private final Socket socket;
    private final Thread reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final StringBuilder sentTail = new StringBuilder();
    private boolean closed;
    private long pings;
    /** Whether something was sent that the server may not have done yet. */
    private boolean ahead;

    WireClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        reader = Thread.ofVirtual().start(this::receive);
    }

    /** Sends in pieces of at most that many bytes. */
    void send(byte[] bytes, int piece) {
        ahead = true;
        count(bytes);
        try {
            for (int at = 0; at < bytes.length; at += piece) {
                socket.getOutputStream().write(bytes, at, Math.min(piece, bytes.length - at));
                if (piece < bytes.length) {
                    Thread.yield();
                }
            }
        } catch (IOException closedByServer) {
            awaitClosed();
        }
    }

    private void count(byte[] bytes) {
        if (bytes.length < 100_000) {
            sentTail.append(new String(bytes, ISO_8859_1));
            pings = PING.matcher(sentTail).results().count();
        }
    }

    boolean ahead() {
        return ahead;
    }

    /** Returns when the server has done all that was sent, or closed the connection. */
    void catchUp() {
        send("PING\r\n".getBytes(ISO_8859_1), 6);
        await(
                "an answer to PING",
                () -> closed || PONG.matcher(text()).results().count() >= pings);
        ahead = false;
    }

    void awaitClosed() {
        await("the connection to be closed", () -> closed);
        ahead = false;
    }

    /** Returns when INFO is there, or the connection is closed. */
    void awaitGreeting() {
        await("INFO", () -> closed || text().contains("\n"));
    }

    void awaitQuiet() {
        lock.lock();
        try {
            while (!closed && news.await(QUIET_MILLIS, TimeUnit.MILLISECONDS)) {
                // it speaks
            }
            ahead = false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } finally {
            lock.unlock();
        }
    }

    String text() {
        lock.lock();
        try {
            return received.toString(ISO_8859_1);
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void await(String what, BooleanSupplier condition) {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    received.writeBytes(("(no sign of " + what + ")\r\n").getBytes(ISO_8859_1));
                    return;
                }
                left = news.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } finally {
            lock.unlock();
        }
    }

    private void receive() {
        byte[] buffer = new byte[8192];
        try {
            for (int count = socket.getInputStream().read(buffer);
                    count >= 0;
                    count = socket.getInputStream().read(buffer)) {
                tell(buffer, count, false);
            }
        } catch (IOException reset) {
            // Closed with bytes of ours unread: closed all the same.
        }
        tell(buffer, 0, true);
    }

    private void tell(byte[] buffer, int count, boolean end) {
        lock.lock();
        try {
            received.write(buffer, 0, count);
            closed |= end;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        try {
            reader.join();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
