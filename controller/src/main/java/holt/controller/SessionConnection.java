package holt.controller;

import holt.bus.stream.BusStream;
import holt.bus.stream.StreamBroken;
import holt.model.ErrorCode;
import holt.model.Frame;
import holt.model.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.FutureCallback;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the API after its upgrade: carries frames between a caller and a stream on the bus, each direction on a
 * virtual thread that waits when the other side is slow. A third thread tells the caller that we live and finds out whether
 * he does. When either side ends, so does the other.
 */
final class SessionConnection extends AbstractConnection implements Connection.UpgradeTo {
    private static final System.Logger LOG = System.getLogger(SessionConnection.class.getName());
    private static final long ALIVE_MILLIS = 2_000;
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    /** For a caller to read the last frame and to close. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final BusStream stream;
    private final Frame started;
    private final Runnable ended;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Incoming incoming = new Incoming();
    /** When the last frame was written; 0 before. Written by the thread that writes to the caller. */
    private volatile long saidAll;
    /** Whether the upgrade has happened. Written by Jetty's thread. */
    private volatile boolean open;

    /**
     * A connection to be.
     *
     * @param started what the caller is told first
     * @param ended is run once, when it has ended
     */
    SessionConnection(EndPoint endPoint, Executor executor, BusStream stream, Frame started, Runnable ended) {
        super(endPoint, executor);
        this.stream = stream;
        this.started = started;
        this.ended = ended;
    }

    @Override
    public void onUpgradeTo(ByteBuffer rest) {
        incoming.begin(rest);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        open = true;
        getEndPoint().setIdleTimeout(0);
        Thread.ofVirtual().name("session-to-caller").start(this::toCaller);
        Thread.ofVirtual().name("session-from-caller").start(this::fromCaller);
        Thread.ofVirtual().name("session-alive").start(this::stayAlive);
    }

    boolean isOpen() {
        return open;
    }

    @Override
    public void onFillable() {
        // Who reads asks the end point itself.
    }

    private void toCaller() {
        try {
            write(started);
            while (true) {
                Frame frame = Frame.read(stream.receive());
                write(outwards(frame));
                if (frame.kind() == Frame.Kind.EXITED || frame.kind() == Frame.Kind.FAILED) {
                    break;
                }
            }
        } catch (IOException | IllegalArgumentException broken) {
            tellWhy(String.valueOf(broken.getMessage()));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            getEndPoint().shutdownOutput();
            saidAll = System.nanoTime() | 1;
        }
    }

    /** An agent's problem in the form in which callers are told of problems. */
    private static Frame outwards(Frame frame) {
        return frame.kind() == Frame.Kind.FAILED ? failed(AccessSessions.problem(frame)) : frame;
    }

    private static Frame failed(Problem problem) {
        return new Frame(Frame.Kind.FAILED, Problems.bytes(problem));
    }

    private void tellWhy(String reason) {
        try {
            write(failed(Problem.of(ErrorCode.UNAVAILABLE, "The session was cut off: " + reason + ".")));
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "event=session-caller-gone reason=\"{0}\"", gone.getMessage());
        }
    }

    private void fromCaller() {
        String reason = "the caller is gone";
        try {
            for (Frame frame = Frame.read(incoming); frame != null; frame = Frame.read(incoming)) {
                switch (frame.kind()) {
                    case INPUT, INPUT_END, RESIZE -> pass(frame);
                    case ALIVE -> {}
                    case STARTED, OUTPUT, OUTPUT_END, ERROR_OUTPUT, EXITED, FAILED ->
                        throw new IOException("A caller may not send " + frame.kind());
                }
            }
        } catch (IOException broken) {
            reason += ": " + broken.getMessage();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            end(reason);
        }
    }

    /** What comes after the end is dropped: the caller must be left to read what was said to him before. */
    private void pass(Frame frame) throws InterruptedException {
        try {
            stream.send(frame.bytes());
        } catch (StreamBroken ended) {
            LOG.log(System.Logger.Level.DEBUG, "event=session-input-dropped reason=\"{0}\"", ended.getMessage());
        }
    }

    private boolean isOverdue() {
        long since = saidAll;
        return since != 0 && System.nanoTime() - since > LINGER_NANOS;
    }

    private void stayAlive() {
        try {
            while (!closed.get()) {
                TimeUnit.MILLISECONDS.sleep(ALIVE_MILLIS);
                if (incoming.silence() > SILENCE_NANOS) {
                    end("the caller was not heard for " + TimeUnit.NANOSECONDS.toSeconds(SILENCE_NANOS) + " s");
                } else if (isOverdue()) {
                    end("the session has ended");
                } else if (saidAll == 0 && writing.tryLock()) {
                    writeAlive();
                }
            }
        } catch (IOException gone) {
            end("the caller is gone: " + gone.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAlive() throws IOException {
        try {
            if (!closed.get() && saidAll == 0) {
                write(Frame.of(Frame.Kind.ALIVE));
            }
        } finally {
            writing.unlock();
        }
    }

    private void write(Frame frame) throws IOException {
        writing.lock();
        try {
            FutureCallback written = new FutureCallback();
            getEndPoint().write(written, ByteBuffer.wrap(frame.onWire()));
            written.block();
        } finally {
            writing.unlock();
        }
    }

    /** Ends both sides, once. */
    void end(String reason) {
        if (closed.compareAndSet(false, true)) {
            stream.end(reason);
            getEndPoint().close();
            ended.run();
        }
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        end("the connection was closed");
    }

    /** What the caller sends, as it comes. For one thread. */
    private final class Incoming extends InputStream {
        private ByteBuffer buffer = ByteBuffer.allocate(0);
        /** When it began to wait; 0 while it does not. Written by the reading thread. */
        private volatile long waitingSince;

        /** @param rest what came together with the request */
        void begin(ByteBuffer rest) {
            ByteBuffer copy = ByteBuffer.allocate(rest.remaining());
            copy.put(rest).flip();
            buffer = copy;
        }

        long silence() {
            long since = waitingSince;
            return since == 0 ? 0 : System.nanoTime() - since;
        }

        @Override
        public int read() throws IOException {
            return isFilled() ? buffer.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0; // asked by the JDK's readNBytes, and must not wait
            }
            if (!isFilled()) {
                return -1;
            }
            int count = Math.min(length, buffer.remaining());
            buffer.get(bytes, offset, count);
            return count;
        }

        private boolean isFilled() throws IOException {
            if (buffer.hasRemaining()) {
                return true;
            }
            if (buffer.capacity() < Frame.MAX_CONTENT) {
                buffer = ByteBuffer.allocate(Frame.MAX_CONTENT);
            }
            waitingSince = System.nanoTime() | 1;
            try {
                return fill() > 0;
            } finally {
                waitingSince = 0;
            }
        }

        /** Jetty fills buffers that are ready to be read and leaves them so. */
        private int fill() throws IOException {
            while (true) {
                buffer.clear().limit(0);
                int count = getEndPoint().fill(buffer);
                if (count != 0) {
                    return count;
                }
                if (closed.get()) {
                    throw new EOFException("the session is closed");
                }
                FutureCallback filled = new FutureCallback();
                getEndPoint().fillInterested(filled);
                filled.block();
            }
        }
    }
}
