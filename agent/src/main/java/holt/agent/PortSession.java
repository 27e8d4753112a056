package holt.agent;

import holt.model.AccessApi;
import holt.model.AgentRequest;
import holt.model.ErrorCode;
import holt.model.Frame;
import holt.model.Json;
import holt.model.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** One connection to a port of an instance for somebody elsewhere; each direction ends by itself. */
final class PortSession implements AccessDesk.Session {
    private static final System.Logger LOG = System.getLogger(PortSession.class.getName());

    private final AccessDesk.SessionStream stream;
    private final Door door;
    private final int port;

    /** Makes the connection. */
    @FunctionalInterface
    interface Door {
        SocketChannel connect() throws IOException;
    }

    PortSession(AccessDesk.SessionStream stream, Door door, AgentRequest.Connect connect) {
        this.stream = stream;
        this.door = door;
        this.port = connect.port();
    }

    @Override
    public void run() {
        try (SocketChannel channel = connected()) {
            stream.whenBroken(() -> close(channel));
            stream.send(new Frame(Frame.Kind.STARTED, Json.bytes(new AccessApi.Started(0, 0))));
            Thread back = Thread.ofVirtual().name("holt-session-port").start(() -> bring(channel));
            take(channel);
            back.join();
            stream.finish(Frame.exited(0));
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "event=session-gone reason=\"{0}\"", gone.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private SocketChannel connected() throws IOException, InterruptedException {
        try {
            return door.connect();
        } catch (IOException refused) {
            Problem problem = Problem.of(ErrorCode.PORT_CLOSED, "Nobody listens on port " + port + " of the instance.")
                    .expected("a port on which one of its programs listens", refused.getMessage());
            stream.finish(new Frame(Frame.Kind.FAILED, Json.bytes(problem)));
            throw refused;
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=session-socket-not-closed", fault);
        }
    }

    /** From the caller to the port, to the caller's end. */
    private void take(SocketChannel channel) throws IOException, InterruptedException {
        while (true) {
            Frame frame = stream.receive();
            if (frame.kind() == Frame.Kind.INPUT_END) {
                channel.shutdownOutput();
                return;
            }
            if (frame.kind() == Frame.Kind.INPUT) {
                ByteBuffer content = ByteBuffer.wrap(frame.content());
                while (content.hasRemaining()) {
                    channel.write(content);
                }
            }
        }
    }

    /** From the port to the caller, to the port's end. */
    private void bring(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(Frame.MAX_CONTENT);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                stream.send(Frame.of(Frame.Kind.OUTPUT, buffer.array(), buffer.position()));
            }
            stream.send(Frame.of(Frame.Kind.OUTPUT_END));
        } catch (IOException broken) {
            stream.end("the connection to port " + port + " broke: " + broken.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void end(String reason) {
        stream.end(reason);
    }
}
