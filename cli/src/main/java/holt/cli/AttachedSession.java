package holt.cli;

import holt.model.AccessApi;
import holt.model.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A session with this process's own streams, and terminal if it has one, at its near end. One thread. */
final class AttachedSession {
    /** Ended because nobody reads what it writes: 128 and the number of SIGPIPE. */
    private static final int NO_READER = 141;

    private static final long LOOK_MILLIS = 250;
    private static final String TYPE = "[A-Za-z0-9][A-Za-z0-9._+-]{0,63}";
    private static final int USUAL_ROWS = 24;

    private final CliContext context;
    private final RemoteSession session;

    AttachedSession(CliContext context, RemoteSession session) {
        this.context = context;
        this.session = session;
    }

    /** The terminal of a context as it is now. */
    static AccessApi.Window window(CliContext context) {
        int columns = WindowSize.columns();
        int rows = WindowSize.rows();
        String type = context.environment().getOrDefault("TERM", "");
        return new AccessApi.Window(
                columns > 0 ? columns : Terminal.USUAL_COLUMNS,
                rows > 0 ? rows : USUAL_ROWS,
                type.matches(TYPE) ? type : null);
    }

    /**
     * Carries both directions to the end.
     *
     * @param input whether our input goes there
     * @param window the terminal that was told, which then is all the session's own; null for none
     * @return the exit status
     */
    int run(boolean input, AccessApi.@Nullable Window window) throws IOException {
        try (RawTerminal raw = window == null ? RawTerminal.none() : RawTerminal.enterFully()) {
            if (window != null) {
                Thread.ofVirtual().name("holt-resize").start(() -> watchSize(window));
            }
            if (input) {
                Thread.ofPlatform().daemon().name("holt-input").start(this::sendInput);
            }
            return show();
        }
    }

    private int show() throws IOException {
        while (true) {
            Frame frame = session.receive();
            switch (frame.kind()) {
                case OUTPUT -> {
                    if (!isShown(frame, context.out())) {
                        return NO_READER;
                    }
                }
                case ERROR_OUTPUT -> isShown(frame, context.err());
                case EXITED -> {
                    return frame.status();
                }
                case STARTED, INPUT, INPUT_END, OUTPUT_END, RESIZE, FAILED, ALIVE -> {}
            }
        }
    }

    private static boolean isShown(Frame frame, PrintStream where) {
        where.write(frame.content(), 0, frame.content().length);
        return !where.checkError();
    }

    private void sendInput() {
        byte[] buffer = new byte[Frame.MAX_CONTENT];
        try {
            InputStream in = context.in();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                session.send(Frame.of(Frame.Kind.INPUT, buffer, count));
            }
            session.send(Frame.of(Frame.Kind.INPUT_END));
        } catch (IOException over) {
            // The session has ended, and who receives knows why.
            session.close();
        }
    }

    /** By looking now and then: Java tells of no change of a terminal's size. */
    private void watchSize(AccessApi.Window first) {
        AccessApi.Window known = first;
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                AccessApi.Window now = window(context);
                if (!now.equals(known)) {
                    session.send(Frame.resize(now.columns(), now.rows()));
                    known = now;
                }
            }
        } catch (IOException | InterruptedException over) {
            // The session has ended, and who receives knows why.
            Thread.currentThread().interrupt();
        }
    }
}
