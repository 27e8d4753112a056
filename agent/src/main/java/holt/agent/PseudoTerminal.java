package holt.agent;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A terminal on which a program inside an instance runs, seen from where it is shown. What is read and written on it may
 * wait, on platform threads; closing ends the waiting within a moment.
 */
final class PseudoTerminal implements AutoCloseable {
    private static final int PAUSE_MILLIS = 200;

    private final int master;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock: how many calls use the descriptor now. */
    private int users;
    /** Guarded by the lock. */
    private boolean closed;

    PseudoTerminal(int master) throws IOException {
        this.master = master;
        NativeTerminal.neverWait(master);
    }

    /** A terminal of this host. */
    static PseudoTerminal open() throws IOException {
        return new PseudoTerminal(NativeTerminal.newTerminal());
    }

    /** The file by which a program of this host gets the terminal. */
    Path otherSide() throws IOException {
        Path file = NativeTerminal.otherSide(master);
        if (!Files.exists(file)) {
            throw new IOException("the terminal " + file + " is not there");
        }
        return file;
    }

    void resize(int columns, int rows) throws IOException {
        if (enter()) {
            try {
                NativeTerminal.resize(master, columns, rows);
            } finally {
                leave();
            }
        }
    }

    /** What is shown. */
    InputStream output() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                byte[] bytes = new byte[length];
                int count = readSome(bytes);
                System.arraycopy(bytes, 0, buffer, offset, Math.max(0, count));
                return count;
            }
        };
    }

    /** A terminal whose programs have all gone answers with an error, which is its end. */
    private int readSome(byte[] bytes) throws IOException {
        while (enter()) {
            try {
                if (NativeTerminal.poll(master, NativeTerminal.POLLIN, PAUSE_MILLIS)) {
                    int count = NativeTerminal.read(master, bytes);
                    return count == 0 ? -1 : count;
                }
            } catch (Native.CallFailed failure) {
                if (failure.errorNumber() == NativeTerminal.EIO) {
                    return -1;
                }
                if (failure.errorNumber() != NativeTerminal.EAGAIN) {
                    throw failure;
                }
            } finally {
                leave();
            }
        }
        return -1;
    }

    /** What is typed. */
    OutputStream input() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                int written = 0;
                while (written < length) {
                    written += writeSome(buffer, offset + written, length - written);
                }
            }
        };
    }

    private int writeSome(byte[] buffer, int offset, int length) throws IOException {
        if (!enter()) {
            throw new EOFException("the terminal is closed");
        }
        try {
            boolean ready = NativeTerminal.poll(master, NativeTerminal.POLLOUT, PAUSE_MILLIS);
            return ready ? NativeTerminal.write(master, buffer, offset, length) : 0;
        } catch (Native.CallFailed failure) {
            if (failure.errorNumber() == NativeTerminal.EAGAIN) {
                return 0;
            }
            throw failure;
        } finally {
            leave();
        }
    }

    /** Takes part in the use of the descriptor, which keeps it from being closed and its number from being another's. */
    private boolean enter() {
        lock.lock();
        try {
            if (!closed) {
                users++;
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void leave() throws IOException {
        lock.lock();
        try {
            users--;
            if (closed && users == 0) {
                Native.close(master);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                if (users == 0) {
                    Native.close(master);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
