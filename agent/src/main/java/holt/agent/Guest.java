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
    private static final long LOOK_MILLIS = 200;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int SIGHUP = 1;

    private final Process front;
    private final Members members;
    private final InputStream output;
    private final @Nullable InputStream errors;
    private final OutputStream input;
    private final @Nullable PseudoTerminal terminal;
    /** The program's pid, where another one leads the session; else 0. Written by the thread that begins it. */
    private volatile int main;
    /** Owned by the thread that begins and closes it. */
    private Closing closing = () -> {};

    /** Finds the processes of a guest. */
    @FunctionalInterface
    interface Members {
        Collection<Integer> of(int session) throws IOException;
    }

    /** Something that is left to do. */
    @FunctionalInterface
    interface Closing {
        void run() throws IOException;
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

    /** The first terminal that the leader of a session opens is the session's. Arguments: its file, command... */
    private static final String ON_TERMINAL = "exec < \"$1\" > \"$1\" 2>&1; shift; exec \"$@\"";

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

    /**
     * Begins it as the leader of a session of its own.
     *
     * @param uid who owns the terminal, if there is one; -1 for ourselves
     */
    static Guest start(ProcessBuilder builder, Members members, AccessApi.@Nullable Window window, int uid)
            throws IOException {
        if (window == null) {
            builder.command().addFirst("setsid");
            return onPipes(builder, members);
        }
        PseudoTerminal terminal = PseudoTerminal.open();
        try {
            Path file = terminal.otherSide();
            if (uid >= 0) {
                Folders.own(file, uid, Droplets.GROUP);
            }
            terminal.resize(window.columns(), window.rows());
            builder.command().addAll(0, List.of("setsid", "/bin/sh", "-c", ON_TERMINAL, "holt", file.toString()));
            Process front = builder.redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            return new Guest(front, members, terminal.output(), null, terminal.input(), terminal);
        } catch (IOException fault) {
            terminal.close();
            throw fault;
        }
    }

    /** Not by the JDK's pipes for output, which lose what comes after the leader's end. */
    private static Guest onPipes(ProcessBuilder builder, Members members) throws IOException {
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

    /** Waits for the pid that its leader leaves in a file when the program begins; 0 where it ended before. */
    int awaitBegin(Path file) throws IOException {
        long limit = System.nanoTime() + LIMIT_NANOS;
        while (front.isAlive() && System.nanoTime() < limit) {
            String text = Files.exists(file) ? Files.readString(file).strip() : "";
            if (!text.isEmpty()) {
                main = Integer.parseInt(text);
                return main;
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
        if (terminal == null) {
            return;
        }
        terminal.resize(columns, rows);
        int program = main;
        if (program > 0) {
            try {
                NativeTerminal.resizeInputOf(program, columns, rows); // crun passes sizes on at the start only
            } catch (Native.CallFailed noTerminal) {
                LOG.log(System.Logger.Level.DEBUG, "event=guest-not-resized reason=\"{0}\"", noTerminal.getMessage());
            }
        }
    }

    /** Waits for the end of the program, ends what it leaves behind, and gives its status. */
    int waitFor() throws InterruptedException {
        while (!front.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (main > 0 && Sessions.hasEnded(main)) {
                signal(Native.SIGKILL); // some runtimes stay as long as anybody has the streams open
            }
        }
        signal(Native.SIGKILL);
        return front.exitValue();
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

    /** What is to be done, besides, when nobody looks at it any more. */
    void whenClosed(Closing action) {
        closing = action;
    }

    @Override
    public void close() throws IOException {
        closing.run();
        output.close();
        if (errors != null) {
            errors.close();
        }
        if (terminal != null) {
            terminal.close();
        }
    }
}
