package holt.cli;

import holt.model.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** One connection of this machine and the session that carries it on; each direction ends by itself. */
final class ForwardedConnection {
    private final Socket socket;
    private final RemoteSession session;

    ForwardedConnection(Socket socket, RemoteSession session) {
        this.socket = socket;
        this.session = session;
    }

    /** Carries it to its end. Where it breaks on one side, it is reset on the other. */
    void run() throws IOException {
        Thread there = Thread.ofVirtual().name("holt-forward").start(this::send);
        boolean whole = false;
        try {
            bring();
            whole = true;
        } finally {
            if (!whole) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
            session.close();
            try {
                there.join();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void bring() throws IOException {
        OutputStream out = socket.getOutputStream();
        while (true) {
            Frame frame = session.receive();
            switch (frame.kind()) {
                case OUTPUT -> out.write(frame.content());
                case OUTPUT_END -> socket.shutdownOutput();
                case EXITED -> {
                    return;
                }
                case STARTED, INPUT, INPUT_END, ERROR_OUTPUT, RESIZE, FAILED, ALIVE -> {}
            }
        }
    }

    private void send() {
        byte[] buffer = new byte[Frame.MAX_CONTENT];
        try {
            InputStream in = socket.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                session.send(Frame.of(Frame.Kind.INPUT, buffer, count));
            }
            session.send(Frame.of(Frame.Kind.INPUT_END));
        } catch (IOException broken) {
            session.close(); // whoever brings what comes back finds it closed, and resets this side
        }
    }
}
