package holt.agent;

import holt.model.AccessApi;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A program that was begun inside an instance beside the instance's own. What it began, and what leads it on this host, is
 * in one session, or carries its mark. Its streams are for one thread each.
 */
final class Guest implements AutoCloseable {
    /** Name of the variable by which all that a guest begins is known. */
    static final String MARK = "HOLT_SESSION";

    /** Says what is wrong as a shell does, and with its status: 126 or 127. The first argument is the folder. */
    static final String LAUNCH = "cd -- \"$1\" || exit 126; shift; exec \"$@\"";

    private static final System.Logger LOG = System.getLogger(Guest.class.getName());
    private static final long GRACE_MILLIS = 2_000;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_MILLIS = 20;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int SIGHUP = 1;

    private final Process front;
    private final Members members;
    private final InputStream output;
    private final @Nullable InputStream errors;
    private final OutputStream input;
    private final @Nullable PseudoTerminal terminal;

    /** Finds the processes of a guest. */
    @FunctionalInterface
    interface Members {
        Collection<Integer> of(int session) throws IOException;
    }

    /** What is to be run. */
    record Wish(
            Backend.Start start,
            List<String> command,
            Map<String, String> environment,
            String directory,
            AccessApi.@Nullable Window window,
            String mark) {

        /** The variable by which all that the program begins is known. */
        String markVariable() {
            return MARK + "=" + mark;
        }
    }

    private Guest(
            Process front,
            Members members,
            InputStream output,
            @Nullable InputStream errors,
            OutputStream input,
            @Nullable PseudoTerminal terminal) {
        this.front = front;
        this.members = members;
        this.output = output;
        this.errors = errors;
        this.input = input;
        this.terminal = terminal;
    }

    /** Begins it with two streams of output. Not by the JDK's pipes, which lose what comes after the front's end. */
    static Guest start(ProcessBuilder builder, Members members) throws IOException {
        NativeTerminal.Pipe out = NativeTerminal.pipe();
        NativeTerminal.Pipe err = NativeTerminal.pipe();
        InputStream output = reader(out);
        InputStream errors = reader(err);
        try {
            Process front = builder.redirectOutput(writer(out))
                    .redirectError(writer(err))
                    .start();
            return new Guest(front, members, output, errors, front.getOutputStream(), null);
        } catch (IOException fault) {
            output.close();
            errors.close();
            throw fault;
        } finally {
            Native.close(out.writer());
            Native.close(err.writer());
        }
    }

    private static InputStream reader(NativeTerminal.Pipe pipe) throws IOException {
        InputStream reader = new FileInputStream("/proc/self/fd/" + pipe.reader());
        Native.close(pipe.reader());
        return reader;
    }

    private static Redirect writer(NativeTerminal.Pipe pipe) {
        return Redirect.to(new File("/proc/self/fd/" + pipe.writer()));
    }

    /** One that was begun on a terminal. */
    static Guest onTerminal(Process front, Members members, PseudoTerminal terminal) {
        return new Guest(front, members, terminal.output(), null, terminal.input(), terminal);
    }

    /** The pid its leader leaves in a file when the program begins; 0 where it ended before, or takes too long. */
    int awaitBegin(Path file) throws IOException {
        long limit = System.nanoTime() + LIMIT_NANOS;
        while (front.isAlive() && System.nanoTime() < limit) {
            String text = Files.exists(file) ? Files.readString(file).strip() : "";
            if (!text.isEmpty()) {
                return Integer.parseInt(text);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return 0;
    }

    InputStream output() {
        return output;
    }

    /** Null on a terminal, where both are one. */
    @Nullable
    InputStream errors() {
        return errors;
    }

    OutputStream input() {
        return input;
    }

    /** Nothing more to read. On a terminal that is a key. */
    void endInput() throws IOException {
        if (terminal == null) {
            input.close();
        }
    }

    void resize(int columns, int rows) throws IOException {
        if (terminal != null) {
            terminal.resize(columns, rows);
        }
    }

    /** Waits for the end of the program, ends what it leaves behind, and gives its status. */
    int waitFor() throws InterruptedException {
        int status = front.waitFor();
        signal(Native.SIGKILL);
        return status;
    }

    /** Ends it and all it began: politely, then not. Returns when nothing of it is left. */
    void end() throws InterruptedException {
        signal(Native.SIGTERM);
        signal(SIGHUP);
        if (!front.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
            signal(Native.SIGKILL);
            front.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
        long limit = System.nanoTime() + LIMIT_NANOS;
        while (signal(Native.SIGKILL) > 0 && System.nanoTime() < limit) {
            front.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        front.destroyForcibly();
    }

    /** How many it was sent to. */
    private int signal(int signal) {
        try {
            Collection<Integer> all = members.of((int) front.pid());
            for (int pid : all) {
                Sessions.signal(pid, signal);
            }
            return all.size();
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=guest-not-signalled signal=" + signal, fault);
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        output.close();
        if (errors != null) {
            errors.close();
        }
        if (terminal != null) {
            terminal.close();
        }
    }
}
